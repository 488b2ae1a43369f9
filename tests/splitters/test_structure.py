from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.splitters.structure import outline, plug

WORDS = st.sampled_from(
    ["port", "ships", "항만", "점검하였다.", "Done.", "2023", "U.S.", "a" * 30, "다" * 45, "#", "-", "|", "“x”"]
)
LINE = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
HEADING = st.builds(lambda level, line: "#" * level + " " + line, st.integers(1, 6), LINE)
MARKDOWN = st.lists(st.one_of(LINE, HEADING, st.just("")), max_size=20).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\n \n"]).map(lambda gap: gap.join(lines))
)


@settings(max_examples=300)
@given(MARKDOWN, st.integers(40, 300), st.integers(0, 40))
def test_spans_are_exact_in_order_small_enough_and_lose_nothing(text: str, maximum: int, minimum: int) -> None:
    position = 0
    for span in plug(maximum, minimum).split(text):
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        assert span.end - span.start <= maximum
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        position = span.end
    assert not text[position:].strip()


@given(st.text(max_size=400), st.integers(20, 100))
def test_any_text_can_be_split(text: str, maximum: int) -> None:
    position = 0
    for span in plug(maximum, 0).split(text):
        assert not text[position : span.start].strip()
        assert span.end - span.start <= maximum
        position = span.end
    assert not text[position:].strip()


def test_a_chunk_knows_the_headings_above_it() -> None:
    text = "# Ports\n\n" + "word " * 30 + "\n\n## Pilots\n\n" + "word " * 30 + "\n\n# Ships\n\nThe end."
    spans = plug(200, 50).split(text)
    assert [span.headings for span in spans] == [("Ports",), ("Ports", "Pilots"), ("Ships",)]


def test_a_heading_does_not_leave_its_text() -> None:
    text = "First paragraph here.\n\n# Ports\n\nSecond paragraph here."
    assert [text[span.start : span.end] for span in plug(60, 10).split(text)] == [
        "First paragraph here.",
        "# Ports\n\nSecond paragraph here.",
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = "The first sentence is here. The second one is here. The third one."
    assert [text[span.start : span.end] for span in plug(40, 10).split(text)] == [
        "The first sentence is here.",
        "The second one is here. The third one.",
    ]


def test_the_outline() -> None:
    assert outline(["A", "B", "C"], "## D") == ["A", "D"]
    assert outline([], "### E") == ["", "", "E"]
