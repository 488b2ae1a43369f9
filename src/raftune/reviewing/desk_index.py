"""All answers to decide about and all decisions in one small database, so that any filter of 200,000 is quick.

It holds nothing of its own: it is made of the stored answers and of the log, which it follows line by line.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from raftune.artifact import Artifact
from raftune.errors import StoreError
from raftune.records import Answer, Decision
from raftune.reviewing.alpha import alpha
from raftune.reviewing.folding import take
from raftune.reviewing.log import decisions_after, row_of
from raftune.reviewing.sharing import share_of, turn_of
from raftune.row_index import Line, build, connect, lines_in, read_line

State = Literal["todo", "all", "undecided", "accept", "edit", "reject", "flagged", "conflict", "common"]
STATES: tuple[State, ...] = ("todo", "undecided", "all", "accept", "edit", "reject", "flagged", "conflict", "common")
BATCH = 5_000
FRESH = 10.0  # seconds
SCHEMA = """
CREATE TABLE item(position INTEGER PRIMARY KEY, id TEXT, chunk TEXT, path TEXT, kind TEXT, language TEXT, flags TEXT,
  words TEXT, share REAL, turn INTEGER, shard INTEGER, start INTEGER, size INTEGER);
CREATE TABLE state(position INTEGER PRIMARY KEY, verdict TEXT, who TEXT, flagged INTEGER DEFAULT 0,
  conflict INTEGER DEFAULT 0, deciders TEXT DEFAULT ',', firsts TEXT);
CREATE TABLE decision(seq INTEGER PRIMARY KEY, answer TEXT, who TEXT, verdict TEXT, at TEXT, row TEXT);
CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT);
"""
INDEXES = """
INSERT INTO state(position) SELECT position FROM item;
CREATE UNIQUE INDEX item_id ON item(id);
CREATE INDEX item_path ON item(path, position);
CREATE INDEX item_kind ON item(kind, position);
CREATE INDEX item_flags ON item(position, flags) WHERE flags <> ',';
CREATE INDEX item_share ON item(position, share, turn);
CREATE INDEX state_verdict ON state(verdict, position);
CREATE INDEX state_conflict ON state(position) WHERE conflict = 1;
CREATE INDEX state_flagged ON state(position) WHERE flagged = 1;
CREATE INDEX decision_answer ON decision(answer, seq);
CREATE INDEX decision_who ON decision(who, seq);
"""
ITEM = "item.position, item.id, item.chunk, item.shard, item.start, item.size, state.verdict"


@dataclass(frozen=True)
class Wanted:
    """Which answers: those in a state, of a document, a kind, with a gate's flag, with some text in them.

    "todo" and "common" are as `who` among `reviewers` sees it: what falls to them and they have not decided about.
    """

    state: State = "todo"
    path: str = ""
    kind: str = ""
    flag: str = ""
    text: str = ""
    who: str = ""
    reviewers: tuple[str, ...] = ()
    overlap: float = 0.0


@dataclass(frozen=True)
class Entry:
    """An answer as the index knows it; `verdict` is the one that holds, None where there is none."""

    position: int
    id: str
    chunk: str
    line: Line
    verdict: str | None


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha over the first verdicts of different reviewers, and over how many answers."""

    alpha: float | None
    answers: int
    conflicts: int


class DeskIndex:
    """The answers of one artifact with the decisions of a log. Threads take turns."""

    def __init__(self, answers: Artifact[Answer], paths: Mapping[str, str], file: Path, log: Path) -> None:
        """`paths` gives each chunk's document; `file` is the index, made now where there is none."""
        if answers.folder is None:
            raise StoreError(f"The artifact {answers.name} is not on disk.", "Run its stage first.")
        self.folder, self.log, self.count = answers.folder, log, len(answers)
        self.lock = threading.RLock()
        self.counted: dict[Wanted, tuple[float, int]] = {}
        if not file.exists():
            build(file, lambda: items_of(self.folder, paths), SCHEMA, INDEXES)
        self.connection = connect(file)

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What a query gives."""
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def follow(self) -> None:
        """Takes in what was added to the log; all of it anew where it is another log. Raises ConfigError."""
        with self.lock:
            size, head = self.log.stat().st_size if self.log.exists() else 0, beginning(self.log)
            position, known = self.reached()
            if size < position or not head.startswith(known):
                self.forget()
                position = 0
            while size > position:
                found, after = decisions_after(self.log, position, BATCH)
                if after == position:
                    return
                self.add(found, position, after, head)
                position, _ = self.reached()

    def reached(self) -> tuple[int, str]:
        """How far the log was read, in bytes, and how it began."""
        facts: dict[str, str] = dict(self.rows("SELECT name, value FROM fact"))
        return int(facts.get("position", 0)), facts.get("head", "")

    def forget(self) -> None:
        """Takes all decisions out."""
        with self.connection:
            self.connection.executescript(
                "BEGIN; DELETE FROM decision; DELETE FROM fact; "
                "UPDATE state SET verdict = NULL, who = NULL, flagged = 0, conflict = 0, deciders = ',', firsts = NULL;"
                "COMMIT;"
            )

    def add(self, decisions: Sequence[Decision], before: int, after: int, head: str) -> None:
        """Takes in the decisions between two places of the log, with how far it was read: all or nothing.

        Nothing, too, where another process has taken them in meanwhile.
        """
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for one in decisions if self.reached()[0] == before else ():
                text = json.dumps(row_of(one), ensure_ascii=False)
                values = (one.answer, one.who, one.verdict, one.when, text)
                execute("INSERT INTO decision(answer, who, verdict, at, row) VALUES (?, ?, ?, ?, ?)", values)
            for answer in {one.answer for one in decisions}:
                self.settle(answer)
            for name, value in (("position", str(max(after, self.reached()[0]))), ("head", head)):
                execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))
            execute("COMMIT")
        except BaseException:
            execute("ROLLBACK")
            raise

    def settle(self, answer: str) -> None:
        """Works out what holds for an answer from all decisions about it."""
        history = self.history(answer)
        held: list[Decision] = []
        flagged = False
        for one in history:
            take(held, one)
            flagged = one.verdict == "flag" or (flagged and one.verdict != "unflag")
        firsts: dict[str, str] = {}
        for one in held:
            firsts.setdefault(one.who, one.verdict)
        last = held[-1] if held else None
        values = (
            last and last.verdict,
            last and last.who,
            flagged,
            in_conflict(held),
            "".join(f",{who}" for who in firsts) + ",",
            json.dumps(list(firsts.values())) if len(firsts) > 1 else None,
            answer,
        )
        self.connection.execute(
            "UPDATE state SET verdict = ?, who = ?, flagged = ?, conflict = ?, deciders = ?, firsts = ? "
            "WHERE position = (SELECT position FROM item WHERE id = ?)",
            values,
        )

    def history(self, answer: str) -> list[Decision]:
        """All decisions and remarks about an answer, in their order."""
        found = self.rows("SELECT row FROM decision WHERE answer = ? ORDER BY seq", answer)
        return [Decision.model_validate_json(text) for (text,) in found]

    def entry(self, name: str) -> Entry | None:
        """The answer of that id, or None."""
        found = self.rows(f"SELECT {ITEM} FROM item JOIN state USING (position) WHERE item.id = ?", name)  # noqa: S608
        return entry_of(found[0]) if found else None

    def read(self, entry: Entry) -> Answer:
        """The answer itself. Raises StoreError where it was altered."""
        return Answer.from_row(read_line(self.folder, entry.line))

    def count_of(self, wanted: Wanted) -> int:
        """How many answers there are of that sort."""
        where, values = condition(wanted)
        return int(self.rows(f"SELECT count(*) FROM item JOIN state USING (position) WHERE {where}", *values)[0][0])  # noqa: S608

    def about(self, wanted: Wanted) -> int:
        """The same, up to ten seconds old."""
        now = time.monotonic()
        with self.lock:
            if wanted not in self.counted or now - self.counted[wanted][0] > FRESH:
                self.counted = {wanted: (now, self.count_of(wanted))}
            return self.counted[wanted][1]

    def after(self, wanted: Wanted, position: int) -> Entry | None:
        """The first answer of that sort behind a place; -1: the first of all."""
        return next(iter(self.some(wanted, f"item.position > {position:d} ORDER BY item.position LIMIT 1")), None)

    def before(self, wanted: Wanted, position: int) -> Entry | None:
        """The last answer of that sort before a place."""
        return next(iter(self.some(wanted, f"item.position < {position:d} ORDER BY item.position DESC LIMIT 1")), None)

    def all_of(self, wanted: Wanted, position: int = -1) -> Iterator[Entry]:
        """All answers of that sort behind a place, read by and by."""
        while found := self.some(wanted, f"item.position > {position:d} ORDER BY item.position LIMIT {BATCH}"):
            yield from found
            position = found[-1].position

    def some(self, wanted: Wanted, more: str) -> list[Entry]:
        """Answers of that sort, with a further condition of our own."""
        where, values = condition(wanted)
        sql = f"SELECT {ITEM} FROM item JOIN state USING (position) WHERE {where} AND {more}"  # noqa: S608
        return [entry_of(row) for row in self.rows(sql, *values)]

    def tally(self) -> dict[str, int]:
        """Answers by the verdict that holds, "" for none."""
        return {
            verdict or "": count for verdict, count in self.rows("SELECT verdict, count(*) FROM state GROUP BY verdict")
        }

    def agreement(self) -> Agreement:
        """How far reviewers agree where more than one decided."""
        units = [json.loads(text) for (text,) in self.rows("SELECT firsts FROM state WHERE firsts IS NOT NULL")]
        (conflicts,) = self.rows("SELECT count(*) FROM state WHERE conflict = 1")[0]
        return Agreement(alpha(units), len(units), conflicts)

    def last_by(self, who: str) -> str | None:
        """The answer whose standing decision was a reviewer's latest, or None."""
        for (answer,) in self.rows("SELECT answer FROM decision WHERE who = ? ORDER BY seq DESC LIMIT 200", who):
            found = self.rows("SELECT state.who FROM item JOIN state USING (position) WHERE item.id = ?", answer)
            if found and found[0][0] == who:
                return str(answer)
        return None

    def recent(self, who: str, most: int = 60) -> list[str]:
        """When a reviewer made the latest decisions, the last one first."""
        decided = "who = ? AND verdict IN ('accept', 'edit', 'reject')"
        sql = f"SELECT at FROM decision WHERE {decided} ORDER BY seq DESC LIMIT ?"  # noqa: S608 - it is ours
        return [at for (at,) in self.rows(sql, who, most)]

    def remarks(self, *verdicts: str) -> list[Decision]:
        """All remarks of those sorts, in their order."""
        marks = ", ".join("?" * len(verdicts))
        found = self.rows(f"SELECT row FROM decision WHERE verdict IN ({marks}) ORDER BY seq", *verdicts)  # noqa: S608
        return [Decision.model_validate_json(text) for (text,) in found]

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """The documents, kinds and flags there are, with how many answers each has."""
        found = {name: self.rows(f"SELECT {name}, count(*) FROM item GROUP BY {name}") for name in ("path", "kind")}  # noqa: S608
        flags: dict[str, int] = {}
        for text, count in self.rows("SELECT flags, count(*) FROM item WHERE flags <> ',' GROUP BY flags"):
            for flag in filter(None, text.split(",")):
                flags[flag] = flags.get(flag, 0) + count
        return {**found, "flag": sorted(flags.items())}

    def close(self) -> None:
        """Closes its file."""
        self.connection.close()


def beginning(log: Path) -> str:
    """The first bytes of a log, which tell it from another one."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        return file.read(200).hex()


def items_of(folder: Path, paths: Mapping[str, str]) -> Iterator[Sequence[object]]:
    """The values of the table `item`."""
    for position, (line, text) in enumerate(lines_in(folder)):
        row = json.loads(text)
        name, chunk = row["id"], row["chunk"]
        words = f"{row['text']}\n{row['final']}\n{row['reasoning']}".casefold()
        flags = "".join(f",{flag}" for flag in row.get("flags", ())) + ","
        sort = (name, chunk, paths.get(chunk, ""), row.get("kind", "fact"), row["language"], flags, words)
        yield position, *sort, share_of(name), turn_of(name, 1 << 40), *line


def in_conflict(held: Sequence[Decision]) -> bool:
    """Whether two reviewers judged an answer differently, and nobody has decided since both did.

    What is compared is whether the answer is kept: an edit keeps it.
    """
    firsts: dict[str, bool] = {}
    second = 0
    for place, one in enumerate(held):
        if one.who not in firsts:
            firsts[one.who] = one.verdict == "reject"
            second = place if len(firsts) == 2 else second
    return len(set(firsts.values())) > 1 and second == len(held) - 1


def condition(wanted: Wanted) -> tuple[str, list[object]]:
    """The condition of a query, and its values."""
    parts, values = ["1"], list[object]()
    for column in ("path", "kind"):
        if value := getattr(wanted, column):
            parts.append(f"item.{column} = ?")
            values.append(value)
    for column, value in (
        ("flags", f",{wanted.flag}," if wanted.flag else ""),
        ("words", wanted.text.casefold().strip()),
    ):
        if value:
            parts.append(f"instr(item.{column}, ?) > 0")
            values.append(value)
    more, added = state_condition(wanted)
    return " AND ".join([*parts, *more]), [*values, *added]


def state_condition(wanted: Wanted) -> tuple[list[str], list[object]]:
    """The part of a condition that is about decisions."""
    fixed = {
        "all": [],
        "undecided": ["state.verdict IS NULL"],
        "flagged": ["state.flagged = 1"],
        "conflict": ["state.conflict = 1"],
    }
    if wanted.state in fixed:
        return fixed[wanted.state], []
    if wanted.state in ("accept", "edit", "reject"):
        return ["state.verdict = ?"], [wanted.state]
    if len(wanted.reviewers) < 2 or wanted.who not in wanted.reviewers:
        return ["state.verdict IS NULL"], []
    mine = "instr(state.deciders, ?) = 0"
    if wanted.state == "common":
        return [f"item.share < ? AND {mine}"], [wanted.overlap, f",{wanted.who},"]
    place, count = wanted.reviewers.index(wanted.who), len(wanted.reviewers)
    return [f"((item.share < ? AND {mine}) OR (item.share >= ? AND item.turn % ? = ? AND state.verdict IS NULL))"], [
        wanted.overlap,
        f",{wanted.who},",
        wanted.overlap,
        count,
        place,
    ]


def entry_of(row: Sequence[Any]) -> Entry:
    """A row of a query."""
    position, name, chunk, shard, start, size, verdict = row
    return Entry(position, name, chunk, Line(shard, start, size), verdict)
