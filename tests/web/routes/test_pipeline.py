"""The stages, the plan, and a run that is started by a form."""

import json
from pathlib import Path

from tests.web.cockpits import running


def test_stages_and_plan(project: Path) -> None:
    with running(project) as up:
        page = up.get("/pipeline").text
        assert page.count('class="stage stored"') == 14
        assert "/rows/ingest?rejected=damaged" in page
        plan = up.get("/pipeline/plan").text
        assert plan.count("<tr>") == 15
        assert "would run" not in plan
        toml = project / "raftune.toml"
        toml.write_text(toml.read_text().replace("distractors = 2", "distractors = 1"))
        assert "config.distractors: 2 -&gt; 1" in up.get("/pipeline/plan").text


def test_events_tell_the_stages(project: Path) -> None:
    with running(project) as up, up.client.stream("GET", "/pipeline/events") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "event: html"
        assert 'class="stage stored"' in json.loads(next(lines).removeprefix("data: "))


def test_a_run_is_started_by_a_form(project: Path) -> None:
    with running(project) as up:
        assert up.post("/pipeline/run", until="nonsense").status_code == 400
        up.post("/pipeline/run", until="chunk")
        assert up.cockpit.runs.child is not None
        assert up.cockpit.runs.child.wait(60) == 0
        assert up.post("/pipeline/stop").status_code == 400
