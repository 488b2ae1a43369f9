"""The form of answers. What the SDK makes of them is in routes/test_chat."""

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from raftune.generating.request import Token
from raftune.serving.chat_reply import Choice, Head, delta, likelihoods, usage
from raftune.serving.said import Said

HEAD = Head("chatcmpl-1", 5, "m", "raftune-0")


def test_an_answer_is_one_of_the_sdks() -> None:
    choice = Choice()
    for said in (Said("73 ", reasoning="For "), Said("ports", reasoning="sure", finish_reason="stop")):
        choice.add(said)
    row = HEAD.of("chat.completion", choices=[choice.row(0, logprobs=False)], usage=usage([choice.last]))
    answer = ChatCompletion.model_validate(row, strict=True)
    assert answer.choices[0].message.content == "73 ports"
    assert row["choices"][0]["message"]["reasoning_content"] == "For sure"


def test_a_chunk_is_one_of_the_sdks() -> None:
    first = delta(0, Said("73", tokens=(Token("73", -1.0),)), first=True, logprobs=True)
    chunk = ChatCompletionChunk.model_validate(HEAD.chunk([first]), strict=True)
    assert chunk.choices[0].delta.role == "assistant"
    assert chunk.choices[0].logprobs is not None
    assert delta(0, Said(finish_reason="stop"), first=False, logprobs=False)["delta"] == {}


def test_what_cannot_be_is_told_as_a_number() -> None:
    (row,) = likelihoods([Token("항", float("-inf"), (("구", -1.5),))])["content"]
    assert (row["logprob"], bytes(row["bytes"]).decode()) == (-9999.0, "항")
    assert row["top_logprobs"][0]["logprob"] == -1.5


def test_the_prompt_counts_once() -> None:
    counts = usage([Said(prompt_tokens=10, completion_tokens=3, cached_tokens=8), Said(prompt_tokens=10)])
    assert (counts["prompt_tokens"], counts["completion_tokens"], counts["total_tokens"]) == (10, 3, 13)
    assert counts["prompt_tokens_details"]["cached_tokens"] == 8
    assert usage([])["total_tokens"] == 0
