"""Carries the boxes of a page's words over to another text of the same page."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from raftune.readings import WordBox

ATOM = re.compile(r"[^\W_]+")
SHORTEST_BLOCK = 2  # words in a row that may be found out of order
BLOCKS = 20
MOST_PAIRS = 25_000_000  # of words; pages with more are paired by words that stand once on both sides only
LONGEST_GAP = 200  # characters
LIKE = 0.6  # of a word's characters have to be found again,
SPREAD = 2  # over a stretch that is at most this much longer than the word


class Atom(NamedTuple):
    """A run of letters and digits [start, end) of a text: `word` is its one spelling, `box` the index of its box."""

    word: str
    start: int
    end: int
    box: int


def carried_boxes(text: str, boxes: Sequence[WordBox], target: str) -> tuple[WordBox, ...]:
    """The boxes of words of `text` at the places of the same words in `target`, in the order of `target`.

    Words are paired in order first, then blocks that stand elsewhere (columns read in another order), then words that
    are left over once on both sides, then words that are nearly the same between two that are paired. A box whose word
    is not in `target` is left out; one whose word was taken apart comes once for each part.
    """
    atoms, found = atoms_of_boxes(text, boxes), atoms_of(target)
    pairs = paired(atoms, found)
    spans = [(atoms[i].box, found[j].start, found[j].end) for i, j in pairs.items()]
    spans += near_spans(atoms, found, pairs)
    return tuple(joined(sorted(spans, key=lambda span: span[1:]), boxes, target))


def atoms_of(text: str, start: int = 0, end: int | None = None, box: int = -1) -> list[Atom]:
    """The atoms of [start, end) of a text."""
    matches = ATOM.finditer(text, start, len(text) if end is None else end)
    return [Atom(spelling(match.group()), match.start(), match.end(), box) for match in matches]


def atoms_of_boxes(text: str, boxes: Sequence[WordBox]) -> list[Atom]:
    """The atoms of all boxes, each with its box."""
    return [atom for index, box in enumerate(boxes) for atom in atoms_of(text, box.start, box.end, index)]


def spelling(word: str) -> str:
    """A word in one spelling: NFKC, case folded."""
    return unicodedata.normalize("NFKC", word).casefold()


def paired(atoms: Sequence[Atom], found: Sequence[Atom]) -> dict[int, int]:
    """Indices of atoms and those of the same words in `found`."""
    pairs: dict[int, int] = {}
    left, right = list(range(len(atoms))), list(range(len(found)))
    for _ in range(BLOCKS if len(atoms) * len(found) <= MOST_PAIRS else 0):
        matcher = SequenceMatcher(None, [atoms[i].word for i in left], [found[j].word for j in right], autojunk=False)
        least = SHORTEST_BLOCK if pairs else 1
        blocks = [block for block in matcher.get_matching_blocks() if block.size >= least]
        new = {left[block.a + step]: right[block.b + step] for block in blocks for step in range(block.size)}
        if not new:
            break
        pairs.update(new)
        taken = set(pairs.values())
        left, right = [i for i in left if i not in pairs], [j for j in right if j not in taken]
    pairs.update(lone_pairs(atoms, found, left, right))
    return pairs


def lone_pairs(
    atoms: Sequence[Atom], found: Sequence[Atom], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of words that are left over exactly once on both sides."""
    ours, theirs = Counter(atoms[i].word for i in left), Counter(found[j].word for j in right)
    places = {found[j].word: j for j in right}
    for i in left:
        word = atoms[i].word
        if ours[word] == theirs[word] == 1:
            yield i, places[word]


def near_spans(atoms: Sequence[Atom], found: Sequence[Atom], pairs: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """(box, start, end) of words that differ by a few characters or spaces, where what stands around them is paired."""
    taken = sorted(pairs.values())
    edges = [(-1, -1), *sorted(pairs.items()), (len(atoms), len(found))]
    for (i, j), (next_i, next_j) in pairwise(edges):
        ours = atoms[i + 1 : next_i]
        free = bisect_left(taken, j + 1) == bisect_left(taken, next_j)
        if ours and j < next_j and free:
            yield from like_spans(ours, found[j + 1 : next_j])


def like_spans(ours: Sequence[Atom], theirs: Sequence[Atom]) -> Iterator[tuple[int, int, int]]:
    """(box, start, end) for those of our words whose characters are mostly found, in order, among theirs."""
    first, second = "".join(atom.word for atom in ours), "".join(atom.word for atom in theirs)
    if not second or max(len(first), len(second)) > LONGEST_GAP:
        return
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    places = {block.a + step: block.b + step for block in blocks for step in range(block.size)}
    ends = [end for atom in theirs for end in character_ends(atom)]
    position = 0
    for atom in ours:
        hits = [places[at] for at in range(position, position + len(atom.word)) if at in places]
        position += len(atom.word)
        near = hits and hits[-1] - hits[0] < len(atom.word) + SPREAD
        if near and len(hits) >= LIKE * len(atom.word):
            yield atom.box, ends[hits[0]][0], ends[hits[-1]][1]


def character_ends(atom: Atom) -> list[tuple[int, int]]:
    """Where each character of an atom's spelling stands; where spelling changed its length, that is all of the atom."""
    if len(atom.word) != atom.end - atom.start:
        return [(atom.start, atom.end)] * len(atom.word)
    return [(at, at + 1) for at in range(atom.start, atom.end)]


def joined(spans: Sequence[tuple[int, int, int]], boxes: Sequence[WordBox], target: str) -> Iterator[WordBox]:
    """Boxes of spans in order; spans of one box with no other word between them become one."""
    current: tuple[int, int, int] | None = None
    for box, start, end in spans:
        if current is not None and current[0] == box and not ATOM.search(target, current[2], start):
            current = (box, current[1], max(end, current[2]))
            continue
        if current is not None:
            yield boxes[current[0]]._replace(start=current[1], end=current[2])
        current = (box, start, end)
    if current is not None:
        yield boxes[current[0]]._replace(start=current[1], end=current[2])
