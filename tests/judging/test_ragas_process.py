import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from raftune.contracts import ChatReply
from raftune.embedders.hashed import plug as hashed
from raftune.errors import ConfigError, ProviderError
from raftune.judging import ragas_process
from raftune.judging.ragas_process import closed, score_by_ragas
from raftune.stage import Judge
from tests.judging.test_grader import CASE
from tests.support import ScriptedChat

STATEMENTS = json.dumps({"statements": [{"verdict": 1}]})


@pytest.fixture(autouse=True)
def _fake(monkeypatch):
    monkeypatch.setattr(ragas_process, "WORKER", Path(__file__).parent / "fake_worker.py")


def scored(*questions, chat=None, python=sys.executable, progress=lambda *_: None):
    cases = [replace(CASE, question=question) for question in questions]
    judge = Judge("scripted", chat or ScriptedChat([STATEMENTS]), 4)
    work = score_by_ragas(python, cases, ("faithfulness", "answer_relevancy"), judge, {"en": hashed(0)}, progress)
    return asyncio.run(work)


def test_the_child_asks_and_this_side_answers():
    chat, seen = ScriptedChat([f"```json\n{STATEMENTS}\n```"]), []
    found = scored("What?", "Who?", chat=chat, progress=lambda done, total, _: seen.append((done, total)))
    assert (found.version, found.requests) == ("0.0", 4)
    assert [list(one) for one in found.outcomes] == [["faithfulness", "answer_relevancy"]] * 2
    outcome = found.outcomes[1]["faithfulness"]
    assert (outcome.value, outcome.replies) == (2.0, (("Out", {"statements": [{"verdict": 1}]}),))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    request = chat.requests[0]
    assert (request.model, request.messages[0].content, request.seed) == ("scripted", "What?", 3)


def test_a_reply_that_cannot_be_used_is_said_to_the_child():
    for chat in (ScriptedChat(["I would rather not."]), ScriptedChat([STATEMENTS], "length")):
        outcome = scored("What?", chat=chat).outcomes[0]["faithfulness"]
        assert outcome.value is None
        assert outcome.note in ("no JSON", "refusal", "cut off")


def test_a_judge_that_cannot_be_asked_ends_it():
    class Gone:
        async def complete(self, request):
            raise ProviderError("Nobody answers.", "Start it.")

    with pytest.raises(ProviderError, match="Nobody answers"):
        scored("What?", chat=Gone())


def test_no_secret_goes_to_the_child(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    names = scored("environment").outcomes[0]["faithfulness"].note.split(",")
    assert "RAGAS_DO_NOT_TRACK" in names
    assert set(names) <= {*ragas_process.KEPT, "HOME", "TMPDIR", "RAGAS_DO_NOT_TRACK", "LC_CTYPE"}


@pytest.mark.parametrize(
    ("question", "message"), [("missing", "has no ragas that can be imported"), ("crash", "ended before .*it broke")]
)
def test_what_is_wrong_with_the_child_is_said(question, message):
    with pytest.raises(ConfigError, match=message) as error:
        scored("What?", question)
    assert 'pip install "raftune[ragas]"' in error.value.advice


def test_an_interpreter_that_is_not_there():
    with pytest.raises(ConfigError, match="cannot be started"):
        scored("What?", python="/nowhere/python")


def test_a_child_is_ended_with_the_work(monkeypatch):
    ended = []
    begin = asyncio.create_subprocess_exec

    async def noted(*words, **options):
        ended.append(await begin(*words, **options))
        return ended[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)

    class Slow:
        async def complete(self, request):
            await asyncio.sleep(60)
            return ChatReply(text="", finish_reason="stop", prompt_tokens=1, completion_tokens=1)

    async def impatient():
        judge = Judge("scripted", Slow(), 4)
        work = score_by_ragas(sys.executable, [CASE], ("faithfulness",), judge, {"en": hashed(0)})
        await asyncio.wait_for(work, 1)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    assert ended[0].returncode is not None


def test_a_schema_has_no_references_and_no_other_fields():
    schema = {
        "type": "object",
        "title": "A",
        "$defs": {"B": {"type": "object", "title": "B", "properties": {"c": {"type": "string", "title": "C"}}}},
        "properties": {"b": {"type": "array", "items": {"$ref": "#/$defs/B"}}},
    }
    inner = {"type": "object", "properties": {"c": {"type": "string"}}, "additionalProperties": False}
    assert closed(schema, schema["$defs"]) == {
        "type": "object",
        "properties": {"b": {"type": "array", "items": inner}},
        "additionalProperties": False,
    }
