"""What people look at and decide about."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from raftune import api, desk
from raftune.errors import ConfigError
from raftune.reviewing.log import list_decisions
from tests.cli.harbour import make_project, raftune
from tests.support import make_chunk


@pytest.fixture
def project(tmp_path: Path) -> api.Project:
    folder = make_project(tmp_path / "harbour")
    with (folder / "raftune.toml").open("a") as settings:
        settings.write("[verify]\nverifiers = []\n")
    raftune(folder, "run", "-q", "--until", "verify")
    return api.open_project(folder)


def test_times_of_decisions_are_universal(project: api.Project, tmp_path: Path) -> None:
    answer = next(iter(desk.reviewable(project)))
    sheet = tmp_path / "a.jsonl"
    sheet.write_text(f'{{"id": "{answer.id}", "verdict": "accept"}}\n')
    noon = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=9)))
    desk.import_review(project, sheet, "가람", noon)
    found = list(list_decisions(project.decisions))
    assert [(one.who, one.when) for one in found] == [("가람", "2026-11-23T03:00:00+00:00")]
    assert desk.review_tally(project).accepted == 1


def test_nothing_is_written_where_nothing_is_decided(project: api.Project, tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    desk.export_review(project, sheet, undecided=True)
    assert desk.import_review(project, sheet, "ada", datetime.now(UTC)).decisions == ()
    assert not project.decisions.exists()


def test_before_there_is_anything_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    (tmp_path / "documents").mkdir()
    opened = api.open_project(tmp_path)
    for look in (desk.review_tally, desk.description, lambda project: desk.example(project, "ab")):
        with pytest.raises(ConfigError, match="has not been run yet"):
            look(opened)


def test_a_place_names_file_and_pages() -> None:
    chunk = make_chunk("text")
    assert desk.place_words(chunk) == "d.md, page 1"
    assert desk.place_words(chunk.changed(pages=(1, 2))) == "d.md, pages 1, 2"
    assert desk.place_words(chunk.changed(pages=())) == "d.md"
