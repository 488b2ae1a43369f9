"""Lengths of rows, and the room that holds them."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.exporting.lengths import MULTIPLE, TEMPLATE, Lengths, room, spread
from raftune.prompts.raft import default_prompt
from tests.exporting.made_set import make_example


@given(longest=st.integers(1, 200_000), exact=st.booleans())
def test_room_holds_the_longest_row_and_its_template(longest: int, *, exact: bool) -> None:
    found = room(longest, exact=exact)
    assert found % MULTIPLE == 0
    needed = longest + TEMPLATE if exact else longest * 1.25 + TEMPLATE
    assert needed <= found < needed + MULTIPLE + 1


def test_a_document_that_rows_share_is_measured_once() -> None:
    measured: list[str] = []

    def measure(text: str) -> range:
        measured.append(text)
        return range(len(text))

    lengths, prompt = Lengths(measure), default_prompt()
    for number in range(5):
        example = make_example(number, question=f"What is fee {number}?")
        lengths.add(example, prompt.of_example(example), prompt.target(example))
    assert sum("ferry" in text for text in measured) == 1
    whole = sum(len(text) for _, text in prompt.of_example(example))
    cuts = 2 * len("</DOCUMENT>\n")
    assert list(lengths.prompts) == [whole - cuts] * 5


def test_a_spread_is_of_the_values_themselves() -> None:
    found = spread(range(1, 101))
    assert (found.smallest, found.median, found.most, found.longest) == (1, 51, 95, 100)
    assert spread([]).longest == 0
