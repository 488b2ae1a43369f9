"""Opening, checking and reading a project."""

import json
from pathlib import Path

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from raftune.errors import ConfigError, DocumentError
from tests.tiny_model import save_tiny


def project(folder: Path, text: str = "") -> api.Project:
    (folder / "raftune.toml").write_text(text, encoding="utf-8")
    (folder / "documents").mkdir(exist_ok=True)
    return api.open_project(folder)


def test_a_stage_that_does_not_exist_stops_a_run_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no stage 'tain'"):
        api.run(project(tmp_path), Quiet(), until="tain")


def test_no_documents_is_a_document_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no documents") as caught:
        api.run(project(tmp_path), Quiet())
    assert caught.value.exit_code == 3


def test_recorded_replies_that_are_missing_are_named(tmp_path: Path) -> None:
    opened = project(tmp_path, 'recorded = "replies.jsonl"\n')
    with pytest.raises(ConfigError, match="no recorded replies"):
        api.run(opened, Quiet())


def test_recorded_replies_are_taken_over_once(tmp_path: Path) -> None:
    row = {"key": "k", "request": {"a": 1}, "result": {"b": 2}}
    (tmp_path / "replies.jsonl").write_text(json.dumps(row) + "\n")
    opened = project(tmp_path, 'recorded = "replies.jsonl"\n')
    opened.state.mkdir()
    for _ in range(2):
        with api.opened_ledger(opened) as ledger:
            assert ledger.recall("k") == {"b": 2}
            assert ledger.count("chat", "import") == 1


def test_the_roles_identity_holds_the_students_weights(tmp_path: Path) -> None:
    opened = project(tmp_path, '[student]\nmodel = "nowhere"\n')
    assert opened.role("teacher")["model"] == "extractive"
    with pytest.raises(ConfigError, match="no such folder"):
        opened.role("student")


def test_passages_depend_on_the_tokenizer_and_the_embedder_only_where_they_are_used(tmp_path: Path) -> None:
    plain = project(tmp_path, '[chunk]\nsplitter = "structure"\nunit = "characters"\n[student]\nmodel = "nowhere"\n')
    assert plain.role("tokenizer") == plain.role("embedder") == {}
    changed = api.open_project(tmp_path, ["chunk.splitter=semantic", "embedder.provider=hashed"])
    assert changed.role("embedder") == {"en": "hashed-2048-1", "ko": "hashed-2048-1"}
    with pytest.raises(ConfigError, match="no such folder"):
        api.open_project(tmp_path, ["chunk.unit=tokens"]).role("tokenizer")


def test_a_local_model_to_compare_with_is_known_by_its_weights(tmp_path: Path) -> None:
    settings = '[predict]\nsystems = ["base", "rival"]\n[models.rival]\nprovider = "local"\nmodel = "rival"\n'
    opened = project(tmp_path, settings)
    save_tiny(tmp_path / "rival")
    before = opened.role("others")
    assert set(before) == {"rival"}
    save_tiny(tmp_path / "rival", seed=1)
    assert opened.role("others") != before
    assert api.open_project(tmp_path, ['predict.systems=["base"]']).role("others") == {}


def test_replies_depend_on_the_embedder_only_where_it_finds_passages(tmp_path: Path) -> None:
    plain = project(tmp_path, '[predict]\nsystems = ["base:r4"]\n[embedder]\nprovider = "hashed"\n')
    assert plain.role("finder") == {}
    assert api.open_project(tmp_path, ["predict.retriever=hybrid"]).role("finder")["en"].startswith("hashed")
