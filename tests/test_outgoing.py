from pathlib import Path

import pytest

from raftune.api import open_project
from raftune.errors import ConfigError
from raftune.exporting.sets import Order
from raftune.outgoing import export_model, export_rows
from tests.exporting.stored_project import make_project


def test_rows_go_to_a_folder_of_their_format_unless_told_otherwise(tmp_path: Path) -> None:
    make_project(tmp_path, "")
    project = open_project(tmp_path)
    made = export_rows(project, Order("chat"))
    assert made.folder == tmp_path / "exports" / "chat"
    assert (made.folder / "train.jsonl").exists()
    assert export_rows(project, Order("alpaca", "dsf")).folder.name == "alpaca-dsf"


def test_what_was_not_made_yet_is_named(tmp_path: Path) -> None:
    make_project(tmp_path, "")
    with pytest.raises(ConfigError, match="train has not been run"):
        export_model(open_project(tmp_path), "gguf")
    assert not (tmp_path / "exports").exists()
