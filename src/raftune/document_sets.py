"""Which documents are shown together, and which questions are asked on them.

grouped: the questions of one chunk share one set. clustered: k + 1 chunks that are near each other form a set,
each the oracle of its own questions and a distractor of the others'. A question whose oracle is to be hidden is asked
on a set that does not hold it. Sharing a set is what lets training read its documents once.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from raftune.distractors import TIERS, DistractorPool, Drawn, Mined
from raftune.drawing import dealt, uniform_positions
from raftune.errors import DocumentError
from raftune.records import Answer

Behaviour = Literal["answer", "abstain", "memorise"]
Randoms = Callable[..., random.Random]


@dataclass(frozen=True)
class Group:
    """Answers about one chunk that are shown it (`behaviour` "answer"), or are not.

    `oracle` is the chunk's place among the passages. The chunks near to the questions were ranked under `name`. A
    `near_miss` shows no chunk at random: what is missing is the answer, not the subject.
    """

    oracle: int
    answers: tuple[Answer, ...]
    behaviour: Behaviour
    name: str
    near_miss: bool = False

    @property
    def shown(self) -> bool:
        """Whether the oracle is among the documents."""
        return self.behaviour == "answer"


@dataclass(frozen=True)
class DocumentSet:
    """Documents in the order they are shown, and the groups of answers asked on them."""

    documents: tuple[Drawn, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Wanted:
    """How many distractors, which shares of them from the same document and near, and of how many draws which."""

    distractors: int
    document_share: float
    near_share: float
    draw: int = 0
    draws: int = 1

    def shares(self, *, near_miss: bool) -> tuple[float, float, float]:
        """The shares of the tiers; a near miss has no random one."""
        hard = self.document_share + self.near_share
        if not near_miss:
            return (self.document_share, self.near_share, 1 - hard)
        return (self.document_share / hard, self.near_share / hard, 0.0) if hard else (0.0, 1.0, 0.0)

    def tiers(self, sizes: Sequence[int], generator: random.Random, *, near_miss: bool = False) -> list[list[int]]:
        """For rows that want `sizes` distractors, how many of each tier."""
        return dealt(sizes, self.shares(near_miss=near_miss), generator)


def grouped_sets(
    groups: Sequence[Group], pool: DistractorPool, wanted: Wanted, randoms: Randoms
) -> Iterator[DocumentSet]:
    """A set for each group: the oracle at as even positions as can be, or one more distractor in its place."""
    places = uniform_positions(sum(group.shown for group in groups), wanted.distractors + 1, randoms("position"))
    tiers: dict[bool, list[list[int]]] = {}
    for near_miss in (False, True):
        sizes = [wanted.distractors + (not group.shown) for group in groups if group.near_miss == near_miss]
        tiers[near_miss] = wanted.tiers(sizes, randoms("tiers", str(near_miss)), near_miss=near_miss)[::-1]
    for group in groups:
        generator = randoms("distractors", group.answers[0].id, group.behaviour, str(group.near_miss))
        documents = draw([group], pool, tiers[group.near_miss].pop(), wanted, generator)
        generator.shuffle(documents)
        if group.shown:
            documents.insert(places.pop(), Drawn(group.oracle, "oracle"))
        yield DocumentSet(tuple(documents), (group,))


def clustered_sets(
    groups: Sequence[Group], pool: DistractorPool, wanted: Wanted, randoms: Randoms
) -> Iterator[DocumentSet]:
    """Sets of near chunks that distract from each other; groups without oracle join the nearest set that fits.

    Near misses join a set only where all its documents are near their questions. Groups that fit none share new ones.
    """
    size = wanted.distractors + 1
    clusters = list(near_clusters([group for group in groups if group.shown], pool, size))
    tiers = wanted.tiers([size - len(cluster) for cluster in clusters], randoms("tiers"))
    documents = [fill(cluster, pool, counts, wanted, randoms) for cluster, counts in zip(clusters, tiers, strict=True)]
    home = {drawn.place: index for index, some in enumerate(documents) for drawn in some}
    alone: list[Group] = []
    for group in groups:
        if group.shown:
            continue
        index = nearest_fitting(group, home, documents, pool)
        if index is None:
            alone.append(group)
        else:
            clusters[index].append(group)
    for some, members in zip(documents, clusters, strict=True):
        yield DocumentSet(tuple(some), tuple(members))
    yield from shared_sets(alone, pool, wanted, randoms)


def shared_sets(
    groups: Sequence[Group], pool: DistractorPool, wanted: Wanted, randoms: Randoms
) -> Iterator[DocumentSet]:
    """Sets for groups without oracle: each is drawn for one group, and the nearest others that fit it join.

    A set has at most as many groups as documents, as a cluster has. The tiers were dealt over a set for each group, so
    that their shares are exact only on average.
    """
    waiting: dict[int, list[Group]] = {}
    for group in groups:
        waiting.setdefault(group.oracle, []).append(group)
    for drawn in grouped_sets(groups, pool, wanted, randoms):
        [first] = drawn.groups
        if not any(one is first for one in waiting.get(first.oracle, ())):
            continue
        near = [one for place in pool.near(first.name) for one in waiting.get(place, ()) if one is not first]
        fitting = (one for one in near if fits(one, drawn.documents, pool, close_to(one, pool)))
        members = [first, *islice(fitting, wanted.distractors)]
        for member in members:
            waiting[member.oracle] = [one for one in waiting[member.oracle] if one is not member]
        yield DocumentSet(drawn.documents, tuple(members))


def near_clusters(groups: Sequence[Group], pool: DistractorPool, size: int) -> Iterator[list[Group]]:
    """Groups in clusters of at most `size`: the first one left, and the nearest ones that may stand beside it."""
    left = {group.oracle: group for group in groups}
    while left:
        first = left.pop(next(iter(left)))
        cluster = [first]
        for place in pool.near(first.name):
            other = left.get(place)
            if other is not None and len(cluster) < size and all(fit_together(pool, other, one) for one in cluster):
                cluster.append(left.pop(place))
        yield cluster


def fit_together(pool: DistractorPool, one: Group, other: Group) -> bool:
    """Whether each oracle is an honest distractor of the other's questions."""
    return pool.honest(one.oracle, other.oracle, other.answers) and pool.honest(other.oracle, one.oracle, one.answers)


def fill(
    cluster: Sequence[Group], pool: DistractorPool, counts: Sequence[int], wanted: Wanted, randoms: Randoms
) -> list[Drawn]:
    """The oracles of a cluster and as many distractors as are missing, in random order."""
    generator = randoms("cluster", cluster[0].answers[0].id)
    documents = [Drawn(group.oracle, "oracle") for group in cluster]
    documents += draw(cluster, pool, counts, wanted, generator)
    generator.shuffle(documents)
    return documents


def nearest_fitting(
    group: Group, home: dict[int, int], documents: Sequence[Sequence[Drawn]], pool: DistractorPool
) -> int | None:
    """The index of the set that holds the chunk nearest to a group's questions and no answer to them, or None."""
    indices = dict.fromkeys(home[place] for place in pool.near(group.name) if place in home)
    close = close_to(group, pool)
    return next((index for index in indices if fits(group, documents[index], pool, close)), None)


def close_to(group: Group, pool: DistractorPool) -> set[int]:
    """The chunks near to a group's questions, and those of its oracle's document."""
    return {*pool.near(group.name), *pool.passages.of_document[pool.passages.chunks[group.oracle].document]}


def fits(group: Group, documents: Sequence[Drawn], pool: DistractorPool, close: set[int]) -> bool:
    """Whether no document answers a group without oracle, and all are `close` to its questions if it is a near miss."""
    if group.near_miss and any(drawn.tier == "random" or drawn.place not in close for drawn in documents):
        return False
    return all(pool.honest(drawn.place, group.oracle, group.answers) for drawn in documents)


def draw(
    groups: Sequence[Group], pool: DistractorPool, counts: Sequence[int], wanted: Wanted, generator: random.Random
) -> list[Drawn]:
    """So many chunks of each tier that are honest distractors for all groups.

    A tier that has not enough of them leaves the rest to the next one. Each draw takes other near chunks.
    """
    first, chosen = groups[0], {group.oracle: Drawn(group.oracle, "oracle") for group in groups}

    def honest(places: Iterable[int]) -> Iterator[int]:
        new = (place for place in places if not pool.passages.is_among(place, chosen))
        return (place for place in new if all(pool.honest(place, one.oracle, one.answers) for one in groups))

    def near() -> Iterator[int]:
        if wanted.draws == 1:
            return honest(pool.near(first.name))
        best = list(islice(honest(pool.near(first.name)), wanted.draws * (wanted.distractors + 1)))
        turn = best[wanted.draw :: wanted.draws]
        return iter(turn + [place for place in best if place not in turn])

    finders: dict[Mined, Callable[[], Iterator[int]]] = {
        "document": lambda: honest(pool.same_document(first.oracle, generator)),
        "near": near,
        "random": lambda: honest(pool.anything(generator)),
    }
    limit = len(groups)
    for tier, count in zip(TIERS, counts, strict=True):
        limit += count
        if len(chosen) < limit:
            for place in islice(finders[tier](), limit - len(chosen)):
                chosen[place] = Drawn(place, tier)
    if len(chosen) < limit:
        raise DocumentError(
            f"Only {len(chosen) - len(groups)} passages can serve as distractors, but {sum(counts)} are wanted.",
            "Add documents, or lower assemble.distractors or chunk.maximum in raftune.toml.",
        )
    return list(chosen.values())[len(groups) :]
