"""The way in, and what is chosen."""

from pathlib import Path

import httpx

from raftune.web.routes.entry import own_path
from tests.web.cockpits import running


def test_name_language_and_colours_are_kept(project: Path) -> None:
    with running(project) as up:
        page = up.post("/settings", who=" Kim,  Ada ", language="ko", theme="dark", back="/audit?x=1").text
        assert '<html lang="ko" data-theme="dark">' in page
        assert "감사" in page
        assert "Kim Ada" in page


def test_another_browser_is_let_in_by_a_link(project: Path) -> None:
    import re

    with running(project) as up:
        link = re.findall(r"http://127\.0\.0\.1:\d+/enter\?token=[\w-]+", up.post("/settings/link").text)[0]
        with httpx.Client(follow_redirects=True) as other:
            assert other.get(link).url.path == "/pipeline"
            assert "Who are you?" in other.get(f"{up.url}/settings", headers={"Accept-Language": "en"}).text
        assert up.get("/enter?token=old").url.path == "/pipeline"  # who is in stays in


def test_own_paths() -> None:
    assert own_path("/review?state=all") == "/review?state=all"
    assert {own_path(path) for path in ("", "x", "//x", "/\\x", "https://x", "/a\nb")} == {"/"}
