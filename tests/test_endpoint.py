"""An endpoint's address and key; its errors are tested with the providers that meet them."""

import pytest

from raftune.endpoint import Endpoint
from raftune.errors import ConfigError, ProviderError


def test_an_address_is_a_web_address() -> None:
    with pytest.raises(ConfigError, match="no web address"):
        Endpoint("localhost:11434", "", 10)


def test_a_missing_key_is_said_unless_none_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(ProviderError, match="NO_SUCH_KEY is not set"):
        Endpoint("https://models.example/v1", "NO_SUCH_KEY", 10).key()
    assert Endpoint("http://localhost:1/v1", "NO_SUCH_KEY", 10).key() == "none"
    monkeypatch.setenv("NO_SUCH_KEY", "secret")
    assert Endpoint(None, "NO_SUCH_KEY", 10).key() == "secret"
