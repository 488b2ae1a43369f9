"""Two replies, and nothing that tells whose they are."""

import re
from pathlib import Path

from raftune.web.blind_log import gradings
from raftune.web.routes.blind import pairs
from raftune.web.routes.results import latest
from tests.web.cockpits import running


def test_pairs_are_graded_one_after_the_other(project: Path) -> None:
    with running(project) as up:
        total = len(pairs(latest(up.cockpit.project)))
        assert total > 1
        for number in range(total):
            page = up.get("/blind").text
            assert f"{number} of {total} graded" in page
            part = page[page.index('<div id="pair">') :]
            assert "tuned" not in part
            assert "base" not in part
            example = re.findall(r'action="/blind/([0-9a-f]+)"', page)[0]
            assert up.post(f"/blind/{example}", choice=("first", "both")[number % 2]).status_code == 200
        page = up.get("/blind").text
        assert "You have graded all of them" in page
    found = gradings(project / "gradings.jsonl")
    assert len(found) == total
    assert {one.who for one in found} == {"Ada"}
    assert {one.winner for one in found} <= {"", "base", "tuned"}


def test_a_question_that_is_gone(project: Path) -> None:
    with running(project) as up:
        assert up.post("/blind/nothing", choice="both").status_code == 400
        assert not (project / "gradings.jsonl").exists()


def test_marks_of_the_format_do_not_tell(project: Path) -> None:
    with running(project) as up:
        report = latest(up.cockpit.project)
    assert report is not None
    row = report.rows[0]
    marked = row.replies[1].changed(text="##begin_quote##Nine.##end_quote## <ANSWER>: nine")
    found = pairs(report.changed(rows=[row.changed(replies=[row.replies[0], marked])]))
    assert len(found) == 1
    assert not any("##" in text or "<ANSWER>" in text for text in found[0][2])
    assert any("Nine." in text for text in found[0][2])
