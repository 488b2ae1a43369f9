"""Markdown as blocks: what is a heading, a list, a table, code, and where each stands."""

from hypothesis import given, settings

from raftune.splitting.blocks import Outline
from tests.markdown_texts import MARKDOWN


def blocks(text: str) -> list[tuple[str, str]]:
    outline = Outline(text)
    return [(block.kind, text[block.start : block.end]) for piece in outline.pieces for block in piece.blocks]


def headings(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in Outline(text).pieces if piece.level]


@settings(deadline=None)
@given(MARKDOWN)
def test_blocks_are_in_order_and_lose_nothing(text: str) -> None:
    position = 0
    for piece in Outline(text).pieces:
        assert not text[position : piece.start].strip()
        inner = piece.start
        for block in piece.blocks:
            assert not text[inner : block.start].strip()
            assert inner <= block.start < block.end <= piece.end
            assert all(block.start - 4 <= start < block.end for start in block.starts)
            inner = block.end
        assert piece.level or not text[inner : piece.end].strip()
        position = piece.end
    assert not text[position:].strip()


def test_each_kind_is_found() -> None:
    text = "Words.\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\n# no heading\n```\nMore words."
    assert blocks(text) == [
        ("text", "Words."),
        ("list", "- one\n- two"),
        ("table", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("code", "```sh\n# no heading\n```"),
        ("text", "More words."),
    ]
    assert headings(text) == []


def test_headings_stand_above_what_follows_them() -> None:
    text = "Before.\n# A\n## B\ntext\n### C\n# D\nend"
    outline = Outline(text)
    assert headings(text) == ["# A", "## B", "### C", "# D"]
    assert outline.headings(0) == ()
    assert outline.headings(text.index("text")) == ("A", "B")
    assert outline.headings(text.index("### C")) == ("A", "B", "C")
    assert outline.headings(text.index("end")) == ("D",)


def test_a_skipped_level_is_left_out_of_the_path() -> None:
    assert Outline("### Deep\ntext").headings(10) == ("Deep",)


def test_a_fence_that_is_never_closed_is_text() -> None:
    assert headings("```\n# A\ntext\n~~~\n# B") == ["# A", "# B"]
    assert headings("```\n# A\n~~~\n```\n# B") == ["# B"]


def test_korean_and_numbered_lists_and_loose_ones() -> None:
    assert [kind for kind, _ in blocks("가. 항만\n나. 부두")] == ["list"]
    assert [kind for kind, _ in blocks("1. one\n   more\n2. two")] == ["list"]
    assert [kind for kind, _ in blocks("- only one item")] == ["text"]
    loose = Outline("- one\n\n- two\n\nafter").pieces[0].blocks
    assert [(block.kind, block.loose) for block in loose] == [("list", True), ("text", False)]


def test_a_tables_header_is_known_in_its_rows_only() -> None:
    text = "a | b\n--- | ---\n1 | 2\n3 | 4\n\nafter"
    outline = Outline(text)
    assert outline.header(text.index("1 |")) == outline.header(text.index("3 |")) == (0, 15)
    assert text[0:15] == "a | b\n--- | ---"
    assert outline.header(0) is None
    assert outline.header(text.index("after")) is None


def test_a_long_run_of_fences_or_blank_lines_is_read_in_time() -> None:
    assert len(Outline("```x\n" * 20_000).pieces) == 1
    assert len(Outline("a\n" + "\n" * 200_000 + "b").pieces) == 2
