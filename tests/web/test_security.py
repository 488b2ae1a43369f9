"""What stands before the pages holds; without its guard, each of these attacks gets through."""

import http.client
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from raftune.web import pictures, visiting
from raftune.web.routes import documents
from tests.web.cockpits import Up, decisions, running


def first_answer(up: Up) -> str:
    desk = up.cockpit.library.desk(up.cockpit.project)
    return desk.rows("SELECT id FROM item ORDER BY position LIMIT 1")[0][0]


def ask(up: Up, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
    """A request with exactly these headers."""
    connection = http.client.HTTPConnection(httpx.URL(up.url).netloc.decode("ascii"))
    cookie = "; ".join(f"{one.name}={one.value}" for one in up.client.cookies.jar)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))} if body else {}
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": httpx.URL(up.url).netloc.decode(), "Cookie": cookie, **kind, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    result = answer.status, answer.read()
    connection.close()
    return result


@pytest.mark.parametrize(("without", "status"), [("", 403), ("Origins", 200)])
def test_another_host_is_refused(project: Path, without: str, status: int) -> None:
    with running(project, without) as up:
        assert ask(up, "GET", "/review", {"Host": "evil.example"})[0] == status
        assert ask(up, "GET", "/review", {})[0] == 200


@pytest.mark.parametrize(("without", "lines"), [("", 0), ("Origins", 1)])
def test_a_page_of_another_origin_decides_nothing(project: Path, without: str, lines: int) -> None:
    with running(project, without) as up:
        path = f"/review/{first_answer(up)}/decide"
        ask(up, "POST", path, {"Origin": "https://evil.example"}, b"verdict=reject")
        assert len(decisions(project)) == lines


def test_a_link_of_another_site_opens_nothing(project: Path) -> None:
    with running(project) as up:
        assert ask(up, "GET", "/review", {"Sec-Fetch-Site": "cross-site"})[0] == 403
        assert ask(up, "GET", "/review", {"Sec-Fetch-Site": "none"})[0] == 200


@pytest.mark.parametrize(("without", "status"), [("", 401), ("SignedIn", 200)])
def test_without_a_cookie_there_is_no_page(project: Path, without: str, status: int) -> None:
    with running(project, without) as up:
        for path in ("/pipeline", "/documents", "/review", "/results/report", "/rows/chunk"):
            assert ask(up, "GET", path, {"Cookie": ""})[0] == status
        assert ask(up, "GET", "/review", {"Cookie": "raftune-ui-0=guessed"})[0] == status


def test_a_link_works_once(project: Path) -> None:
    with running(project) as up:
        token = up.cockpit.sessions.ticket()
        first = httpx.get(f"{up.url}/enter", params={"token": token})
        assert first.status_code == 303
        cookie = first.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert httpx.get(f"{up.url}/enter", params={"token": token}).status_code == 401
        assert httpx.get(f"{up.url}/enter", params={"token": "guessed"}).status_code == 401


def test_every_answer_has_the_policy(project: Path) -> None:
    with running(project) as up:
        for path in ("/review", "/nowhere", "/static/app.js", "/documents/x/pages/1"):
            policy = up.get(path).headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
    with running(project, "SafeHeaders") as up:
        assert "content-security-policy" not in up.get("/review").headers


@pytest.mark.parametrize(("without", "status"), [("", 413), ("BodyLimit", 400)])
def test_a_large_upload_is_refused_before_it_is_read(project: Path, without: str, status: int) -> None:
    with running(project, without) as up:
        sent = {"file": ("rows.exe", bytes(100_000_000))}
        answer = up.client.post("/audit", files=sent, headers={"Origin": up.url})
        assert answer.status_code == status  # without the guard it is read whole, then found to be of no known kind


def test_a_large_form_is_refused_though_it_does_not_say_its_size(project: Path) -> None:
    with running(project) as up:
        answer = up.client.post("/chat", content=iter([b"question=" + bytes(600_000)] * 3), headers={"Origin": up.url})
        assert answer.status_code in (400, 413)
        assert not up.cockpit.asker.turns


TRAVERSALS = (
    "/documents/..%2f..%2f..%2fraftune.toml/pages/1/picture",
    "/documents/../../raftune.toml/pages/1/picture",
    "/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd/pages/1/picture",
    "/static/..%2f..%2f..%2fpyproject.toml",
    "/static/%2e%2e/app.py",
    "/documents/00000000000000000000/pages/-1/picture",
)


def test_no_path_leads_out(project: Path) -> None:
    with running(project) as up:
        for path in TRAVERSALS:
            status, body = ask(up, "GET", path, {})
            assert status in (400, 404, 500), path
            assert b"splitter" not in body
            assert b"root:" not in body


def secret_as_document(up: Up, project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A document whose stored path leads out of the documents' folder, to a PDF."""
    from raftune.digest import file_digest

    library, name = (
        up.cockpit.library,
        documents.ids_of(up.cockpit.library.read(up.cockpit.project))["harbour-fees.pdf"][0][0],
    )
    outside = project / "secret.pdf"
    outside.write_bytes((project / "documents" / "harbour-fees.pdf").read_bytes() + b"\n%secret")
    found = library.document(up.cockpit.project, name)
    assert found is not None
    forged = found[1].changed(path="../secret.pdf", sha256=file_digest(outside))
    library.documents[name] = (found[0], forged)
    return name


def test_a_stored_path_that_leads_out_is_not_followed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(project) as up:
        name = secret_as_document(up, project, monkeypatch)
        assert up.get(f"/documents/{name}/pages/1/picture").status_code == 500
        monkeypatch.setattr(pictures, "is_below", lambda *_: True)
        assert up.get(f"/documents/{name}/pages/1/picture").status_code == 200


PAYLOADS = ('<img src=x onerror="window.hit=1">', '"><script>window.hit=1</script>', "'\"><svg/onload=window.hit=1>")


class Elements(HTMLParser):
    """Tags that a payload would bring in."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if any(name.startswith("on") for name in names) or (tag == "script" and "src" not in names):
            self.bad.append(self.get_starttag_text() or tag)


def bad_elements(text: str) -> list[str]:
    parser = Elements()
    parser.feed(text)
    return parser.bad


def poisoned(project: Path) -> Path:
    """Documents, file names, questions, project and model names that hold scripts."""
    folder = project / "documents"
    for number, payload in enumerate(PAYLOADS):
        name = payload.replace("/", "∕") + ".md"
        fee = f"The fee for pier {number} {payload} in the southern harbour is {300 + number} coins per day."
        text = f"# {payload}\n\n{fee}"
        (folder / name).write_text(text, encoding="utf-8")
    toml = (project / "raftune.toml").read_text()
    toml = toml.replace('name = "Harbour"', f"name = '''{PAYLOADS[1]}'''")
    (project / "raftune.toml").write_text(toml)
    return project


def pages_of(up: Up) -> list[str]:
    """The text of every page, with poison wherever a person can write."""
    payload = PAYLOADS[1]
    up.post("/settings", who=payload, language="en", theme="light")
    name = first_answer(up)
    up.post(f"/review/{name}/decide", verdict="reject", reason=payload)
    names = [row[0] for row in up.cockpit.library.desk(up.cockpit.project).rows("SELECT id FROM item")]
    found = [up.get(f"/review?state=all&item={one}&text={payload}").text for one in names]
    names = ("pipeline", "documents", "training", "results", "results/rows", "chat", "audit", "settings")
    read = [
        f"documents/{one[0][0]}/pages/1"
        for one in documents.ids_of(up.cockpit.library.read(up.cockpit.project)).values()
    ]
    found += [up.get(f"/{path}").text for path in (*names, *read)]
    for stage in ("ingest", "chunk", "ask", "verify"):
        found += [up.get(f"/rows/{stage}").text, up.get(f"/rows/{stage}?rejected={payload}").text]
    found.append(up.client.post("/audit", files={"file": (f"{payload}.jsonl", payload.encode())}).text)
    return found


def test_no_text_becomes_markup(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from raftune import api
    from raftune.cli.watch import Quiet

    api.run(api.open_project(poisoned(project)), Quiet(), until="verify")
    with running(project) as up:
        assert [bad for text in pages_of(up) for bad in bad_elements(text)] == []
        monkeypatch.setattr(visiting.environment(), "autoescape", False)
        visiting.environment().cache.clear()  # type: ignore[union-attr]
        plain = [bad for text in pages_of(up) for bad in bad_elements(text)]
        visiting.environment().cache.clear()  # type: ignore[union-attr]
        assert plain


def test_errors_are_escaped_too(project: Path) -> None:
    with running(project) as up:
        answer = up.get("/rows/<img src=x onerror=alert(1)>")
        assert answer.status_code == 400
        assert not bad_elements(answer.text)


def test_a_form_leads_to_no_other_machine(project: Path) -> None:
    with running(project) as up:
        for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "\n//evil.example"):
            fields: dict[str, Any] = {"who": "Ada", "back": back}
            answer = up.client.post("/settings", data=fields, headers={"Origin": up.url}, follow_redirects=False)
            assert answer.headers["location"] == "/"
