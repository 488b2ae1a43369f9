import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune import debugging
from raftune.debugging import CleanFormatter, DebugLog, clean, ended, unexpected
from raftune.endpoints.keys import Keys

SECRET = "hidden/word+1234"


@pytest.fixture
def log() -> Iterator[DebugLog]:
    started = DebugLog()
    yield started
    started.close()


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hidden-word@host/v1",
        "https://host/v1?api-key=hidden-word&x=1",
        "https://host/v1?x=1&subscription-key=hidden-word",
        "{'Authorization': 'Bearer hidden-word'}",
        "Proxy-Authorization: Basic hidden-word==",
        "key_variable = sk-hidden-word-of-a-key",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str) -> None:
    assert "hidden-word" not in clean(text)
    assert "***" in clean(text)


def test_other_texts_stay_as_they_are() -> None:
    text = 'HTTP Request: POST http://127.0.0.1:41279/v1/chat/completions?limit=3 "HTTP/1.1 200 OK" a@b.org 3 tokens=5'
    assert clean(text) == text


@given(before=st.text(), after=st.text())
def test_a_key_is_taken_out_wherever_it_stands(before: str, after: str) -> None:
    Keys().secret(SECRET)
    assert SECRET not in clean(before + SECRET + after)


def test_values_and_tracebacks_are_cleaned_too() -> None:
    Keys().secret(SECRET)
    error = raised(SECRET)
    found = (type(error), error, error.__traceback__)
    record = logging.LogRecord("raftune", logging.ERROR, "", 1, "sent %s %r", ({"key": SECRET}, [SECRET]), found)
    text = CleanFormatter().format(record)
    assert "KeyError" in text
    assert SECRET not in text


def test_lines_wait_until_it_is_known_where_they_belong(log: DebugLog, tmp_path: Path) -> None:
    logging.getLogger("raftune.limiter").debug("early")
    log.write_to(tmp_path / ".raftune" / "debug.log")
    logging.getLogger("openai").info("late")
    text = (tmp_path / ".raftune" / "debug.log").read_text()
    assert [line.rsplit(": ", 1)[1] for line in text.splitlines()][1:] == ["early", "late"]


def test_the_log_is_for_its_owner_alone_and_does_not_grow_without_end(
    log: DebugLog, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(debugging, "MOST_BYTES", 2000)
    path = tmp_path / "debug.log"
    path.write_text("old\n")
    path.chmod(0o644)
    log.write_to(path)
    for number in range(200):
        logging.getLogger("raftune").debug("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["debug.log", "debug.log.1", "debug.log.2"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    assert all(file.stat().st_size <= 2000 for file in files)


def test_without_a_place_to_write_to_there_is_no_log(log: DebugLog, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log.write_to(tmp_path / "file" / "debug.log")
    assert log.path is None


def test_the_password_of_a_proxy_is_a_secret(monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:proxy-hidden@proxy:3128")
    started = DebugLog()
    started.close()
    assert clean("told proxy-hidden to all") == "told *** to all"


def test_afterwards_loggers_are_as_they_were() -> None:
    DebugLog().close()
    for name in debugging.LOGGERS:
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.level, logger.propagate) == ([], logging.NOTSET, True)


def raised(message: str) -> Exception:
    try:
        return {}[message]
    except KeyError as error:
        return error


def test_an_unexpected_error_is_a_sentence_and_with_a_log_a_traceback(log: DebugLog, tmp_path: Path) -> None:
    Keys().secret(SECRET)
    short = unexpected(raised(f"no {SECRET}"), None)
    assert "--debug" in short
    assert "Traceback" not in short
    log.write_to(tmp_path / "debug.log")
    told = unexpected(raised(f"no {SECRET}"), log)
    assert "Traceback" in told
    assert str(tmp_path / "debug.log") in told
    assert SECRET not in short + told + (tmp_path / "debug.log").read_text()


def test_of_an_expected_error_the_causes_are_left_out(log: DebugLog, tmp_path: Path) -> None:
    log.write_to(tmp_path / "debug.log")
    error = ValueError("told")
    error.__cause__ = raised("the whole settings")
    ended(error)
    text = (tmp_path / "debug.log").read_text()
    assert "ValueError: told" in text
    assert "the whole settings" not in text
