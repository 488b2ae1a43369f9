"""A link lets in once; what belongs to a browser is kept, and by nobody else to be read."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from raftune.web.sessions import LIFETIME, Sessions, digest_of


def test_a_token_is_good_for_one_cookie(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "ui" / "sessions.json")
    token = sessions.ticket()
    cookie = sessions.enter(token)
    assert cookie is not None
    assert sessions.enter(token) is None
    assert sessions.find(cookie) is not None
    assert sessions.find(digest_of(cookie)) is None


def test_a_session_outlives_the_server_and_ends_in_time(tmp_path: Path) -> None:
    now = [1000.0]
    path = tmp_path / "sessions.json"
    first = Sessions(path, lambda: now[0])
    cookie = first.enter(first.ticket())
    assert cookie is not None
    first.change(cookie, who="Ada", language="ko", theme="dark")
    found = Sessions(path, lambda: now[0]).find(cookie)
    assert found is not None
    assert (found.who, found.language, found.theme) == ("Ada", "ko", "dark")
    now[0] += LIFETIME + 1
    assert Sessions(path, lambda: now[0]).find(cookie) is None


def test_the_file_is_private_and_holds_no_cookie(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    sessions = Sessions(path)
    cookie = sessions.enter(sessions.ticket())
    assert cookie is not None
    assert path.stat().st_mode & 0o077 == 0
    assert cookie not in path.read_text()
    path.chmod(0o644)
    assert Sessions(path).find(cookie) is None
    path.chmod(0o600)
    path.write_text('{"x": 3}')
    assert Sessions(path).known == {}


@given(st.text())
def test_any_cookie_is_looked_up(text: str) -> None:
    assert Sessions(Path("/nowhere/sessions.json")).find(text) is None
