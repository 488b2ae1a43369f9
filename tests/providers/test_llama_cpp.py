import asyncio
import json
import time
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.errors import BadReply, ProviderError
from raftune.models.chat import prompt_text, token_ids
from raftune.providers.llama_cpp import LlamaCpp, body_of, reply_of
from tests.tiny_model import make_examples, make_requests, save_tiny_gguf, tiny_tokenizer


@pytest.fixture(scope="module")
def gguf(tmp_path_factory):
    return save_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture
def model(gguf):
    model = LlamaCpp(gguf, context=1024, threads=1)
    yield model
    model.close()


def ask(model, *requests):
    async def together():
        return await asyncio.gather(*(model.complete(request) for request in requests))

    return asyncio.run(together())


def test_replies_are_counted_and_repeatable(model, capfd):
    request = make_requests(make_examples(1, 1))[0]
    first, second = ask(model, request)[0], ask(model, request)[0]
    assert first == second
    assert first.finish_reason in {"stop", "length"}
    messages = [(message.role, message.content) for message in request.messages]
    assert first.prompt_tokens == len(token_ids(tiny_tokenizer(), prompt_text(tiny_tokenizer(), messages)))
    assert first.completion_tokens <= 24
    assert capfd.readouterr() == ("", "")


def test_documents_in_common_are_read_once(model):
    ask(model, make_requests(make_examples(1, 1), max_tokens=1)[0])
    before = model.tokens_read
    ask(model, make_requests(make_examples(1, 2), max_tokens=1)[1])
    assert model.tokens_read - before < 40
    assert model.tokens_reused > 450


def test_requests_share_the_slots(gguf):
    model = LlamaCpp(gguf, slots=2, context=1024, threads=1)
    replies = ask(model, *make_requests(make_examples(2, 2), max_tokens=4))
    model.close()
    assert [reply.completion_tokens > 0 for reply in replies] == [True] * 4


def test_schema_is_followed(model):
    schema = {"type": "object", "properties": {"answer": {"enum": ["yes", "no"]}}, "required": ["answer"]}
    message = ChatMessage(role="user", content="Is it?")
    reply = ask(model, ChatRequest(model="tiny", messages=(message,), max_tokens=200, reply_schema=schema))[0]
    assert json.loads(reply.text)["answer"] in {"yes", "no"}
    assert reply.finish_reason == "stop"


def test_wrong_schema_is_refused(model):
    request = make_requests(make_examples(1, 1))[0].model_copy(update={"reply_schema": {"type": "weird"}})
    with pytest.raises(ProviderError, match="refuses"):
        ask(model, request)


def test_long_prompt_is_a_bad_reply(model):
    message = ChatMessage(role="user", content="word " * 3000)
    with pytest.raises(BadReply) as caught:
        ask(model, ChatRequest(model="tiny", messages=(message,), max_tokens=4))
    assert caught.value.reason == "prompt too long"


def running_threads():
    return len(list(Path("/proc/self/task").iterdir()))


def test_closing_frees_threads_and_opening_again_works(gguf):
    model = LlamaCpp(gguf, context=256, threads=2)
    model.server()  # the first server of a process also starts llama.cpp's own logging thread, which stays
    model.close()
    before = settled_threads(1)
    model.server()
    assert running_threads() > before
    model.close()
    assert settled_threads(before) <= before
    model.server()
    model.close()


def settled_threads(wanted):
    """The threads once there are at most `wanted`, or after two seconds: the kernel takes a moment to end them."""
    for _ in range(20):
        if running_threads() <= wanted:
            break
        time.sleep(0.1)
    return running_threads()


def test_files_that_do_not_open(tmp_path, gguf):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF")
    for model in (LlamaCpp(broken), LlamaCpp(gguf, broken)):
        with pytest.raises(ProviderError, match=r"cannot open .*broken\.gguf"):
            model.server()


def test_other_errors_are_told():
    with pytest.raises(ProviderError, match="out of memory"):
        reply_of({"error": {"type": "server_error", "message": "out of memory"}})


def test_all_that_decides_the_reply_is_sent():
    request = make_requests(make_examples(1, 1))[0].model_copy(update={"seed": 5, "temperature": 0.5})
    body = body_of(request)
    assert (body["seed"], body["temperature"], body["max_tokens"]) == (5, 0.5, 24)
    assert [turn["role"] for turn in body["messages"]] == ["system", "user"]


CONVERSATIONS = (
    (("user", "Hello"),),
    (("system", "Answer in 2023."), ("user", "GDP grew 3.14159% to 1,234,567.\n\n\n  Why?")),
    (("system", "한국어로 답하세요."), ("user", "한국은행의 기준금리는 3.50%이다.\n질문: 언제?")),
    (
        ("user", "##begin_quote##It's\tTHE bank'S \"x\"—§4(1)##end_quote##"),
        ("assistant", "<ANSWER>: 1"),
        ("user", "émigré 😀"),
    ),
    (("system", ""), ("user", "<DOCUMENT>\nx = 10 + 20;  // foo_bar1234\n</DOCUMENT>\nQuestion: x?")),
)


@pytest.mark.slow
def test_real_template_and_tokenizer_are_those_of_training():
    from raftune.models.student import EMBEDDED, find_student, safetensors_folder
    from raftune.models.weights import load_tokenizer

    student = find_student(EMBEDDED)
    tokenizer = load_tokenizer(safetensors_folder(student))
    model = LlamaCpp(student.gguf, context=512)
    for messages in CONVERSATIONS:
        text = prompt_text(tokenizer, messages)
        ids = token_ids(tokenizer, text)
        turns = tuple(ChatMessage(role=role, content=content) for role, content in messages)
        reply = ask(model, ChatRequest(model="x", messages=turns, max_tokens=1))[0]
        assert reply.prompt_tokens == len(ids)
        # The same ids again, now from the cache of the rendered prompt: all but the last, which is always read.
        answer = model.server().handle_completions({"prompt": ids, "max_tokens": 1, "cache_prompt": True})
        assert answer["timings"]["cache_n"] == len(ids) - 1
    model.close()
