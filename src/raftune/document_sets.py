"""Which documents are shown together, and which questions are asked on them.

grouped: the questions of one chunk share one set. clustered: k + 1 chunks that are near each other form a set,
each the oracle of its own questions and a distractor of the others'. A question whose oracle is to be hidden is asked
on a set that does not hold it. Sharing a set is what lets training read its documents once.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from raftune.distractors import DistractorPool
from raftune.drawing import uniform_positions
from raftune.errors import DocumentError
from raftune.records import Answer, Chunk

Randoms = Callable[..., random.Random]


@dataclass(frozen=True)
class Group:
    """Answers about one chunk that are shown it, or are not."""

    oracle: Chunk
    answers: tuple[Answer, ...]
    shown: bool


@dataclass(frozen=True)
class DocumentSet:
    """Documents in the order they are shown, and the answers asked on them."""

    documents: tuple[Chunk, ...]
    answers: tuple[Answer, ...]


def grouped_sets(
    groups: Sequence[Group], pool: DistractorPool, distractors: int, hard_share: float, randoms: Randoms
) -> Iterator[DocumentSet]:
    """A set for each group: the oracle at as even positions as can be, or one more distractor in its place."""
    places = uniform_positions(sum(group.shown for group in groups), distractors + 1, randoms("position"))
    for group in groups:
        wanted = distractors + (not group.shown)
        generator = randoms("distractors", group.answers[0].id, str(group.shown))
        documents = draw([group], pool, wanted, round(hard_share * wanted), generator)
        generator.shuffle(documents)
        if group.shown:
            documents.insert(places.pop(), group.oracle)
        yield DocumentSet(tuple(documents), group.answers)


def clustered_sets(
    groups: Sequence[Group], pool: DistractorPool, distractors: int, hard_share: float, randoms: Randoms
) -> Iterator[DocumentSet]:
    """Sets of near chunks that distract from each other; groups without oracle join the nearest set that fits."""
    clusters = [list(cluster) for cluster in near_clusters([g for g in groups if g.shown], pool, distractors + 1)]
    documents = [fill(cluster, pool, distractors + 1, hard_share, randoms) for cluster in clusters]
    alone: list[Group] = []
    for group in groups:
        if group.shown:
            continue
        home = nearest_fitting(group, documents, pool)
        if home is None:
            alone.append(group)
        else:
            clusters[home].append(group)
    for chunks, members in zip(documents, clusters, strict=True):
        yield DocumentSet(tuple(chunks), tuple(answer for group in members for answer in group.answers))
    yield from grouped_sets(alone, pool, distractors, hard_share, randoms)


def near_clusters(groups: Sequence[Group], pool: DistractorPool, size: int) -> Iterator[list[Group]]:
    """Groups in clusters of at most `size`: the first one left, and the nearest ones that may stand beside it."""
    left = {group.oracle.id: group for group in groups}
    while left:
        first = left.pop(next(iter(left)))
        cluster = [first]
        for chunk in pool.ranked(first.answers):
            other = left.get(chunk.id)
            if other is not None and len(cluster) < size and all(fit_together(pool, other, one) for one in cluster):
                cluster.append(left.pop(other.oracle.id))
        yield cluster


def fit_together(pool: DistractorPool, one: Group, other: Group) -> bool:
    """Whether each oracle is an honest distractor of the other's questions."""
    return pool.honest(one.oracle, other.oracle, other.answers) and pool.honest(other.oracle, one.oracle, one.answers)


def fill(cluster: Sequence[Group], pool: DistractorPool, size: int, hard_share: float, randoms: Randoms) -> list[Chunk]:
    """The oracles of a cluster and as many distractors as are missing, in random order."""
    generator = randoms("cluster", cluster[0].answers[0].id)
    missing = size - len(cluster)
    documents = [group.oracle for group in cluster] + draw(
        cluster, pool, missing, round(hard_share * missing), generator
    )
    generator.shuffle(documents)
    return documents


def nearest_fitting(group: Group, documents: Sequence[Sequence[Chunk]], pool: DistractorPool) -> int | None:
    """The index of the set that holds the chunk nearest to a group's questions and no answer to them, or None."""
    home = {chunk.id: index for index, chunks in enumerate(documents) for chunk in chunks}
    for near in pool.ranked(group.answers):
        index = home.get(near.id)
        if index is not None and all(pool.honest(chunk, group.oracle, group.answers) for chunk in documents[index]):
            return index
    return None


def draw(
    groups: Sequence[Group], pool: DistractorPool, wanted: int, hard: int, generator: random.Random
) -> list[Chunk]:
    """`wanted` chunks that are honest distractors for all groups: the `hard` nearest ones, then random ones."""
    held = {group.oracle.id for group in groups}
    chosen: dict[str, Chunk] = {}
    for limit, candidates in ((hard, pool.ranked(groups[0].answers)), (wanted, pool.in_random_order(generator))):
        for chunk in candidates:
            if len(chosen) >= limit:
                break
            if chunk.id not in held and all(pool.honest(chunk, group.oracle, group.answers) for group in groups):
                chosen[chunk.id] = chunk
    if len(chosen) < wanted:
        raise DocumentError(
            f"Only {len(chosen)} passages can serve as distractors, but {wanted} are wanted.",
            "Add documents, or lower assemble.distractors or chunk.maximum in raftune.toml.",
        )
    return list(chosen.values())
