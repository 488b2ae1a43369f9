"""The report in its frame, questions, and runs side by side."""

from pathlib import Path

from raftune import api
from raftune.cli.watch import Quiet
from raftune.web.routes.results import policy_of
from tests.web.cockpits import running


def test_the_report_may_hold_its_own_style_and_no_more(project: Path) -> None:
    with running(project) as up:
        answer = up.get("/results/report")
        policy = answer.headers["content-security-policy"]
        assert "style-src 'sha256-" in policy
        assert policy.endswith("sandbox")
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert (project / "report.html").read_text(encoding="utf-8")[:2000] == answer.text[:2000]
        assert '<iframe class="report" src="/results/report"' in up.get("/results").text


def test_a_page_without_styles_may_load_none() -> None:
    assert "style-src 'none'" in policy_of("<p>")


def test_questions_are_found(project: Path) -> None:
    with running(project) as up:
        assert "11 questions" in up.get("/results/rows").text
        assert "1 questions" in up.get("/results/rows?text=BERTH 3 ").text
        assert "0 questions" in up.get("/results/rows?text=nowhere").text


def test_run_against_run(project: Path) -> None:
    with running(project) as up:
        assert "one evaluation at most" in up.get("/results/compare").text
        api.run(api.open_project(project, ['evaluate.metrics=["token_f1"]']), Quiet())
        page = up.get("/results/compare").text
        assert "token_f1" in page
        assert page.count("<option") == 4
        assert up.get("/results/compare?old=zzz").status_code == 400
