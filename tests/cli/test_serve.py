"""raftune serve as a process: its greeting, its token, real answers of a tiny model, and a polite end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openai
import pytest

from tests.cli.harbour import make_project, raftune
from tests.tiny_model import save_tiny

STUDENT = '[student]\nmodel = "tiny"\n[serve]\nport = 0\nmax_tokens = 6\ncontext = 2048\n'
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "RAFTUNE_TOKEN"} | {"OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("harbour"))
    save_tiny(folder / "tiny")
    with (folder / "raftune.toml").open("a") as file:
        file.write(STUDENT)
    raftune(folder, "chunk")
    return folder


def command(project: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "raftune", "serve", "--project", str(project), *words]


@contextmanager
def serving(project: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its greeting."""
    with (project / "log").open("w") as log:
        process = subprocess.Popen(
            command(project), stdout=subprocess.PIPE, stderr=log, text=True, env=ENVIRONMENT | variables
        )
    assert process.stdout is not None
    try:
        yield process, "".join(process.stdout.readline() for _ in range(3))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def address(greeting: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/v1", greeting)
    assert found, greeting
    return found[0]


def test_it_answers_and_ends_politely(project: Path) -> None:
    kept = project / ".raftune" / "serve.token"
    with serving(project) as (process, greeting):
        token = kept.read_text().strip()
        assert kept.stat().st_mode & 0o777 == 0o600
        assert token not in greeting
        with openai.OpenAI(base_url=address(greeting), api_key=token, max_retries=0) as client:
            names = [model.id for model in client.models.list()]
            assert names[:3] == ["tiny", "raftune-rag", "raftune-rag:base"]
            asked = [{"role": "user", "content": "What is the fee for berth 2?"}]
            for name in ("tiny", "raftune-rag"):
                answer = client.chat.completions.create(model=name, messages=asked)
                assert 0 < answer.usage.completion_tokens <= 6
            assert len(client.embeddings.create(model=names[3], input="berth").data[0].embedding) > 1
            stream = client.chat.completions.create(model="tiny", messages=asked, stream=True)
            next(stream)
            process.send_signal(signal.SIGTERM)
            assert list(stream)[-1].choices[0].finish_reason
        assert process.wait(20) == 0
    log = (project / "log").read_text()
    assert '"route": "/v1/chat/completions", "status": 200' in log
    assert "berth" not in log
    assert token not in log


def test_tokens_of_the_environment(project: Path) -> None:
    tokens = ["first-token-of-a-client", "second-token-of-a-client"]
    with serving(project, RAFTUNE_TOKEN=" ".join(tokens)) as (process, greeting):
        assert "RAFTUNE_TOKEN" in greeting
        assert not any(token in greeting for token in tokens)
        for token in tokens:
            with openai.OpenAI(base_url=address(greeting), api_key=token) as client:
                assert client.models.list().data
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def refused(project: Path, *words: str, **variables: str) -> str:
    given = {"capture_output": True, "text": True, "env": ENVIRONMENT | variables}
    done = subprocess.run(command(project, *words), check=False, **given)
    assert done.returncode == 2
    return done.stderr


def test_other_machines_are_kept_out_unless_wanted(project: Path) -> None:
    began = time.monotonic()
    assert "TLS" in refused(project, "--host", "0.0.0.0")
    assert time.monotonic() - began < 20


def test_short_tokens_are_refused(project: Path) -> None:
    assert "fewer than 16" in refused(project, RAFTUNE_TOKEN="secret")


def test_a_port_that_is_taken(project: Path) -> None:
    with serving(project) as (_, greeting):
        port = address(greeting).removesuffix("/v1").rpartition(":")[2]
        assert "Cannot listen" in refused(project, "--port", port)
