"""Where keys come from, and that no text shows them."""

import base64
import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.endpoints.keys import HIDDEN, Keys, redact
from raftune.errors import MissingExtra

SECRET = "sk-live/a+b=c 9876"


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ONE_KEY=from-file\nTWO_KEY='two ${HOME} $x'\nexport THREE_KEY=3three3\n")
    keys = Keys(tmp_path)
    monkeypatch.delenv("ONE_KEY", raising=False)
    assert (keys.value("ONE_KEY"), keys.source("ONE_KEY")) == ("from-file", ".env")
    monkeypatch.setenv("ONE_KEY", "from-environment\n")
    assert (keys.value("ONE_KEY"), keys.source("ONE_KEY")) == ("from-environment", "environment")
    assert keys.value("TWO_KEY") == "two ${HOME} $x"
    assert keys.value("THREE_KEY") == "3three3"
    assert (keys.value("NO_SUCH_KEY"), keys.source("NO_SUCH_KEY"), keys.value("")) == ("", "", "")
    assert "TWO_KEY" not in os.environ


def test_without_a_folder_or_file_there_is_the_environment_alone(tmp_path: Path) -> None:
    assert Keys(None).value("NO_SUCH_KEY") == ""
    assert Keys(tmp_path).value("NO_SUCH_KEY") == ""


def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("A=b\n")
    monkeypatch.setitem(sys.modules, "dotenv", None)
    with pytest.raises(MissingExtra, match="python-dotenv"):
        Keys(tmp_path).value("NO_SUCH_KEY")


@pytest.mark.parametrize(
    "form",
    [SECRET, quote(SECRET, safe=""), json.dumps(SECRET), repr(SECRET), base64.b64encode(SECRET.encode()).decode()],
)
def test_a_key_that_was_handed_out_is_hidden_in_every_form(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", SECRET)
    assert Keys(None).value("TEST_KEY") == SECRET
    text = redact(f"Authorization: Bearer {form}, again {form}")
    assert HIDDEN in text
    assert form.strip("\"'") not in text


def test_short_values_are_no_secrets() -> None:
    assert Keys(None).secret("none") == "none"
    assert redact("none of them") == "none of them"


@given(st.text(min_size=6), st.text(), st.text())
def test_no_secret_is_left_in_any_text(secret: str, before: str, after: str) -> None:
    Keys(None).secret(secret)
    assert secret == HIDDEN * 2 or secret not in redact(before + secret + after).replace(HIDDEN, "")
