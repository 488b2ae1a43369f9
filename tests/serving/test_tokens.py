"""Tokens come from a variable or from a file that only its owner may read."""

from pathlib import Path

import pytest

from raftune.endpoints.keys import Keys
from raftune.errors import ConfigError
from raftune.serving.tokens import find_tokens

VARIABLE = "HARBOUR_TOKENS"


def test_a_token_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "state" / "serve.token"
    first = find_tokens(Keys(), VARIABLE, path)
    assert first == find_tokens(Keys(), VARIABLE, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first.values[0]) >= 40
    assert first.values[0] not in repr(first)
    assert find_tokens(Keys(), VARIABLE, tmp_path / "other") != first


def test_the_variable_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "one-token-of-a-client two-token-of-a-client")
    found = find_tokens(Keys(), VARIABLE, tmp_path / "serve.token")
    assert found.values == ("one-token-of-a-client", "two-token-of-a-client")
    assert found.source == VARIABLE
    assert not (tmp_path / "serve.token").exists()


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "serve.token"
    find_tokens(Keys(), VARIABLE, path)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="Others may read"):
        find_tokens(Keys(), VARIABLE, path)


def test_links_and_empty_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch(0o600)
    with pytest.raises(ConfigError, match="no token"):
        find_tokens(Keys(), VARIABLE, tmp_path / "empty")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError):
        find_tokens(Keys(), VARIABLE, tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()
