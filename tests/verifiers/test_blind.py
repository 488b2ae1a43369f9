import json

from raftune.contracts import ChatReply
from raftune.verifiers.blind import plug
from tests.support import make_answer, make_chunk

CHUNK = make_chunk("The Agency inspected 73 ports during 2021. Nine ports were unsafe.")
ANSWERS = [
    make_answer(CHUNK, "How many ports did the Agency inspect?", "73 ports"),
    make_answer(CHUNK, "How many ports were unsafe?", "nine"),
    make_answer(CHUNK, "Who heads the Agency?", "the Director"),
]


def test_the_first_answer_is_not_shown() -> None:
    request = plug().request("m", CHUNK, ANSWERS)
    assert CHUNK.text in request.messages[1].content
    assert "the Director" not in "".join(message.content for message in request.messages)


def test_each_answer_gets_its_verdict() -> None:
    text = json.dumps({"answer_1": "73", "answer_2": "12 ports", "answer_3": "not stated"})
    reply = ChatReply(text=text, finish_reason="stop", prompt_tokens=1, completion_tokens=1)
    verdicts = plug().judge(reply, ANSWERS)
    assert [verdict.fault for verdict in verdicts] == ["", "answered differently", "not answerable from the passage"]
    assert verdicts[1].detail == "How many ports were unsafe? | nine | 12 ports"
