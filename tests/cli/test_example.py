"""An example for reading."""

from raftune.cli.example import LIT, MARKS, PLAIN, facts_of, lines_of, lit, spans_in
from raftune.desk import ShownExample
from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Quote
from tests.made_up import make_example

FEE = "수수료 규정\nThe monthly fee is 30 euros for each account.\nIt is due on the first."
DOCUMENTS = (
    ContextDocument(chunk="c0", text="The office opens at nine.", tier="near"),
    ContextDocument(chunk="c1", text=FEE, tier="oracle"),
    ContextDocument(chunk="c2", text="Nobody knows.", tier="random"),
)
START = FEE.index("The monthly")
QUOTE = Quote(chunk="c1", start=START, end=START + 30, text=FEE[START : START + 30])
EXAMPLE = make_example(documents=()).changed(
    documents=DOCUMENTS, oracle=1, quotes=(QUOTE,), reasoning="The fee is named.", kind="number", flags=("unverified",)
)
SHOWN = ShownExample(
    EXAMPLE, default_prompt().target(EXAMPLE), "rules.pdf, page 3", ("hours.md, page 1", "rules.pdf, page 3", "")
)
GOLDEN = f"""\
example   {EXAMPLE.id}
kind      test, answer, number, en
from      rules.pdf, page 3
flags     unverified

── document 1 of 3: distractor, near · hours.md, page 1
The office opens at nine.

── document 2 of 3: ★ oracle · rules.pdf, page 3
수수료 규정
»The monthly fee is 30 euros fo«r each account.
It is due on the first.

── document 3 of 3: distractor, random
Nobody knows.

question  What is the monthly fee?
target
  ##begin_quote##The monthly fee is 30 euros fo##end_quote##
  The fee is named.
  <ANSWER>: 30 euros
"""


def test_an_example_as_the_student_sees_it() -> None:
    assert "".join(f"{line}\n" for line in lines_of(SHOWN, MARKS)) == GOLDEN


def test_an_example_without_its_oracle_tells_the_truth_too() -> None:
    hidden = EXAMPLE.changed(oracle=None, quotes=(), behaviour="abstain", final="The documents do not say.")
    lines = list(lines_of(ShownExample(hidden, "", "rules.pdf", ("", "", "")), MARKS))
    assert lines[-1] == "in truth  30 euros"
    assert not any("★" in line for line in lines)


def test_overlapping_quotes_are_lit_as_one() -> None:
    quotes = tuple(
        Quote(chunk="c1", start=start, end=end, text=FEE[start:end]) for start, end in ((9, 20), (0, 3), (2, 10))
    )
    example = EXAMPLE.changed(quotes=quotes)
    assert spans_in(example, example.documents[1]) == [(0, 20)]


def test_a_quote_is_found_where_its_document_was_changed() -> None:
    moved = ContextDocument(chunk="c1", text=f"# {FEE}")
    assert spans_in(EXAMPLE, moved) == [(START + 2, START + 32)]


def test_on_a_terminal_each_line_is_lit() -> None:
    assert lit("a\nb c", [(0, 3)], (LIT, PLAIN)) == f"{LIT}a{PLAIN}\n{LIT}b{PLAIN} c"
    assert lit("a\nb c", [(0, 3)], MARKS) == "»a\nb« c"


def test_programs_get_places_and_target() -> None:
    facts = facts_of(SHOWN)
    assert facts["id"] == EXAMPLE.id
    assert facts["places"][0] == "hours.md, page 1"
    assert facts["target"].startswith("##begin_quote##")
