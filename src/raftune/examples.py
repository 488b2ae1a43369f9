"""From answers to examples: which are shown their oracle, what they are to learn, and how their documents stand."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from raftune.digest import ID_LENGTH, digest
from raftune.distractors import Drawn, Passages
from raftune.document_sets import Behaviour, DocumentSet, Group, Randoms
from raftune.drawing import taken, without_oracle
from raftune.prompts import prompt_text
from raftune.records import Answer, ContextDocument, Example, Split, Tier


@dataclass(frozen=True)
class Policy:
    """Which share of answers is shown its oracle, what the others learn, and which share of those is a near miss."""

    oracle_share: float
    without_oracle: str
    memorise_share: float
    near_miss: float

    def behaviours(self, sharing: Mapping[str, Sequence[Answer]], randoms: Randoms) -> dict[str, Behaviour]:
        """What each answer's example teaches, by the answer's id; the same in a whole group as far as counts allow."""
        made: dict[str, Behaviour] = {one.id: "answer" for members in sharing.values() for one in members}
        hidden = grouped(without_oracle(sharing, self.oracle_share, randoms("oracle")), sharing)
        made |= {one.id: "abstain" for members in hidden.values() for one in members}
        share = {"memorise": 1.0, "mixed": self.memorise_share}.get(self.without_oracle, 0.0)
        by_heart = taken(hidden, round(share * sum(map(len, hidden.values()))), randoms("memorise"))
        return made | {one.id: "memorise" for one in by_heart}

    def near_misses(
        self, sharing: Mapping[str, Sequence[Answer]], behaviours: Mapping[str, Behaviour], randoms: Randoms
    ) -> set[str]:
        """The ids of the abstaining answers whose documents are all near the question."""
        abstaining = {
            name: [one for one in members if behaviours[one.id] == "abstain"] for name, members in sharing.items()
        }
        wanted = round(self.near_miss * sum(map(len, abstaining.values())))
        return {one.id for one in taken(abstaining, wanted, randoms("near miss"))}


def grouped(some: Sequence[Answer], sharing: Mapping[str, Sequence[Answer]]) -> dict[str, list[Answer]]:
    """Some of the answers, by what they share."""
    wanted = {one.id for one in some}
    return {name: found for name, members in sharing.items() if (found := [one for one in members if one.id in wanted])}


def groups_of(
    sharing: Mapping[str, Sequence[Answer]], policy: Policy, passages: Passages, randoms: Randoms
) -> Iterator[Group]:
    """Answers that share their documents, by what they teach: exactly P of all are shown their oracle."""
    behaviours = policy.behaviours(sharing, randoms)
    near_misses = policy.near_misses(sharing, behaviours, randoms)
    for name, members in sharing.items():
        parts: dict[tuple[Behaviour, bool], list[Answer]] = defaultdict(list)
        for one in members:
            parts[behaviours[one.id], one.id in near_misses].append(one)
        for behaviour, near_miss in sorted(parts):
            some = tuple(parts[behaviour, near_miss])
            yield Group(passages.place_of[some[0].chunk], some, behaviour, name, near_miss)


@dataclass(frozen=True)
class Rendering:
    """Makes examples of one split and draw; `group_of` gives the unit of an answer that never crosses splits."""

    passages: Passages
    split: Split
    draw: int
    group_of: Callable[[Answer], str]

    def examples_on(self, one: DocumentSet) -> Iterator[Example]:
        """The examples of all answers that are asked on a set of documents."""
        chunks = [self.passages.chunks[drawn.place] for drawn in one.documents]
        name = digest([self.split, self.draw, *(chunk.id for chunk in chunks)], ID_LENGTH)
        for group in one.groups:
            documents = tuple(
                ContextDocument(chunk=chunk.id, text=chunk.text, tier=tier_for(group.oracle, drawn, self.passages))
                for chunk, drawn in zip(chunks, one.documents, strict=True)
            )
            places = [drawn.place for drawn in one.documents]
            oracle = places.index(group.oracle) if group.shown else None
            for answer in group.answers:
                yield self.example(answer, group.behaviour, documents, oracle, name)

    def example(
        self,
        answer: Answer,
        behaviour: Behaviour,
        documents: tuple[ContextDocument, ...],
        oracle: int | None,
        document_set: str,
    ) -> Example:
        """One example. Without its oracle it carries neither quotes nor a reasoning that rests on them."""
        shown = behaviour == "answer"
        return Example(
            answer=answer.id,
            text=answer.text,
            documents=documents,
            oracle=oracle,
            group=self.group_of(answer),
            document_set=document_set,
            source=self.passages.chunks[self.passages.place_of[answer.chunk]].path,
            split=self.split,
            behaviour=behaviour,
            reasoning=answer.reasoning if shown else "",
            quotes=answer.quotes if shown else (),
            final=prompt_text("abstain", answer.language) if behaviour == "abstain" else answer.final,
            reference=answer.final,
            language=answer.language,
            kind=answer.kind,
            flags=answer.flags,
            draw=self.draw,
        )


def tier_for(oracle: int, drawn: Drawn, passages: Passages) -> Tier:
    """Why a document is shown with an oracle. What a set holds for another question of it is near."""
    if drawn.place == oracle or drawn.tier in ("near", "random"):
        return drawn.tier
    chunks = passages.chunks
    return "document" if chunks[drawn.place].document == chunks[oracle].document else "near"
