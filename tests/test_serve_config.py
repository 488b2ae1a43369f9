"""The [serve] section."""

from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.project import load_settings
from raftune.serve_config import ServeConfig
from raftune.serving.security import is_loopback


def test_it_listens_on_this_machine_by_itself() -> None:
    assert is_loopback(ServeConfig().host)


def test_nothing_of_it_changes_a_key() -> None:
    assert ServeConfig().identity() == {}


def test_a_project_may_set_it(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text('[serve]\nport = 9000\norigins = ["https://intranet.example"]\n')
    assert load_settings(tmp_path).serve.port == 9000
    assert load_settings(tmp_path, ["serve.at_once=2"]).serve.at_once == 2
    with pytest.raises(ConfigError, match=r"serve\.port"):
        load_settings(tmp_path, ["serve.port=99999"])
