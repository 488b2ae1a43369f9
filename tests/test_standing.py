"""Where a project stands before it was ever run."""

from pathlib import Path

from raftune import api, standing


def test_a_new_project_has_made_and_spent_nothing(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    opened = api.open_project(tmp_path)
    assert standing.spent_by_stage(opened) == {}
    rows = standing.status(opened)
    assert {(row["rows"], row["spent"], row["estimate"]) for row in rows} == {(None, None, None)}
