"""Clusters: near chunks together, questions of a hidden oracle on a set that does not hold it."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from raftune.distractors import DistractorPool, Passages
from raftune.document_sets import Behaviour, Group, Wanted, clustered_sets, draw, grouped_sets, near_clusters
from tests.support import make_answer, make_chunk

TOPICS = ("ferry", "pilot", "tariff")
CHUNKS = [
    make_chunk(
        f"{topic} rule {number}: the {topic} number {number} of harbour h{number}x{topic} costs {number}77 coins.",
        n,
        topic,
    )
    for n, (topic, number) in enumerate((topic, number) for topic in TOPICS for number in range(6))
]


def nearest(topic: str) -> list[int]:
    """All places, those of a topic first."""
    return sorted(range(len(CHUNKS)), key=lambda place: (CHUNKS[place].document != topic, place))


POOL = DistractorPool(Passages(CHUNKS), {topic: nearest(topic) for topic in TOPICS})


def group(number: int, behaviour: Behaviour = "answer", *, near_miss: bool = False) -> Group:
    chunk = CHUNKS[number]
    topic, _, which = chunk.text.split(":")[0].split()
    question = f"What does the {topic} number {which} of harbour h{which}x{topic} cost?"
    return Group(number, (make_answer(chunk, question, f"{which}77 coins"),), behaviour, topic, near_miss)


def randoms(*names: str) -> random.Random:
    return random.Random("".join(names))


def test_near_chunks_form_a_cluster() -> None:
    clusters = list(near_clusters([group(number) for number in range(18)], POOL, 6))
    assert [{CHUNKS[one.oracle].document for one in cluster} for cluster in clusters] == [{topic} for topic in TOPICS]


def test_a_hidden_question_joins_the_nearest_set() -> None:
    groups = [group(0), group(1), group(2, "abstain"), group(6), group(7), group(8)]
    sets = list(clustered_sets(groups, POOL, Wanted(1, 0.25, 0.5), randoms))
    assert all(len(one.documents) == 2 for one in sets)
    home = next(one for one in sets if groups[2] in one.groups)
    assert {CHUNKS[drawn.place].document for drawn in home.documents} == {"ferry"}
    assert 2 not in [drawn.place for drawn in home.documents]
    assert sorted(one.oracle for some in sets for one in some.groups) == [0, 1, 2, 6, 7, 8]


def test_hidden_questions_that_fit_no_cluster_share_sets_of_near_documents() -> None:
    groups = [group(number, "memorise") for number in range(18)]
    sets = list(clustered_sets(groups, POOL, Wanted(1, 0.25, 0.5), randoms))
    assert len(sets) < len(groups) - 4
    assert sorted(one.oracle for some in sets for one in some.groups) == list(range(18))
    assert all(len(some.documents) == 2 and len(some.groups) <= 2 for some in sets)
    for some in sets:
        assert not {drawn.place for drawn in some.documents} & {one.oracle for one in some.groups}


def test_near_misses_alone_share_a_set_only_of_near_documents() -> None:
    groups = [group(number, "abstain", near_miss=True) for number in (0, 1, 2, 6, 7, 8)]
    sets = list(clustered_sets(groups, POOL, Wanted(2, 0.5, 0.5), randoms))
    assert sum(len(some.groups) for some in sets) == 6
    assert all("random" not in [drawn.tier for drawn in some.documents] for some in sets)


def test_two_groups_of_one_oracle_are_both_asked_once() -> None:
    groups = [group(0, "abstain"), group(0, "memorise"), group(1, "abstain")]
    sets = list(clustered_sets(groups, POOL, Wanted(3, 0.25, 0.5), randoms))
    asked = [(one.oracle, one.behaviour) for some in sets for one in some.groups]
    assert sorted(asked) == [(0, "abstain"), (0, "memorise"), (1, "abstain")]


def test_grouped_sets_hold_their_oracle_unless_it_is_hidden() -> None:
    shown, hidden = grouped_sets([group(0), group(6, "abstain")], POOL, Wanted(2, 0.25, 0.5), randoms)
    assert (0, "oracle") in shown.documents
    assert 6 not in [drawn.place for drawn in hidden.documents]
    assert len(shown.documents) == len(hidden.documents) == 3


def test_a_near_miss_shows_nothing_at_random() -> None:
    (one,) = grouped_sets([group(0, "abstain", near_miss=True)], POOL, Wanted(3, 0.25, 0.25), randoms)
    assert Counter(drawn.tier for drawn in one.documents) == {"document": 2, "near": 2}


@given(st.integers(1, 5), st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
def test_tiers_are_exact_over_all_sets(k: int, hard: float, part: float, seed: int) -> None:
    wanted = Wanted(k, hard * part, hard * (1 - part))
    sets = grouped_sets([group(number) for number in range(18)], POOL, wanted, lambda *n: random.Random(f"{seed}{n}"))
    counts = Counter(drawn.tier for one in sets for drawn in one.documents)
    assert counts["oracle"] == 18
    for tier, share in (("document", wanted.document_share), ("near", wanted.near_share)):
        assert abs(counts[tier] - share * 18 * k) < 1  # type: ignore[index]


def test_a_tier_that_runs_dry_leaves_the_rest_to_the_next() -> None:
    documents = draw([group(0)], POOL, [9, 0, 0], Wanted(9, 1, 0), random.Random(1))
    assert Counter(drawn.tier for drawn in documents) == {"document": 5, "near": 4}


def test_each_draw_takes_other_near_chunks() -> None:
    drawn = [draw([group(0)], POOL, [0, 2, 0], Wanted(2, 0, 1, turn, 2), random.Random(1)) for turn in range(2)]
    places = [one.place for some in drawn for one in some]
    assert len(set(places)) == 4
    assert {CHUNKS[place].document for place in places} == {"ferry"}


def test_a_passage_that_stands_on_several_pages_is_shown_once() -> None:
    repeated = make_chunk("Notes: amounts may not sum to totals because of rounding in all tables of this report.", 30)
    copies = [repeated.changed(start=repeated.start + 500 * n, end=repeated.end + 500 * n) for n in range(6)]
    passages = Passages([*CHUNKS[:3], *copies])
    pool = DistractorPool(passages, {"ferry": list(range(9))})
    [one] = grouped_sets([group(0)], pool, Wanted(3, 0.25, 0.5), randoms)
    assert len({passages.words[drawn.place].sequence for drawn in one.documents}) == 4
