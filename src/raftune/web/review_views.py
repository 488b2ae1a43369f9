"""One answer on the review desk: what is shown of it, where it stands in the filter, and how the review goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from raftune.errors import ConfigError
from raftune.records import Answer, Chunk, Decision, Example, Quote
from raftune.reviewing.desk_index import STATES, DeskIndex, Entry, Wanted
from raftune.reviewing.folding import edit, standing
from raftune.ui_config import UiConfig
from raftune.web.page_views import PageView, page_view, quoted, text_with_quotes
from raftune.web.visiting import Visit

FILTERS = ("state", "path", "kind", "flag", "text")
REASONS = (
    "wrong answer",
    "not in the passage",
    "question unclear",
    "question does not stand alone",
    "trivial",
    "duplicate",
    "quote does not support it",
    "personal data",
    "other",
)
"""Reasons to reject, as they stand in the log; their order is that of the keys 1 to 9."""
IDLE = 300.0  # seconds: a longer pause does not count as work
LONGEST = 20_000  # characters of an edited field


@dataclass(frozen=True)
class Item:
    """An answer as it would be trained on by now, its passage, and all that was decided about it."""

    entry: Entry
    answer: Answer
    shown: Answer
    chunk: Chunk
    history: tuple[Decision, ...]
    held: tuple[Decision, ...]
    flagged: bool
    page: PageView | None
    passage: tuple[tuple[str, bool], ...]
    distractors: tuple[tuple[str, str, str], ...]

    @property
    def last(self) -> Decision | None:
        """The decision that holds."""
        return self.held[-1] if self.held else None


def wanted_of(query: Mapping[str, str], who: str, config: UiConfig) -> Wanted:
    """The filter that an address holds."""
    values: dict[str, Any] = {name: query.get(name, "")[:500] for name in FILTERS}
    values["state"] = values["state"] if values["state"] in STATES else "todo"
    return Wanted(**values, who=who, reviewers=config.reviewers, overlap=config.overlap)


def query_of(wanted: Wanted, item: str = "") -> str:
    """The address's part that holds a filter and an answer."""
    values = {name: getattr(wanted, name) for name in FILTERS if getattr(wanted, name)}
    return urlencode(values | ({"item": item} if item else {}))


def item_of(visit: Visit, desk: DeskIndex, entry: Entry, number: int | None = None) -> Item:
    """Everything about one answer; page `number` of its document, or the one its quotes stand on.

    Raises ConfigError where its passage is not stored any more.
    """
    project, library = visit.project, visit.cockpit.library
    answer = desk.read(entry)
    chunk = library.chunk(project, entry.chunk)
    if chunk is None:
        raise ConfigError("Its passage is not stored any more.", "Run the project again.")
    history = desk.history(entry.id)
    held = standing(history)
    edited = edit(answer, held[-1], chunk) if held and held[-1].verdict == "edit" else answer
    shown = edited if isinstance(edited, Answer) else answer
    marks = [one.verdict for one in history if one.verdict in ("flag", "unflag")]
    return Item(
        entry,
        answer,
        shown,
        chunk,
        tuple(history),
        tuple(held),
        marks[-1:] == ["flag"],
        source_page(visit, chunk, shown.quotes, number),
        text_with_quotes(chunk, shown.quotes),
        distractors_of(visit, entry.id),
    )


def source_page(visit: Visit, chunk: Chunk, quotes: Sequence[Quote], number: int | None) -> PageView | None:
    """The page with the quotes lit; None where the document is not stored any more."""
    spans = quoted(quotes, chunk) or [(chunk, 0, len(chunk.text))]
    try:
        return page_view(visit.project, visit.cockpit.library, chunk.document, spans, number)
    except ConfigError:
        if number is not None:
            raise
        return None


def distractors_of(visit: Visit, answer: str) -> tuple[tuple[str, str, str], ...]:
    """Chunk, tier and text of what stands beside the passage in training; nothing before examples were assembled."""
    index = visit.cockpit.library.latest(visit.project, "assemble")
    found = index.below(answer, 1) if index is not None else []
    rows = [row for row in found if isinstance(row, Example)]
    return tuple((one.chunk, one.tier, one.text) for row in rows for one in row.documents if one.tier != "oracle")


@dataclass(frozen=True)
class Progress:
    """How the review goes: answers by verdict, a reviewer's decisions a minute and seconds left at that pace."""

    tally: Mapping[str, int]
    total: int
    left: int
    pace: float | None

    @property
    def decided(self) -> int:
        """How many answers have a decision that holds."""
        return self.total - self.tally.get("", 0)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes, None where the pace is not known."""
        return None if not self.pace else self.left / self.pace * 60


def progress_of(desk: DeskIndex, wanted: Wanted) -> Progress:
    """The progress, as the reviewer of a filter sees it."""
    tally = desk.tally()
    left = tally.get("", 0)
    if len(wanted.reviewers) > 1 and wanted.who in wanted.reviewers:
        left = desk.about(replace(wanted, state="todo", path="", kind="", flag="", text=""))
    return Progress(tally, desk.count, left, pace_of(desk.recent(wanted.who)) if wanted.who else None)


def pace_of(times: Sequence[str]) -> float | None:
    """Decisions a minute over times, the latest first, pauses left out; None for fewer than three that can be told."""
    moments = [moment for text in times if (moment := seconds_of(text)) is not None]
    gaps = [max(0.0, later - earlier) for later, earlier in pairwise(moments)]
    worked = [gap for gap in gaps if gap <= IDLE]
    return len(worked) / max(sum(worked), 1.0) * 60 if len(worked) > 1 else None


def seconds_of(text: str) -> float | None:
    """A time as the log has it in seconds since 1970; None for what is a day only, or no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() if "T" in text else None


def guidelines_of(visit: Visit) -> str:
    """The project's own guidelines (guidelines.md beside raftune.toml), else the built-in ones."""
    path = visit.project.folder / "guidelines.md"
    if path.is_file() and not path.is_symlink():
        return path.read_text(encoding="utf-8", errors="replace")[:LONGEST]
    return str(visit.words["review"]["guidelines_text"])
