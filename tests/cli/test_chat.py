"""raftune chat: one question, a conversation, a pipe, a real terminal."""

import asyncio
import json
import os
import pty
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from raftune import consulting
from raftune.cli import chat
from raftune.cli.layout import COLUMNS, width
from raftune.cli.main import app
from raftune.contracts import ChatMessage
from raftune.errors import BadReply
from tests.cli.harbour import make_project, raftune
from tests.tiny_model import save_tiny

FEE = "The fee for berth 3 in the northern harbour is 121 coins per day."
BOARD = "북쪽 항만 위원회는 위원장 1명을 포함하여 9명 이내의 위원으로 구성한다."
REPLIES = {
    "berth 3": f"##begin_quote##{FEE}##end_quote## ##begin_quote##It was 5.##end_quote## <ANSWER>: 121 coins "
    + "a day " * 20,
    "위원회": f"##begin_quote##{BOARD}##end_quote##\n<ANSWER>: 9명 이내",
    "harbour master": "<ANSWER>: The documents do not hold the answer.",
}


@dataclass
class Scripted:
    """Writes a reply in pieces of three characters."""

    failure: Exception | None = None
    interrupted: bool = False
    prompts: list[str] = field(default_factory=list)

    async def write(self, messages: Sequence[ChatMessage], max_tokens: int) -> AsyncIterator[str]:
        self.prompts.append(messages[-1].content)
        question = messages[-1].content.rsplit("\n", 1)[-1]
        reply = next((reply for words, reply in REPLIES.items() if words in question), "<ANSWER>: so")
        for start in range(0, len(reply), 3):
            if self.failure is not None and start > 60:
                failure, self.failure = self.failure, None
                raise failure
            if self.interrupted and start > 60:
                self.interrupted = False
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(30)
            yield reply[start : start + 3]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("chat") / "harbour")
    save_tiny(folder / "tiny")
    with (folder / "raftune.toml").open("a") as file:
        file.write('[student]\nmodel = "tiny"\n')
    raftune(folder, "chunk")
    return folder


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    scripted = Scripted()
    monkeypatch.setattr(consulting, "writer_of", lambda *_: scripted)
    return scripted


def say(project: Path, *words: str, asked: str | None = None) -> Result:
    return CliRunner().invoke(
        app, ["chat", *words, "--base", "--project", str(project)], input=asked, catch_exceptions=False
    )


@pytest.mark.usefixtures("writer")
def test_one_question(project: Path) -> None:
    lines = say(project, "What is the fee for berth 3?").output.splitlines()
    assert lines[0].startswith("121 coins a day")
    assert all(width(line) <= COLUMNS for line in lines)
    assert "harbour-fees.pdf, page 1 · verified" in lines[-3] + lines[-4]
    assert lines[-1].strip() == "not verified: in none of the passages shown"
    assert "##" not in "".join(lines)


@pytest.mark.usefixtures("writer")
def test_korean(project: Path) -> None:
    output = say(project, "항만 위원회는 몇 명으로 구성합니까?").output
    assert output.startswith("9명 이내\n")
    assert f"“{BOARD[:20]}" in output
    assert "항만 규정.md · 확인됨" in output


def test_a_polite_refusal(project: Path, writer: Scripted) -> None:
    assert say(project, "Who is the harbour master?").output.startswith("I am sorry, the documents do not hold")
    assert len(writer.prompts) == 1
    assert say(project, "Zebras?").output.startswith("I am sorry")
    assert say(project, "얼룩말은 무엇을 먹습니까?").output.startswith("죄송하지만")
    assert len(writer.prompts) == 1  # nothing was found: the model was not asked


@pytest.mark.usefixtures("writer")
def test_for_programs(project: Path) -> None:
    facts = json.loads(say(project, "What is the fee for berth 3?", "--json").output)
    assert facts["answer"].startswith("121 coins")
    assert facts["abstains"] is False
    first, second = facts["quotes"]
    assert (first["document"], first["pages"], first["verified"]) == ("harbour-fees.pdf", [1], True)
    assert first["span"][1] - first["span"][0] == len(FEE)
    assert (second["verified"], second["span"]) == (False, None)
    assert first["passage"] in [passage["id"] for passage in facts["passages"]]


def test_as_many_passages_as_asked_for(project: Path, writer: Scripted) -> None:
    say(project, "What is the fee for the ferry in the harbour?", "-k", "1")
    say(project, "What is the fee for the ferry in the harbour?", "--set", "retrieve.passages=2")
    assert [prompt.count("<DOCUMENT>") for prompt in writer.prompts] == [1, 2]


@pytest.mark.usefixtures("writer")
def test_a_conversation_from_a_pipe(project: Path) -> None:
    asked = "/sources\n\nWhat is the fee for berth 3?\n/출처\n/nonsense\n/help\n/quit\nWho is never asked?\n"
    output = say(project, asked=asked).output
    assert "> " not in output
    assert output.startswith("Nothing was asked so far.\n121 coins")
    assert "[1] harbour-fees.pdf, page 1" in output
    assert "There is no /nonsense." in output
    assert "Each is answered by itself" in output
    assert "sorry" not in output
    lines = say(project, "--json", asked="What is the fee for berth 3?\nZebras?").output.splitlines()
    assert [json.loads(line)["abstains"] for line in lines] == [False, True]


def test_each_question_by_itself(project: Path, writer: Scripted) -> None:
    say(project, asked="What is the fee for berth 3?\nWho is the harbour master?\n")
    assert "berth 3?" not in writer.prompts[1]


def test_what_is_kept_is_asked_for(project: Path, writer: Scripted, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    for _ in range(2):
        say(project, "What is the fee for berth 3?", "--keep", str(kept))
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [row["question"] for row in rows] == ["What is the fee for berth 3?"] * 2
    assert kept.stat().st_mode & 0o077 == 0
    before = set(project.rglob("*"))
    say(project, "What is the fee for berth 3?")
    assert set(project.rglob("*")) == before
    with pytest.raises(Exception, match="cannot be written"):
        say(project, "What is the fee for berth 3?", "--keep", str(tmp_path))


def test_a_failure_ends_one_answer_only(project: Path, writer: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.failure = BadReply("The prompt is too long.", "Show fewer passages.")
    result = say(project, asked="What is the fee for berth 3?\n항만 위원회는 몇 명으로 구성합니까?\n")
    assert "The prompt is too long." in result.output
    assert "9명 이내" in result.output
    monkeypatch.setattr(chat, "at_terminal", lambda: True)
    writer.interrupted = True
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as the command does: a shell may ignore it
    result = say(project, asked="What is the fee for berth 3?\n항만 위원회는 몇 명으로 구성합니까?\n")
    signal.signal(signal.SIGINT, before)
    assert "(stopped)" in result.output
    assert "9명 이내" in result.output
    assert result.exit_code == 0


def test_before_there_are_passages(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    with pytest.raises(Exception, match="has not been run"):
        say(folder, "Anything?")


def reading(terminal: int, until: str, seconds: float = 120) -> str:
    """What a terminal shows, up to some words."""
    shown, end = "", time.monotonic() + seconds
    while until not in shown and time.monotonic() < end:
        try:
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:
            break
    return shown


@pytest.fixture
def terminal(project: Path) -> Iterator[tuple[int, int]]:
    """raftune chat with the tiny student on a terminal of its own: its process and the terminal."""
    process, opened = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "raftune", "chat", "--base", "--project", str(project)])
    yield process, opened
    os.close(opened)


def exit_code(process: int) -> int:
    for _ in range(300):
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    raise AssertionError("it does not end")


def test_a_terminal_is_left_politely(terminal: tuple[int, int]) -> None:
    process, opened = terminal
    assert "Ask a question" in reading(opened, "> ")
    os.write(opened, "/도움말\n".encode())
    assert "/sources" in reading(opened, "Ctrl-D does\r\n> ")
    os.write(opened, b"What is the fee for berth 3?\n")
    answered = reading(opened, "\r\n> ")
    assert not re.search("Traceback", answered)
    os.write(opened, b"\x03")
    rest: Any = reading(opened, "never", 20)
    assert "Traceback" not in rest
    assert exit_code(process) == 0
