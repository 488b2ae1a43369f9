from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from raftune.reading.markup.blocks import Blocks
from raftune.reading.markup.page import parsed

TAGS = st.sampled_from(
    [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "h2",
        "pre",
        "blockquote",
        "span",
        "a",
        "b",
        "sup",
        "br",
        "code",
        "dl",
        "dt",
        "dd",
        "section",
    ]
)


def markdown(source: str) -> list[str]:
    root = parsed(f"<html><body>{source}</body></html>", "a.html")
    return Blocks(root, keep_hidden=False).inside(root.find("body"))


def test_paragraphs_and_headings() -> None:
    assert markdown("lead <b>bold</b><h2>On <i>ports</i></h2><p>a<br>b&nbsp;c<div>d <a href=x>link</a>.</div>") == [
        "lead bold",
        "## On ports",
        "a\nb c",
        "d link.",
    ]


def test_nested_lists() -> None:
    assert markdown("<ol start=3><li>하나<ul><li>a<li>b</ul><li><p>둘<p>셋</ol>") == [
        "3. 하나\n   - a\n   - b\n4. 둘\n\n   셋"
    ]


def test_code_keeps_its_lines() -> None:
    assert markdown('<pre><code class="language-python">if a:\n    b = "```"</code></pre>') == [
        '````python\nif a:\n    b = "```"\n````'
    ]
    assert markdown("<p>run <code>ls</code> now") == ["run `ls` now"]


def test_tables_repeat_what_spans() -> None:
    source = (
        "<table><caption>요금</caption><tr><th rowspan=2>구간<th colspan=2>요금<tr><td>성인<td>소아"
        "<tfoot><tr><td>계<td>1<td>2</tfoot></table>"
    )
    assert markdown(source) == [
        "요금",
        "| 구간 | 요금 | 요금 |\n| --- | --- | --- |\n| 구간 | 성인 | 소아 |\n| 계 | 1 | 2 |",
    ]


def test_tables_for_the_layout_are_taken_apart() -> None:
    assert markdown("<table><tr><td><h2>a</h2>b<td><table><tr><td>1<td>2<tr><td>3<td>4</table></table>") == [
        "## a",
        "b",
        "| 1 | 2 |\n| --- | --- |\n| 3 | 4 |",
    ]


def test_quotations_and_terms() -> None:
    assert markdown("<blockquote><p>a<p>b</blockquote><dl><dt>선박<dd>배</dl>") == ["> a\n>\n> b", "선박", "- 배"]


def test_raised_signs() -> None:
    assert markdown("<p>10<sup>6</sup> m<sup><a href='#n'>1</a></sup> x<a href='#m'><sup>2</sup></a>") == ["10⁶ m x"]


def test_hidden_text_is_counted() -> None:
    root = html.fromstring("<html><body>a<p style='display:none'>secret</p><a aria-hidden=true>¶</a></body></html>")
    blocks = Blocks(root, keep_hidden=False)
    assert blocks.inside(root.find("body")) == ["a"]
    assert blocks.hidden == 6
    assert Blocks(root, keep_hidden=True).inside(root.find("body")) == ["a", "secret", "¶"]


def test_a_thousand_boxes_in_each_other() -> None:
    assert "deep" in " ".join(markdown("<div>" * 1000 + "deep"))
    assert "deep" in " ".join(markdown("<b>" * 1000 + "deep"))


@given(st.lists(st.tuples(TAGS, st.text(alphabet="ab가 ", max_size=4), st.booleans()), max_size=25))
def test_no_word_is_lost_nor_said_twice(parts: list[tuple[str, str, bool]]) -> None:
    words = [f"word{number}x" for number in range(len(parts))]
    source = "".join(
        f"<{tag}>{text} {word}{f'</{tag}>' if closed else ''}"
        for (tag, text, closed), word in zip(parts, words, strict=True)
    )
    text = "\n".join(markdown(source))
    assert [word for word in words if text.count(word) != 1] == []
