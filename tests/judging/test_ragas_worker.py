"""The child's side: what it hands on, what it makes of replies, and that it reaches nobody."""

import io
import json
import subprocess
import sys
import threading
import types

import pytest
from pydantic import BaseModel

from raftune.judging import ragas_worker
from raftune.judging.ragas_worker import Judge, Line, Unusable, Vectors, score

ROW = {"question": "q?", "answer": "a", "reference": "r", "documents": ["d"], "language": "en"}


class Form(BaseModel):
    verdict: int


class FakeLine:
    """Gives the replies it was handed, in turn."""

    def __init__(self, *replies):
        self.replies, self.asked, self.said = list(replies), [], []

    def ask(self, **message):
        self.asked.append(message)
        return self.replies.pop(0)

    def say(self, **message):
        self.said.append(message)


def test_the_same_prompt_has_another_number_each_time():
    line = FakeLine(*[{"text": '{"verdict": 1}'}] * 3)
    judge = Judge(line)
    for prompt in ("a", "a", "b"):
        assert judge.generate(prompt, Form) == Form(verdict=1)
    assert [(one["prompt"], one["number"]) for one in line.asked] == [("a", 0), ("a", 1), ("b", 0)]
    assert line.asked[0]["schema"]["required"] == ["verdict"]
    assert judge.replies == [("Form", {"verdict": 1})] * 3


def test_a_reply_of_the_wrong_shape_is_asked_for_three_times():
    line = FakeLine({"text": '{"verdict": "yes"}'}, {"fault": "cut off"}, {"text": '{"verdict": 0}'})
    assert Judge(line).generate("a", Form).verdict == 0
    with pytest.raises(Unusable, match="cut off"):
        Judge(FakeLine(*[{"fault": "cut off"}] * 3)).generate("a", Form)


def test_texts_are_embedded_in_their_language():
    line = FakeLine({"vectors": [[1.0], [2.0]]}, {"vectors": [[3.0]]})
    vectors = Vectors(line, "ko")
    assert vectors.embed_texts(["가", "나"]) == [[1.0], [2.0]]
    assert vectors.embed_text("다") == [3.0]
    assert line.asked[0] == {"texts": ["가", "나"], "language": "ko"}


class FakeMetric:
    """A metric of a made-up ragas: gives what the test wants, or raises it."""

    gives: object = 0.5

    def __init__(self, **parts):
        self.parts = parts

    async def ascore(self, **fields):
        if isinstance(self.gives, Exception):
            raise self.gives
        return types.SimpleNamespace(value=self.gives)


@pytest.fixture
def ragas(monkeypatch):
    names = ("Faithfulness", "AnswerRelevancy", "SemanticSimilarity", "AnswerCorrectness")
    collections = types.SimpleNamespace(**dict.fromkeys(names, FakeMetric))
    metrics = types.ModuleType("ragas.metrics")
    metrics.collections = collections
    monkeypatch.setitem(sys.modules, "ragas", types.ModuleType("ragas"))
    monkeypatch.setitem(sys.modules, "ragas.metrics", metrics)
    return FakeMetric


@pytest.mark.parametrize(
    ("gives", "value", "note"),
    [
        (0.5, 0.5, ""),
        (float("nan"), None, "not a number"),
        (ValueError("response is missing"), None, "response is missing"),
        (Unusable("cut off"), None, "cut off"),
    ],
)
def test_what_ragas_gives_and_what_it_raises(monkeypatch, ragas, gives, value, note):
    monkeypatch.setattr(ragas, "gives", gives)
    line = FakeLine()
    metrics = ("faithfulness", "answer_relevancy", "answer_similarity", "answer_correctness")
    score(line, metrics, (7, ROW))
    assert [one["metric"] for one in line.said] == list(metrics)
    assert {(one["row"], one["value"], one["note"]) for one in line.said} == {(7, value, note)}


def test_replies_find_those_who_wait_for_them(monkeypatch):
    ended = []
    monkeypatch.setattr(ragas_worker.os, "_exit", ended.append)
    written = io.StringIO()
    line = Line(io.StringIO('{"id": 1, "text": "b"}\n{"id": 0, "text": "a"}\n'), written)
    found = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: line.ask(prompt=n)})) for n in ("a", "b")]
    for number, thread in enumerate(threads):
        thread.start()
        while len(line.waiting) <= number or written.getvalue().count("\n") <= number:
            pass
    line.listen()
    for thread in threads:
        thread.join()
    assert {name: reply["text"] for name, reply in found.items()} == {"a": "a", "b": "b"}
    assert ended == [0]


def test_without_ragas_it_says_so():
    work = json.dumps({"rows": [], "metrics": [], "at_once": 1})
    command = [sys.executable, "-I", "-S", ragas_worker.__file__]
    done = subprocess.run(command, input=work, capture_output=True, text=True, check=True)
    assert "ragas" in json.loads(done.stdout)["missing"]


def test_it_opens_no_connection():
    program = (
        "import runpy, socket, sys\n"
        "runpy.run_path(sys.argv[1])['forbid_connections']()\n"
        "for attempt in (lambda: socket.create_connection(('127.0.0.1', 9)), lambda: socket.getaddrinfo('a', 1)):\n"
        "    try:\n        attempt()\n    except PermissionError:\n        print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, ragas_worker.__file__], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["refused", "refused"]
