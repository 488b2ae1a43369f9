import json

from raftune.contracts import ChatReply
from raftune.verifiers.closed_book import plug
from tests.support import make_answer, make_chunk

CHUNK = make_chunk("The Federal Reserve was founded in 1913. Board members are appointed by the President.")
ANSWERS = [
    make_answer(CHUNK, "When was the Federal Reserve founded?", "1913"),
    make_answer(CHUNK, "Who appoints Board members?", "the President"),
    make_answer(CHUNK, "Is the Board appointed?", "Yes"),
    make_answer(CHUNK, "What is it?", "a bank"),
]


def test_the_passage_is_not_shown() -> None:
    content = plug().request("m", CHUNK, ANSWERS).messages[1].content
    assert CHUNK.text not in content
    assert ANSWERS[0].text in content


def test_what_is_known_is_flagged_and_nothing_dropped() -> None:
    text = json.dumps({"answer_1": "In 1913", "answer_2": "unknown", "answer_3": "yes"})
    verdicts = plug().judge(ChatReply(text=text, finish_reason="stop", prompt_tokens=1, completion_tokens=1), ANSWERS)
    assert [verdict.flag for verdict in verdicts] == ["closed_book", "", "", ""]
    assert [verdict.checked for verdict in verdicts] == [True, True, True, False]
    assert not any(verdict.fault for verdict in verdicts)
