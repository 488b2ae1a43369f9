"""Which kinds a passage serves, that the mix comes out over a corpus, and which kind a question is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.teaching.kinds import DEFAULT_MIX, allocated, kind_of, servable
from raftune.teaching.lines import lines_of
from tests.teaching.manners import ENGLISH, KOREAN, chunk

KINDS = tuple(DEFAULT_MIX)


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        (ENGLISH, "en", {"fact", "number", "procedure", "condition", "table"}),
        (KOREAN, "ko", {"fact", "number", "condition", "table"}),
        ("The Agency is in the north.", "en", {"fact"}),
        ("Ships rose to 410 in 2021. There were 365 in 2020.", "en", {"fact", "number", "comparison"}),
        ("2021년에는 410척으로 2020년보다 늘었다. 2020년에는 365척이었다.", "ko", {"fact", "number", "comparison"}),
    ],
)
def test_a_passage_serves_the_kinds_it_has_material_for(text: str, language: str, kinds: set[str]) -> None:
    assert set(servable(lines_of(chunk(text, language)), language)) == kinds


@given(st.integers(1, 20), st.text(max_size=20), st.sets(st.sampled_from(KINDS), min_size=1))
def test_as_many_kinds_as_questions_and_only_those_that_can_be_served(count: int, salt: str, kinds: set[str]) -> None:
    able = tuple(kind for kind in KINDS if kind in kinds)
    found = allocated(able, DEFAULT_MIX, count, salt)
    shares = {kind: DEFAULT_MIX[kind] / sum(DEFAULT_MIX[one] for one in able) for kind in able}
    assert len(found) == count
    assert set(found) <= kinds
    assert all(abs(found.count(kind) - count * share) < 1 + 1e-9 for kind, share in shares.items())
    assert found == allocated(able, DEFAULT_MIX, count, salt)


def test_the_mix_comes_out_over_many_chunks() -> None:
    counts = Counter(kind for number in range(2000) for kind in allocated(KINDS, {}, 3, f"chunk {number}"))
    assert all(abs(counts[kind] / 6000 - weight) < 0.02 for kind, weight in DEFAULT_MIX.items())


def test_a_mix_that_wants_none_of_them_gives_none() -> None:
    assert allocated(("fact", "number"), {"table": 1.0}, 3, "") == ()
    assert set(allocated(("fact", "table"), {"table": 1.0}, 3, "")) == {"table"}


@pytest.mark.parametrize(
    ("question", "answer", "language", "kind"),
    [
        ("How many ports were inspected?", "73 ports", "en", "number"),
        ("Who inspects ports?", "the Agency", "en", "fact"),
        ("How do pilots apply?", "by form", "en", "procedure"),
        ("In which case is it not renewed?", "if the holder has left", "en", "condition"),
        ("By how much did ships exceed those of 2020?", "45", "en", "comparison"),
        ("점검한 항만은 몇 곳입니까?", "73곳", "ko", "number"),
        ("어떤 경우에 갱신하지 않습니까?", "출국한 경우", "ko", "condition"),
        ("북항은 남항보다 몇 척이 많습니까?", "45척", "ko", "comparison"),
        ("면허를 어떻게 신청합니까?", "서류로", "ko", "procedure"),
        ("공단은 어디에 있습니까?", "부산", "ko", "fact"),
    ],
)
def test_a_question_is_classified(question: str, answer: str, language: str, kind: str) -> None:
    assert kind_of(question, answer, language, of_row=False) == kind


def test_what_is_claimed_counts_unless_the_answer_belies_it() -> None:
    assert kind_of("Who?", "the Agency", "en", of_row=False, claimed="condition") == "condition"
    assert kind_of("Who?", "the Agency", "en", of_row=False, claimed="number") == "fact"
    assert kind_of("Who?", "the Agency", "en", of_row=False, claimed="table") == "fact"
    assert kind_of("How many?", "73 ports", "en", of_row=False, claimed="fact") == "number"
    assert kind_of("How many ships has North?", "410", "en", of_row=True, claimed="number") == "table"
