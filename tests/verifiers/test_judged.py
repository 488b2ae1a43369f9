import json

from raftune.contracts import ChatReply
from raftune.verifiers.judged import plug
from tests.support import make_answer, make_chunk

CHUNK = make_chunk("수수료는 3만 원이다. 창구는 9시에 연다.", language="ko")
ANSWERS = [make_answer(CHUNK, f"질문 {number}?", "3만 원", "수수료는 3만 원이다.") for number in range(4)]


def test_quotes_question_and_answer_are_shown() -> None:
    content = plug().request("m", CHUNK, ANSWERS).messages[1].content
    assert "질문: 질문 0?\n인용문: <QUOTES>수수료는 3만 원이다.</QUOTES>\n정답: 3만 원" in content


def test_yes_no_and_neither() -> None:
    text = json.dumps({"answer_1": "Yes.", "answer_2": "아니요", "answer_3": "not sure", "answer_4": True})
    reply = ChatReply(text=text, finish_reason="stop", prompt_tokens=1, completion_tokens=1)
    verdicts = plug().judge(reply, ANSWERS)
    assert [verdict.fault for verdict in verdicts] == ["", "not supported by its quotes", "", ""]
    assert [verdict.checked for verdict in verdicts] == [True, True, False, True]
