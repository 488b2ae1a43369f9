"""Writes a training set in a format: a file a split and draw, settings, the card."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from raftune.contracts import Exporter
from raftune.digest import Json
from raftune.errors import ConfigError
from raftune.exporting.card import card_text, readme
from raftune.exporting.folder import CARD, MARK, file_facts, staged
from raftune.exporting.lengths import MULTIPLE, TEMPLATE, Lengths, room, spread
from raftune.exporting.limits import limits_of
from raftune.exporting.origin import Origin
from raftune.exporting.snippets import Tuning, write_snippets
from raftune.exporting.tally import SPLITS, Tally
from raftune.hosting.rules import Problem, find_problems
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example, Language, Split

CARD_VERSION = 1


@dataclass(frozen=True)
class Order:
    """What is asked for. `rows` names the rows' kind, `mark` asks for a byte-order mark, as Azure wants.

    With `model` the rows of a hosted format are checked against the tokens that model reads.
    """

    form: str
    rows: Literal["raft", "dsf"] = "raft"
    splits: tuple[Split, ...] = SPLITS
    mark: bool = False
    force: bool = False
    model: str | None = None


@dataclass(frozen=True)
class Counting:
    """How tokens are counted: by whose tokenizer, its measure, and whether that is exact or an estimate."""

    student: str
    measure: Callable[[str], Sequence[int]]
    exact: bool


@dataclass(frozen=True)
class Exported:
    """An export: its folder, its card as written, and what a provider would refuse."""

    folder: Path
    card: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass
class Files:
    """The data files of an export, opened when their first row comes."""

    stage: Path
    exporter: Exporter
    mark: bool
    stack: ExitStack
    writers: dict[tuple[Split, int], Callable[[dict[str, Json]], object]] = field(default_factory=dict)
    rows: dict[tuple[Split, int], int] = field(default_factory=dict)

    def add(self, example: Example, row: dict[str, Json]) -> None:
        """Appends a row to the file of its split and draw."""
        place = example.split, example.draw
        if place not in self.writers:
            path = self.stage / self.name(*place)
            path.parent.mkdir(exist_ok=True)
            file = self.stack.enter_context(path.open("wb"))
            file.write(codecs.BOM_UTF8 if self.mark else b"")
            self.writers[place] = self.stack.enter_context(self.exporter.writing(file))
        self.writers[place](row)
        self.rows[place] = self.rows.get(place, 0) + 1

    def name(self, split: Split, draw: int) -> str:
        """The file of a split; the first draw has the split's plain name."""
        stem = f"{split}-draw-{draw + 1}" if draw else split
        return (Path(self.exporter.folder) / f"{stem}{self.exporter.extension}").as_posix()

    def facts(self) -> list[dict[str, Any]]:
        """Name, split, draw and rows of each file, splits in order."""
        places = sorted(self.rows, key=lambda place: (SPLITS.index(place[0]), place[1]))
        return [
            {"name": self.name(*place), "split": place[0], "draw": place[1], "rows": self.rows[place]}
            for place in places
        ]


@contextmanager
def open_files(stage: Path, exporter: Exporter, *, mark: bool) -> Iterator[Files]:
    """The data files of an export; whole when the block ends."""
    with ExitStack() as stack:
        yield Files(stage, exporter, mark, stack)


def export_set(
    order: Order,
    exporter: Exporter,
    examples: Iterable[Example],
    prompt: RaftPrompt,
    origin: Origin,
    counting: Counting,
    tuning: Tuning,
    folder: Path,
) -> Exported:
    """Writes the export; `examples` are read once. The same rows and order make the same bytes.

    Raises ConfigError where nothing is to be written, an option does not fit the format, or the folder holds other
    files; StoreError where it cannot be written.
    """
    check(order, exporter)
    tally, lengths = Tally(), Lengths(counting.measure)
    with staged(folder, force=order.force) as stage:
        with open_files(stage, exporter, mark=order.mark) as files:
            for example in examples:
                if example.split in order.splits:
                    files.add(example, exporter.row(example, prompt))
                    tally.add(example)
                    lengths.add(example, prompt.of_example(example), prompt.target(example))
        if not files.rows:
            raise ConfigError(
                f"There is no example in {' or '.join(order.splits)}.", "Choose another --split, or add documents."
            )
        problems = find_all(stage, files.facts(), order, exporter, lengths.count)
        card = card_of(order, tally, prompt, origin, counting, lengths)
        if not order.mark:
            write_snippets(stage, exporter.trainers, order.form, files.facts(), tuning, card["lengths"])
        finish(stage, card, files.facts(), exporter, language_of(tally))
    return Exported(folder, card, problems)


def check(order: Order, exporter: Exporter) -> None:
    """Raises ConfigError for an option that this format does not have."""
    if exporter.hosted:
        return
    for asked, option in ((order.mark, "--bom"), (order.model is not None, "--model")):
        if asked:
            raise ConfigError(f"{option} is not for {order.form} files.", "Use it with chat, which providers take.")


def find_all(
    stage: Path, files: Sequence[dict[str, Any]], order: Order, exporter: Exporter, count: Callable[[str], int]
) -> tuple[Problem, ...]:
    """What a provider would refuse of the staged training and validation files: Azure with the mark, else OpenAI."""
    if not exporter.hosted:
        return ()
    provider: Literal["openai", "azure"] = "azure" if order.mark else "openai"
    counter = count if order.model is not None else None
    found: list[Problem] = []
    for file in files:
        if file["split"] != "test":
            training = file["split"] == "train"
            path = stage / file["name"]
            found.extend(find_problems(path, provider, training=training, model=order.model, count=counter))
    return tuple(found)


def card_of(
    order: Order, tally: Tally, prompt: RaftPrompt, origin: Origin, counting: Counting, lengths: Lengths
) -> dict[str, Any]:
    """The card but for its files."""
    facts = origin.as_json(tally, prompt)
    return {
        MARK: CARD_VERSION,
        "format": order.form,
        "rows": order.rows,
        "byte_order_mark": order.mark,
        "student": counting.student,
        "counts": tally.as_json(),
        "lengths": {
            "exact": counting.exact,
            "prompt": asdict(spread(lengths.prompts)),
            "answer": asdict(spread(lengths.answers)),
            "longest": lengths.longest,
            "template": TEMPLATE,
            "multiple": MULTIPLE,
            "room": room(lengths.longest, exact=counting.exact),
        },
        "origin": facts,
        "limits": limits_of(tally, facts),
    }


def finish(
    stage: Path, card: dict[str, Any], data: Sequence[dict[str, Any]], exporter: Exporter, language: Language
) -> None:
    """Adds the files to the card, writes README.md, and the card last."""
    known = {fact["name"]: fact for fact in file_facts(stage)}
    card["data"] = [{**file, **known[file["name"]]} for file in data]
    (stage / "README.md").write_text(readme(card, language, exporter.columns), encoding="utf-8")
    card["files"] = file_facts(stage)
    (stage / CARD).write_text(card_text(card), encoding="utf-8")


def language_of(tally: Tally) -> Language:
    """The language of most rows: the card is written in it."""
    return "ko" if tally.languages["ko"] > tally.languages["en"] else "en"
