"""A request's key stands for what is sent, and for nothing else."""

from raftune.contracts import ChatMessage, ChatRequest, Passage

REQUEST = ChatRequest(model="m", messages=(ChatMessage(role="user", content="Hello"),), max_tokens=5)


def test_what_is_sent_decides_the_key() -> None:
    assert REQUEST.key == REQUEST.model_copy().key
    for change in ({"model": "n"}, {"max_tokens": 6}, {"temperature": 0.5}, {"seed": 1}, {"reply_schema": {}}):
        assert REQUEST.model_copy(update=change).key != REQUEST.key


def test_a_request_without_pictures_keeps_the_key_it_had_before_there_were_any() -> None:
    assert REQUEST.key == "d00c62351a863dbf43cda1eac2b94289"
    assert "images" not in REQUEST.messages[0].model_dump()


def test_pictures_decide_the_key() -> None:
    keys = set()
    for images in ((), ("data:image/png;base64,AA==",), ("data:image/png;base64,AQ==",)):
        message = ChatMessage(role="user", content="Hello", images=images)
        keys.add(REQUEST.model_copy(update={"messages": (message,)}).key)
    assert len(keys) == 3
    assert REQUEST.key in keys


def test_the_passage_is_no_part_of_the_request() -> None:
    passage = Passage(sentences=("a",), wanted=(1,), headings=(), language="en")
    with_passage = REQUEST.model_copy(update={"passage": passage})
    assert with_passage.key == REQUEST.key
    assert "passage" not in with_passage.model_dump()
