"""Passages along the Markdown: exact, small enough, headings with what follows, tables with their header."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.contracts import Span, SplitOptions
from raftune.models.tokens import characters, estimated
from raftune.splitters.structure import plug
from tests.markdown_texts import MARKDOWN, check

REPORT = """# Annual report

## Ports

The authority runs 73 ports. Of these, 9 are at risk. Each port has a master.

The master closes the port in a storm. No. 5 stays open all year; the U.S. Navy uses it.


Fees rose by 3.1 percent in 2023. They fell in 2022. Nobody expected that
to happen, and the report of the year before had said so.

- Ships pay by length.

- Boats pay nothing. They never did.

## Pilots

A pilot is needed above 100 m. Averyveryveryveryveryveryveryveryveryveryveryveryverylongword ends here.
# Annex
항만은 73곳이다. 그중 9곳은 위험하다. 항만마다 책임자가 있다.
"""
# What the first version of this splitter made of it: recorded replies belong to such passages.
GOLDEN = [
    (0, 104, ("Annual report",)),
    (106, 194, ("Annual report", "Ports")),
    (197, 249, ("Annual report", "Ports")),
    (250, 352, ("Annual report", "Ports")),
    (354, 401, ("Annual report", "Ports")),
    (403, 506, ("Annual report", "Pilots")),
    (507, 552, ("Annex",)),
]


def split(text: str, maximum: int, minimum: int = 0, **options: Any) -> Sequence[Span]:
    made: dict[str, Any] = {"measure": characters, **options}
    return asyncio.run(plug(SplitOptions(maximum, minimum, **made)).split(text))


def texts(text: str, maximum: int, minimum: int = 0) -> list[str]:
    return [text[span.start : span.end] for span in split(text, maximum, minimum)]


@settings(max_examples=120, deadline=None)
@given(MARKDOWN, st.integers(20, 300), st.integers(0, 60), st.sampled_from([characters, estimated]))
def test_spans_are_exact_in_order_small_enough_and_lose_nothing(
    text: str, maximum: int, minimum: int, measure: Any
) -> None:
    check(text, split(text, maximum, minimum, measure=measure), maximum, measure)


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(20, 100))
def test_any_text_can_be_split(text: str, maximum: int) -> None:
    check(text, split(text, maximum), maximum, characters)


def test_passages_of_plain_text_stay_as_they_were() -> None:
    assert [(span.start, span.end, span.headings) for span in split(REPORT, 120, 40)] == GOLDEN


def test_a_chunk_knows_the_headings_above_it() -> None:
    text = "# Ports\n\n" + "word " * 30 + "\n\n## Pilots\n\n" + "word " * 30 + "\n\n# Ships\n\nThe end."
    assert [span.headings for span in split(text, 200, 50)] == [("Ports",), ("Ports", "Pilots"), ("Ships",)]


def test_a_heading_does_not_leave_its_text() -> None:
    text = "First paragraph here.\n\n# Ports\n\nSecond paragraph here."
    assert texts(text, 60, 10) == ["First paragraph here.", "# Ports\n\nSecond paragraph here."]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = "The first sentence is here. The second one is here. The third one."
    assert texts(text, 40, 10) == ["The first sentence is here.", "The second one is here. The third one."]


def test_a_long_table_repeats_its_header_in_each_passage() -> None:
    rows = [f"| port {number} | {number} ships |" for number in range(40)]
    text = "Ports.\n\n| port | ships |\n| --- | --- |\n" + "\n".join(rows) + "\n\nThe end."
    spans = split(text, 150)
    assert text[slice(*spans[2].header or (0, 0))] == "| port | ships |\n| --- | --- |"
    assert {span.header for span in spans[2:-1]} == {spans[2].header}
    assert all(text[span.start : span.end].startswith("| port") for span in spans[1:-1])


def test_a_table_goes_on_over_a_page() -> None:
    pages = ["| a | b |\n|---|---|\n| 1 | 2 |", "| 3 | 4 |\n| 5 | 6 |"]
    spans = split("\n".join(pages), 40)
    assert [span.header for span in spans] == [None, (0, 19)]


def test_a_header_too_large_to_repeat_is_not() -> None:
    text = f"| {'a' * 30} | b |\n|---|---|\n" + "| 1 | 2 |\n" * 20
    assert {span.header for span in split(text, 60)} == {None}


def test_code_and_tight_lists_stay_whole_and_code_holds_no_headings() -> None:
    code, items = "```\n# no heading\nx = 1\n\n\ny = 2\n```", "- one port\n- two ports\n- three ports"
    text = f"Some words before it, to fill it.\n\n{code}\n\nWords between the two blocks.\n\n{items}"
    assert texts(text, 70) == [
        "Some words before it, to fill it.\n\n" + code,
        "Words between the two blocks.\n\n" + items,
    ]
    assert {span.headings for span in split(text, 70)} == {()}
