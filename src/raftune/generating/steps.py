"""One step of many texts: a row of tokens, what each of them reads, and where logits are wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from raftune.generating.attention import Passage, StepReading, Together
from raftune.generating.running import Running
from raftune.generating.slots import Slots


@dataclass(frozen=True)
class Wanted:
    """Logits that are wanted: those of a text at the index `row` of a step's tokens.

    `guessed` is the token that the next row takes for granted; it counts only where this row gives it.
    """

    text: Running
    row: int
    guessed: int | None = None


@dataclass(frozen=True)
class Step:
    """The tokens of a step and their positions, in one row; the rows `wanted` of a text follow one another.

    `advanced` says how many tokens of each text are read, guesses aside. `rows`: pairs of an adapter and the indices of
    its tokens.
    """

    tokens: list[int]
    positions: list[int]
    reading: StepReading
    wanted: list[Wanted]
    advanced: list[tuple[Running, int]]
    rows: list[tuple[str, Any]]


def step_of(active: Sequence[Running], slots: Slots, most: int, guesses: Mapping[int, list[int]]) -> Step:
    """The next step of texts, which lie in `slots` in their order: a token of each whose prompt was read, and pieces of
    other prompts with `most` tokens in all. `guesses` are the tokens that may follow, by slot.
    """
    decoding = [text for text in active if text.decoding and not guesses.get(text.slot)]
    tokens = [text.tokens[text.read] for text in decoding]
    owners = [(text, text.read) for text in decoding]
    wanted = [Wanted(text, row) for row, text in enumerate(decoding)]
    advanced = [(text, 1) for text in decoding]
    passages, room = [], {id(text): 1 for text in decoding}
    for text in active:
        if text.decoding and not guesses.get(text.slot):
            continue
        guessed = guesses[text.slot] if text.decoding else []
        count = 1 + len(guessed) if text.decoding else min(most, text.goal - text.read)
        if count <= 0:
            continue
        start, end = len(tokens), len(tokens) + count
        slot = -1 if text.filling else text.slot
        shared = text.read if text.filling else text.shared
        passages.append(Passage(start, end, text.read, shared, text.segment, slot))
        owners += [(text, text.read + place) for place in range(count)]
        room[id(text)] = count
        if text.decoding:
            tokens += [text.tokens[text.read], *guessed]
            advanced.append((text, 1))
            wanted += [Wanted(text, start + place, token) for place, token in enumerate([*guessed, None])]
            continue
        most -= count
        tokens += text.tokens[text.read : text.read + count]
        advanced.append((text, count))
        if text.read + count == text.prompt:
            wanted.append(Wanted(text, end - 1))
    hold(slots, active, room)
    reading = reading_of(active, decoding, slots, tuple(passages))
    return Step(tokens, [place for _, place in owners], reading, wanted, advanced, adapter_rows(owners))


def hold(slots: Slots, active: Sequence[Running], room: Mapping[int, int]) -> None:
    """Makes room in the slots for what a step adds."""
    longest = max(text.own + (0 if text.filling else room.get(id(text), 0)) for text in active)
    slots.hold(len(active), longest)


def reading_of(
    active: Sequence[Running], decoding: Sequence[Running], slots: Slots, passages: tuple[Passage, ...]
) -> StepReading:
    """What the step reads."""
    import torch

    if not decoding:
        return StepReading(slots, passages=passages)
    device = slots.keys.device
    lengths = [text.own for text in decoding]
    seen = torch.full((len(active),), max(lengths) + 1)
    seen[[text.slot for text in decoding]] = torch.tensor(lengths) + 1
    return StepReading(
        slots,
        torch.tensor([text.slot for text in decoding], device=device),
        torch.tensor(lengths, device=device),
        hiding(seen, slots.keys)[:, None, None],
        groups_of(decoding, slots.keys),
        passages,
    )


def groups_of(decoding: Sequence[Running], like: Any) -> tuple[Together, ...]:
    """The texts that read the same segment."""
    import torch

    found: dict[int, list[Running]] = {}
    for text in decoding:
        if text.segment is not None and text.shared:
            found.setdefault(id(text.segment), []).append(text)
    groups = []
    for texts in found.values():
        seen = [text.shared for text in texts]
        mask = None if len(set(seen)) == 1 else hiding(torch.tensor(seen), like)
        places = torch.tensor([text.slot for text in texts], device=like.device)
        segment = texts[0].segment
        if segment is not None:
            groups.append(Together(segment, places, max(seen), mask))
    return tuple(groups)


def hiding(seen: Any, like: Any) -> Any:
    """(rows, tokens) to be added to scores: 0 for the first `seen` tokens of each row, minus infinity behind them."""
    import torch

    hidden = torch.arange(int(seen.max()))[None] >= seen[:, None]
    return like.new_zeros(hidden.shape).masked_fill_(hidden.to(like.device), -torch.inf)


def adapter_rows(owners: Sequence[tuple[Running, int]]) -> list[tuple[str, Any]]:
    """The indices of each adapter's tokens, given the text and position of each token; None where all are one's."""
    import torch

    found: dict[str, list[int]] = {}
    for row, (text, place) in enumerate(owners):
        if (name := text.generation.adapter) and place >= text.begins:
            found.setdefault(name, []).append(row)
    whole = len(owners)
    return [(name, None if len(rows) == whole else torch.tensor(rows)) for name, rows in found.items()]
