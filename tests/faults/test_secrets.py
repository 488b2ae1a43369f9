"""A canary in the place of each secret is found nowhere after runs that fail and crash while everything is logged."""

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

KEY = 'canary/Key+%7"Zq9Jw2Lm&Xy'
HEADER = "canary=Header:Gx4~Tn8|Rb6"
SETTINGS = """\
[chunk]
splitter = "structure"
unit = "characters"
[teacher]
provider = "openai"
model = "echo"
base_url = "{url}"
key_variable = "CANARY_KEY"
header_variables = {{ x-gateway = "CANARY_HEADER" }}
"""
UNTIL_ASK = ("run", "--until", "ask")
MAIN = "from raftune.cli.main import main; main()"
CRASH = """
import json, logging
from raftune.providers.openai import OpenAIModel

ask = OpenAIModel.sent

async def crash(self, openai, client, body):
    reply = await ask(self, openai, client, body)
    headers = dict(client._client.headers)
    logging.getLogger("openai").debug("sent %s %r", headers, client.api_key)
    logging.getLogger("raftune.openai").warning("heard %s", json.dumps(reply))
    try:
        raise ValueError(client.api_key)
    except ValueError as error:
        raise RuntimeError("cannot read", reply, headers) from error

OpenAIModel.sent = crash
"""
UNCLEANED = """
import raftune.debugging
raftune.debugging.clean = str
"""


class Echo(BaseHTTPRequestHandler):
    """Gives back what came with a request, in the answer and in the error."""

    status = 200

    def do_GET(self) -> None:
        self.give(404, {"error": {"message": self.told()}})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        message = {"role": "assistant", "content": '{"items": []}'}
        completion = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], "model": "echo"}
        error = {"error": {"message": self.told(), "code": self.told()}}
        self.give(self.status, completion | {"request": dict(self.headers)} if self.status == 200 else error)

    def told(self) -> str:
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        return f"bad key {key} in {key!r} {quote_plus(key)} {dict(self.headers)}"

    def give(self, status: int, body: object) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.send_header("x-echo", self.headers.get("authorization", ""))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *words: object) -> None:
        """Says nothing."""


@contextmanager
def echoing(status: int) -> Iterator[str]:
    """An address where everything comes back."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Echo", (Echo,), {"status": status}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_project(folder: Path, url: str, place: str) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "fees.md").write_text("# Fees\n\nThe fee for berth 3 is 12 coins a day, paid at noon.\n")
    (folder / "raftune.toml").write_text(SETTINGS.format(url=url))
    if place == ".env":
        (folder / ".env").write_text(f"CANARY_KEY='{KEY}'\n")
    return folder


def called(folder: Path, code: str, *words: str, place: str) -> subprocess.CompletedProcess[bytes]:
    """What a command printed, and its exit code."""
    secrets = {"CANARY_HEADER": HEADER} | ({"CANARY_KEY": KEY} if place == "environment" else {})
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv = ['raftune', *{list(words)!r}]\n{code}"],
        cwd=folder,
        env=os.environ | secrets | {"OPENAI_LOG": "debug"},
        capture_output=True,
        timeout=120,
        check=False,
    )


def forms(secret: str) -> set[bytes]:
    """A secret as it may be written: as it is, quoted, escaped, encoded at each offset, in hexadecimal, backwards."""
    shifted = {base64.b64encode(b"x" * shift + secret.encode())[4:-4] for shift in range(3)}
    found = {secret, quote(secret, safe=""), quote_plus(secret), quote(secret), json.dumps(secret)[1:-1]}
    found |= {repr(secret)[1:-1], secret.encode().hex(), json.dumps(json.dumps(secret))[3:-3]}
    plain = (
        {form.encode() for form in found}
        | shifted
        | {part.translate(bytes.maketrans(b"+/", b"-_")) for part in shifted}
    )
    return plain | {form[::-1] for form in plain}


def hits(folder: Path, *outputs: bytes) -> list[str]:
    """Where a canary was found; the files in which the tester wrote it are left out."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"raftune.toml", ".env"}]
    texts = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    texts |= {f"output {number}": output for number, output in enumerate(outputs)}
    searched = forms(KEY) | forms(HEADER)
    return [name for name, text in texts.items() if any(form in text for form in searched)]


@pytest.mark.parametrize("place", ["environment", pytest.param(".env", marks=pytest.mark.slow)])
def test_a_run_that_crashes_while_all_is_logged_shows_no_key(tmp_path: Path, place: str) -> None:
    with echoing(200) as url:
        folder = make_project(tmp_path / "p", url, place)
        done = called(folder, CRASH + MAIN, "--debug", *UNTIL_ASK, place=place)
    log = (folder / ".raftune" / "debug.log").read_text()
    assert done.returncode == 1
    assert b"RuntimeError" in done.stderr
    assert b"debug.log" in done.stderr
    assert "Traceback" in log
    assert "sent {" in log
    assert "heard {" in log
    assert "***" in log
    assert hits(folder, done.stdout, done.stderr) == []


@pytest.mark.slow
def test_without_debug_a_crash_is_one_sentence_without_a_key(tmp_path: Path) -> None:
    with echoing(200) as url:
        folder = make_project(tmp_path / "p", url, ".env")
        done = called(folder, CRASH + MAIN, *UNTIL_ASK, place=".env")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"--debug" in done.stderr
    assert not (folder / ".raftune" / "debug.log").exists()
    assert hits(folder, done.stdout, done.stderr) == []


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (400, UNTIL_ASK),
        pytest.param(401, UNTIL_ASK, marks=pytest.mark.slow),
        pytest.param(400, ("doctor",), marks=pytest.mark.slow),
    ],
)
def test_an_endpoint_that_repeats_the_key_in_its_errors_spreads_it_nowhere(
    tmp_path: Path, status: int, command: tuple[str, ...]
) -> None:
    with echoing(status) as url:
        folder = make_project(tmp_path / "p", url, ".env")
        done = called(folder, MAIN, "--debug", *command, place=".env")
    assert done.returncode == 4, done.stderr
    assert (folder / ".raftune" / "debug.log").stat().st_mode & 0o777 == 0o600
    assert hits(folder, done.stdout, done.stderr) == []


@pytest.mark.parametrize(
    ("url", "command"),
    [
        (f"http://me:{quote(KEY, safe='')}@127.0.0.1:9/v1", UNTIL_ASK),
        pytest.param(f"http://127.0.0.1:9/v1?api-key={quote(KEY)}", UNTIL_ASK, marks=pytest.mark.slow),
        pytest.param(
            f"http://me:{quote(KEY, safe='')}@127.0.0.1:9/v1?api-key={quote(KEY)}",
            ("doctor", "--offline"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(
    tmp_path: Path, url: str, command: tuple[str, ...]
) -> None:
    folder = make_project(tmp_path / "p", url, ".env")
    done = called(folder, MAIN, "--debug", *command, place=".env")
    assert done.returncode == 2, done.stderr
    assert hits(folder, done.stdout, done.stderr) == []


@pytest.mark.slow
def test_settings_that_do_not_agree_do_not_repeat_an_address(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p", f"http://me:{quote(KEY, safe='')}@127.0.0.1:9/v1", ".env")
    with (folder / "raftune.toml").open("a") as settings:
        settings.write('recipe = "sentences"\nmode = "separate"\n')
    done = called(folder, MAIN, "--debug", "run", place=".env")
    assert done.returncode == 2
    assert hits(folder, done.stdout, done.stderr) == []


def test_the_search_finds_the_canary_where_nothing_is_cleaned(tmp_path: Path) -> None:
    with echoing(200) as url:
        folder = make_project(tmp_path / "p", url, ".env")
        done = called(folder, UNCLEANED + CRASH + MAIN, "--debug", *UNTIL_ASK, place=".env")
    assert done.returncode == 1
    assert hits(folder, done.stdout, done.stderr) == [".raftune/debug.log", "output 1"]


@pytest.mark.parametrize("secret", [KEY, HEADER])
def test_the_search_knows_each_form(tmp_path: Path, secret: str) -> None:
    for number, form in enumerate(forms(secret)):
        (tmp_path / f"{number}.txt").write_bytes(b"before " + form + b" after")
    assert len(hits(tmp_path)) == len(forms(secret))
