from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.joining import indented, join_blocks, raised, tidy


def test_items_follow_each_other_and_other_blocks_stand_apart() -> None:
    assert join_blocks(["# a", "b", "- c", "  1. d", "e"]) == "# a\n\nb\n\n- c\n  1. d\n\ne"
    assert join_blocks([]) == ""


def test_what_follows_in_an_item_is_indented() -> None:
    assert indented(["a\nb", "- c", "d"], 2) == "a\n  b\n  - c\n\n  d"


@given(st.text())
def test_tidy_text_stays_tidy_and_keeps_its_words(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert "\n\n" not in tidy(text)


def test_soft_hyphens_and_double_spaces_go() -> None:
    assert tidy(" reg\u00adulation \u00a0 of \n\n ports ") == "regulation of\nports"


def test_raised_figures() -> None:
    assert [raised(text) for text in ("2", "-1", "th", "")] == ["²", "⁻¹", "th", ""]
