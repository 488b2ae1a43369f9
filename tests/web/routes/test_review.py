"""The desk over HTTP: decisions, undo, many at once, sheets, two reviewers."""

import csv
import io
import json
import re
from pathlib import Path

import httpx

from tests.web.cockpits import Up, decisions, running


def shown(text: str) -> str:
    """The answer that a page shows."""
    return re.findall(r"/review/([0-9a-f]{20})/decide", text)[0]


def names(up: Up) -> list[str]:
    return [row[0] for row in up.cockpit.library.desk(up.cockpit.project).rows("SELECT id FROM item ORDER BY position")]


def test_each_decision_leads_to_the_next_answer(project: Path) -> None:
    with running(project) as up:
        order = names(up)
        page = up.get("/review").text
        for verdict in ("accept", "reject", "accept"):
            at = shown(page)
            page = up.post(
                f"/review/{at}/decide", verdict=verdict, reason="trivial" if verdict == "reject" else ""
            ).text
            assert shown(page) == order[order.index(at) + 1]
        assert "3 of 36 decided" in page
    lines = decisions(project)
    assert [line["answer"] for line in lines] == order[:3]
    assert lines[1]["reason"] == "trivial"
    assert {line["who"] for line in lines} == {"Ada"}


def test_a_key_that_is_pressed_twice_decides_once(project: Path) -> None:
    with running(project) as up:
        at = names(up)[0]
        for _ in range(2):
            up.post(f"/review/{at}/decide", verdict="accept")
        up.post(f"/review/{at}/decide", verdict="reject", reason="other")
    assert [line["verdict"] for line in decisions(project)] == ["accept", "reject"]


def test_an_edit_holds_what_was_changed(project: Path) -> None:
    with running(project) as up:
        at = names(up)[0]
        desk = up.cockpit.library.desk(up.cockpit.project)
        entry = desk.entry(at)
        assert entry is not None
        answer = desk.read(entry)
        same = {"text": answer.text, "reasoning": "", "final": answer.final, "quotes": answer.quotes[0].text}
        assert (
            "Nothing was changed."
            in up.client.post(
                f"/review/{at}/decide", data={"verdict": "edit", **same}, headers={"HX-Request": "true"}
            ).text
        )
        up.post(f"/review/{at}/decide", verdict="edit", **{**same, "final": "ninety coins"})
        assert "ninety coins" in up.get(f"/review?state=all&item={at}").text
        bad = up.client.post(
            f"/review/{at}/decide",
            data={"verdict": "edit", **same, "quotes": "never written"},
            headers={"HX-Request": "true"},
        ).text
        assert "not in the passage" in bad
    (line,) = decisions(project)
    assert line["final"] == "ninety coins"
    assert not {"text", "quotes", "reasoning"} & line.keys()


def test_nobody_decides_without_a_name(project: Path) -> None:
    with running(project) as up:
        up.post("/settings", who="", language="en", theme="auto")
        answer = up.post(f"/review/{names(up)[0]}/decide", verdict="accept")
        assert answer.status_code == 400
        assert "needs the name" in answer.text
    assert decisions(project) == []


def test_undo_and_flag(project: Path) -> None:
    with running(project) as up:
        first, second = names(up)[:2]
        up.post(f"/review/{first}/decide", verdict="accept")
        up.post(f"/review/{second}/decide", verdict="flag")
        assert shown(up.post("/review/undo").text) == first
        up.post("/review/undo")
        assert "1 of 36" not in up.get("/review").text
        assert shown(up.get("/review?state=flagged").text) == second
        up.post(f"/review/{second}/decide", verdict="unflag")
        assert "Nothing is left" in up.get("/review?state=flagged").text
    assert [line["verdict"] for line in decisions(project)] == ["accept", "flag", "undo", "unflag"]


def test_next_and_previous(project: Path) -> None:
    with running(project) as up:
        order = names(up)
        up.post(f"/review/{order[1]}/decide", verdict="accept")
        assert shown(up.get(f"/review/{order[0]}/next?way=next").text) == order[2]
        assert shown(up.get(f"/review/{order[0]}/next?way=browse").text) == order[1]
        assert shown(up.get(f"/review/{order[2]}/next?way=previous").text) == order[1]
        assert shown(up.get(f"/review/{order[0]}/next?way=previous").text) == order[0]
        assert shown(up.get(f"/review/{order[-1]}/next?way=next").text) == order[0]
        part = up.client.get(f"/review/{order[0]}/next", headers={"HX-Request": "true"})
        assert part.headers["hx-push-url"].endswith(f"item={order[2]}")
        assert "<html" not in part.text


def test_the_source_page_and_its_neighbours(project: Path) -> None:
    with running(project) as up:
        at = names(up)[0]
        assert "<rect" in up.get(f"/review?item={at}").text
        other = up.get(f"/review/{at}/page/3").text
        assert "Page 3 of 6" in other
        assert "<rect" not in other
        assert up.get(f"/review/{at}/page/77").status_code == 400


def test_many_at_once_need_a_sample_that_is_right(project: Path) -> None:
    with running(project) as up:
        page = up.get("/review/bulk?path=harbour-fees.pdf").text
        sample = re.findall(r'name="right" value="([0-9a-f]{20})"', page)
        total = int(re.findall(r'name="total" value="(\d+)"', page)[0])
        assert len(sample) == min(10, total)
        path = re.findall(r'action="(/review/bulk[^"]+)"', page)[0].replace("&amp;", "&")
        assert up.post(path, total=total, right=sample[:-1]).status_code == 400
        assert up.post(path, total=total + 1, right=sample).status_code == 400
        assert decisions(project) == []
        assert up.post(path, total=total, right=sample).status_code == 200
        assert "No undecided answer" in up.get("/review/bulk?path=harbour-fees.pdf").text
    assert len(decisions(project)) == total
    assert {line["reason"] for line in decisions(project)} == {"bulk"}


def test_sheets_are_those_of_the_command(project: Path) -> None:
    from raftune import desk
    from raftune.api import open_project

    with running(project) as up:
        order = names(up)
        up.post(f"/review/{order[0]}/decide", verdict="reject", reason="=1+1")
        up.post(f"/review/{order[1]}/decide", verdict="flag")
        sheet = up.get("/review/export.csv?state=all")
        lines = up.get("/review/export.jsonl?state=undecided").text.splitlines()
        assert up.get("/review/export.exe").status_code == 400
    assert "attachment" in sheet.headers["content-disposition"]
    assert len(lines) == 35
    assert json.loads(lines[0])["id"] == order[1]
    desk.export_review(open_project(project), project / "sheet.csv", undecided=False)
    wanted = list(csv.DictReader(io.StringIO((project / "sheet.csv").read_text("utf-8-sig"), newline="")))
    found = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"), newline="")))
    for row in (*wanted, *found):
        row.pop("decision")
    assert found == wanted


def test_two_reviewers_their_agreement_and_the_queue_of_disagreements(project: Path) -> None:
    with (project / "raftune.toml").open("a") as file:
        file.write('[ui]\nreviewers = ["Ada", "Ben"]\noverlap = 1.0\n')
    with running(project) as up, httpx.Client(base_url=up.url, follow_redirects=True) as other:
        other.get("/enter", params={"token": up.cockpit.sessions.ticket()})
        other.post("/settings", data={"who": "Ben", "language": "en", "theme": "auto"})
        order = names(up)
        for place, verdict in enumerate(("accept", "accept", "reject", "accept")):
            up.post(f"/review/{order[place]}/decide", verdict=verdict)
        assert shown(other.get("/review").text) == order[0]
        for place, verdict in enumerate(("accept", "reject", "reject", "accept")):
            other.post(f"/review/{order[place]}/decide", data={"verdict": verdict})
        page = up.get("/review?state=conflict").text
        assert shown(page) == order[1]
        assert "α = 0.53" in page
        assert "1 disagreements" in page
        up.post(f"/review/{order[1]}/decide", verdict="reject")
        assert "Nothing is left" in up.get("/review?state=conflict").text


def test_the_projects_own_guidelines(project: Path) -> None:
    (project / "guidelines.md").write_text("Ask <the> harbour master.")
    with running(project) as up:
        assert "Ask &lt;the&gt; harbour master." in up.get("/review").text


def test_while_the_desk_is_made_ready_the_page_looks_again(project: Path) -> None:
    with running(project) as up:
        up.cockpit.library.desk(up.cockpit.project)
        up.cockpit.library.preparing = True
        assert '<meta http-equiv="refresh"' in up.get("/review").text
        up.cockpit.library.preparing = False
        assert '<meta http-equiv="refresh"' not in up.get("/review").text
