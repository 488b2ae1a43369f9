"""The ShareGPT form."""

from raftune.auditing.forms.sharegpt import ShareGpt


def test_turns_are_read() -> None:
    turns = [{"from": "system", "value": "s"}, {"from": "human", "value": "<DOCUMENT>A</DOCUMENT>\n질문: 왜?"}]
    parts = ShareGpt().read({"conversations": [*turns, {"from": "gpt", "value": "B"}]})
    assert (parts.documents, parts.question, parts.target) == (("A",), "왜?", "B")
