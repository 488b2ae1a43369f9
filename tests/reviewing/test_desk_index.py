"""The index says what folding the log says, after any decisions, whoever made them and however they are read."""

import json
import random
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.artifact import Artifact, Draft, open_artifact
from raftune.records import Answer, Decision
from raftune.reviewing.desk_index import DeskIndex, Wanted, in_conflict
from raftune.reviewing.folding import fold, standing
from raftune.reviewing.log import append_decisions, list_decisions
from raftune.reviewing.sharing import is_common, is_for
from tests.support import make_answer, make_chunk

COUNT = 24
NAMES = ("ada", "ben")


def made(folder: Path) -> tuple[Artifact[Answer], list[Answer], dict[str, str]]:
    """Answers about two documents."""
    chunks = [make_chunk(f"Berth {n} costs {n} coins.", n, f"d{n % 2}") for n in range(COUNT)]
    answers = [
        make_answer(chunk, f"What does berth {n} cost?", f"{n} coins").changed(
            kind="number" if n % 3 else "fact", flags=("unverified",) if n % 5 == 0 else ()
        )
        for n, chunk in enumerate(chunks)
    ]
    folder.mkdir(parents=True)
    draft = Draft(folder, "verify", {})
    for answer in answers:
        draft.add(answer)
    draft.finish()
    return open_artifact(folder, Answer), answers, {chunk.id: chunk.path for chunk in chunks}


def desk_of(folder: Path) -> tuple[DeskIndex, list[Answer]]:
    artifact, answers, paths = made(folder / "verify")
    return DeskIndex(artifact, paths, folder / "desk.sqlite", folder / "decisions.jsonl"), answers


def decide(answer: str, verdict: Any, who: str = "ada", **more: Any) -> Decision:
    return Decision(answer=answer, verdict=verdict, who=who, when="2026-11-22T10:00:00+00:00", **more)


def names(desk: DeskIndex, **wanted: Any) -> list[str]:
    return [entry.id for entry in desk.all_of(Wanted(**wanted))]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["accept", "edit", "reject", "undo", "flag", "unflag"]),
        st.sampled_from(NAMES),
    ),
    max_size=40,
)


@settings(max_examples=40)
@given(STEPS, st.integers(0, 1000))
def test_the_index_says_what_the_log_says(tmp_path_factory: Any, steps: list[Any], seed: int) -> None:
    folder = tmp_path_factory.mktemp("desk")
    desk, answers = desk_of(folder)
    chance = random.Random(seed)
    for number, verdict, who in steps:
        append_decisions(desk.log, [decide(answers[number].id, verdict, who)])
        if chance.random() < 0.5:
            desk.follow()
    desk.follow()
    again = DeskIndex(made(folder / "other")[0], {}, folder / "again.sqlite", desk.log)
    again.follow()
    log = list(list_decisions(desk.log))
    held = fold(log)
    for one in (desk, again):
        for verdict in ("accept", "edit", "reject"):
            assert set(names(one, state=verdict)) == {name for name, found in held.items() if found.verdict == verdict}
        assert set(names(one, state="undecided")) == {answer.id for answer in answers} - held.keys()
        conflicts = {a.id for a in answers if in_conflict(standing(row for row in log if row.answer == a.id))}
        assert set(names(one, state="conflict")) == conflicts
        assert one.count_of(Wanted(state="all")) == COUNT == sum(one.tally().values())
        one.close()


def test_filters(tmp_path: Path) -> None:
    desk, answers = desk_of(tmp_path)
    desk.follow()
    everything = {answer.id: n for n, answer in enumerate(answers)}
    assert names(desk, path="d1.md") == [name for name, n in everything.items() if n % 2]
    assert names(desk, kind="fact") == [name for name, n in everything.items() if n % 3 == 0]
    assert names(desk, flag="unverified") == [name for name, n in everything.items() if n % 5 == 0]
    assert names(desk, text="BERTH 7 cost") == [answers[7].id]
    assert names(desk, text="%") == []
    assert desk.count_of(Wanted(path="d0.md", kind="fact")) == 4
    assert desk.facets["path"] == [("d0.md", 12), ("d1.md", 12)]
    assert desk.facets["flag"] == [("unverified", 5)]
    first = desk.after(Wanted(path="d1.md"), -1)
    assert first is not None
    assert desk.read(first) == answers[1]
    after = desk.after(Wanted(path="d1.md"), first.position)
    assert after is not None
    assert desk.before(Wanted(path="d1.md"), after.position) == first


def test_reviewers_share(tmp_path: Path) -> None:
    desk, answers = desk_of(tmp_path)
    team: dict[str, Any] = {"reviewers": NAMES, "overlap": 0.3}
    for who in NAMES:
        wanted = [answer.id for answer in answers if is_for(answer.id, who, NAMES, 0.3)]
        assert names(desk, who=who, **team) == wanted
    common = next(answer.id for answer in answers if is_common(answer.id, 0.3))
    append_decisions(desk.log, [decide(common, "accept", "ada")])
    desk.follow()
    assert common not in names(desk, who="ada", **team)
    assert common in names(desk, who="ben", **team)
    assert common in names(desk, who="ben", state="common", **team)


def test_disagreement_is_settled_by_another_look(tmp_path: Path) -> None:
    desk, answers = desk_of(tmp_path)
    one, other = answers[0].id, answers[1].id
    append_decisions(
        desk.log,
        [decide(one, "accept"), decide(one, "reject", "ben"), decide(other, "accept"), decide(other, "edit", "ben")],
    )
    desk.follow()
    assert names(desk, state="conflict") == [one]
    agreement = desk.agreement()
    assert (agreement.answers, agreement.conflicts) == (2, 1)
    append_decisions(desk.log, [decide(one, "reject", "ada")])
    desk.follow()
    assert names(desk, state="conflict") == []
    assert desk.agreement().alpha == agreement.alpha  # first verdicts count


def test_undo_goes_back_through_a_reviewers_own_decisions(tmp_path: Path) -> None:
    desk, answers = desk_of(tmp_path)
    a, b = answers[0].id, answers[1].id
    append_decisions(desk.log, [decide(a, "accept"), decide(b, "reject"), decide(b, "accept", "ben")])
    desk.follow()
    assert desk.last_by("ada") == a
    append_decisions(desk.log, [decide(a, "undo")])
    desk.follow()
    assert desk.last_by("ada") is None
    assert desk.last_by("ben") == b


def test_another_log_is_read_anew_and_a_torn_line_waits(tmp_path: Path) -> None:
    desk, answers = desk_of(tmp_path)
    append_decisions(desk.log, [decide(answers[0].id, "accept"), decide(answers[1].id, "flag")])
    desk.follow()
    assert len(desk.remarks("flag")) == 1
    desk.log.write_text(json.dumps({"answer": answers[2].id, "verdict": "reject", "who": "x", "when": ""}) + "\n{torn")
    desk.follow()
    assert names(desk, state="accept") == []
    assert names(desk, state="reject") == [answers[2].id]
    assert desk.recent("x") == [""]
    desk.log.unlink()
    desk.follow()
    assert desk.tally() == {"": COUNT}


def test_two_processes_may_follow_the_same_log_in_one_file(tmp_path: Path) -> None:
    artifact, answers, paths = made(tmp_path / "verify")
    desks = [DeskIndex(artifact, paths, tmp_path / "desk.sqlite", tmp_path / "decisions.jsonl") for _ in range(2)]
    append_decisions(desks[0].log, [decide(answers[0].id, "accept"), decide(answers[1].id, "reject")])
    lines = desks[0].log.read_bytes()
    found = list(list_decisions(desks[0].log))
    for desk in desks:  # both have read the log when the first one writes
        desk.add(found, 0, len(lines), "")
    assert len(desks[1].history(answers[0].id)) == 1
    append_decisions(desks[0].log, [decide(answers[0].id, "undo")])
    for desk in desks:
        desk.follow()
    assert desks[1].tally() == {"": COUNT - 1, "reject": 1}
    assert len(desks[0].history(answers[0].id)) == 2
