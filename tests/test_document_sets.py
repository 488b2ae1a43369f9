"""Clusters: near chunks together, questions of a hidden oracle on a set that does not hold it."""

import random

from raftune.distractors import DistractorPool
from raftune.document_sets import Group, clustered_sets, grouped_sets, near_clusters
from tests.support import make_answer, make_chunk

TOPICS = ("ferry", "pilot", "tariff")
CHUNKS = [
    make_chunk(
        f"{topic} rule {number}: the {topic} number {number} of harbour h{number}x{topic} costs {number}77 coins.", n
    )
    for n, (topic, number) in enumerate((topic, number) for topic in TOPICS for number in range(3))
]


class ByTopic:
    """Finds texts by their first word."""

    def index(self, texts: list[str]) -> None:
        self.texts = texts

    def nearest(self, query: str, count: int) -> list[int]:
        topic = query.split()[3]
        return sorted(range(len(self.texts)), key=lambda place: (not self.texts[place].startswith(topic), place))[
            :count
        ]


def group(number: int, *, shown: bool = True) -> Group:
    chunk = CHUNKS[number]
    topic, _, which = chunk.text.split(":")[0].split()
    question = f"What does the {topic} number {which} of harbour h{which}x{topic} cost?"
    return Group(chunk, (make_answer(chunk, question, f"{which}77 coins"),), shown)


def randoms(*names: str) -> random.Random:
    return random.Random("".join(names))


def test_near_chunks_form_a_cluster() -> None:
    pool = DistractorPool(CHUNKS, ByTopic())
    clusters = list(near_clusters([group(number) for number in range(9)], pool, 3))
    assert [{one.oracle.text.split()[0] for one in cluster} for cluster in clusters] == [{topic} for topic in TOPICS]


def test_a_hidden_question_joins_the_nearest_set() -> None:
    pool = DistractorPool(CHUNKS, ByTopic())
    groups = [group(0), group(1), group(2, shown=False), group(3), group(4), group(5)]
    sets = list(clustered_sets(groups, pool, 1, 0.5, randoms))
    assert all(len(one.documents) == 2 for one in sets)
    hidden = groups[2].answers[0]
    home = next(one for one in sets if hidden in one.answers)
    assert {chunk.text.split()[0] for chunk in home.documents} == {"ferry"}
    assert CHUNKS[2] not in home.documents
    assert sorted(answer.id for one in sets for answer in one.answers) == sorted(one.answers[0].id for one in groups)


def test_grouped_sets_hold_their_oracle_unless_it_is_hidden() -> None:
    pool = DistractorPool(CHUNKS, ByTopic())
    shown, hidden = grouped_sets([group(0), group(4, shown=False)], pool, 2, 0.5, randoms)
    assert CHUNKS[0] in shown.documents
    assert CHUNKS[4] not in hidden.documents
    assert len(shown.documents) == len(hidden.documents) == 3
