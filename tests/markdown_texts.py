"""Random Markdown for tests of splitters: headings, lists, tables, code, Korean and English, odd white space."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from raftune.contracts import Span

WORD = st.one_of(
    st.sampled_from(
        ["port", "ships", "Done.", "2023", "U.S.", "1.", "No.", "5", "-", "|", "x|y", "#", "```", "_", "&"]
    ),
    st.sampled_from(["항만", "점검하였다.", "합니다.", "가.", "왜?", "“x”", "…", "\u00a0", "\u3000", "🙂"]),
    st.sampled_from(["a" * 30, "다" * 45]),
)
LINE = st.lists(WORD, min_size=1, max_size=14).map(" ".join)
HEADING = st.builds(lambda level, line: "#" * level + " " + line, st.integers(1, 6), LINE)
MARK = st.sampled_from(["- ", "* ", "• ", "1. ", "12) ", "(3) ", "가. ", "  - "])
LIST = st.builds(
    lambda marks, lines, gap: gap.join(mark + line for mark, line in zip(marks, lines, strict=False)),
    st.lists(MARK, min_size=1, max_size=8),
    st.lists(LINE, min_size=8, max_size=8),
    st.sampled_from(["\n", "\n\n"]),
)
CELL = st.text(alphabet="ab 가나1.", max_size=12).map(lambda text: f" {text} ")
ROW = st.lists(CELL, min_size=2, max_size=3).map(lambda cells: f"|{'|'.join(cells)}|")
TABLE = st.builds(
    lambda header, rows, ruled: "\n".join([header, *(["|---|:-:|"] if ruled else []), *rows]),
    ROW,
    st.lists(ROW, max_size=20),
    st.booleans(),
)
CODE = st.builds(
    lambda lines, closed: "\n".join(["```python", *lines, *(["```"] if closed else [])]),
    st.lists(st.one_of(LINE, st.just("# no heading"), st.just("")), max_size=8),
    st.booleans(),
)
PARAGRAPH = st.lists(LINE, min_size=1, max_size=5).map("\n".join)
GAP = st.sampled_from(["\n", "\n\n", "\n \n", "\n\n\n", "\n\t\n\n", "\r\n\r\n"])
MARKDOWN = st.lists(
    st.tuples(st.one_of(PARAGRAPH, HEADING, LIST, TABLE, CODE, st.just("")), GAP).map("".join), max_size=14
).map("".join)


def check(text: str, spans: Sequence[Span], maximum: int, measure: Callable[[str], Sequence[int]]) -> None:
    """Raises AssertionError unless the spans are in order, within the maximum, exact, and lose nothing."""
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        piece = text[span.start : span.end]
        assert piece.strip() == piece
        if span.header is not None:
            header = text[slice(*span.header)]
            title, ruler = header.split("\n", 1)
            assert "|" in title
            assert not ruler.strip("|-: \t")
            assert span.header[1] <= span.start
            assert "\n\n" not in text[span.header[1] : span.start]
            piece = f"{header}\n{piece}"
        assert len(measure(piece)) <= maximum or span.end - span.start == 1
        position = span.end
    assert not text[position:].strip()
