import asyncio

import pytest

from raftune.errors import BadReply, ProviderError
from raftune.providers.transformers import Transformers
from tests.tiny_model import make_examples, make_requests, save_tiny, save_tiny_adapter


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def request_(folder):
    return make_requests(make_examples(1, 1), max_tokens=8)[0]


def ask(model, request):
    return asyncio.run(model.complete(request))


def test_greedy_and_repeatable(folder, request_):
    model = Transformers(folder)
    first = ask(model, request_)
    assert first == ask(model, request_) == ask(Transformers(folder), request_)
    assert (first.finish_reason, first.completion_tokens) == ("length", 8)
    assert first.prompt_tokens > 400


def test_adapter_changes_the_reply(folder, request_, tmp_path):
    adapter = save_tiny_adapter(folder, tmp_path / "a", wide=0.3)
    assert ask(Transformers(folder, adapter), request_).text != ask(Transformers(folder), request_).text


def test_seed_decides_at_higher_temperature(folder, request_):
    model = Transformers(folder)
    warm = [request_.model_copy(update={"temperature": 1.0, "seed": seed}) for seed in (1, 1, 2)]
    texts = [ask(model, request).text for request in warm]
    assert texts[0] == texts[1] != texts[2]


def test_stops_at_the_end_mark(folder, request_):
    model = Transformers(folder)
    ask(model, request_)
    model._opened[0].ends.update(range(400))
    reply = ask(model, request_)
    assert (reply.finish_reason, reply.completion_tokens, reply.text) == ("stop", 0, "")


def test_long_prompts_and_impossible_schemas_are_refused(folder, request_):
    with pytest.raises(BadReply) as caught:
        ask(Transformers(folder, context=100), request_)
    assert caught.value.reason == "prompt too long"
    with pytest.raises(ProviderError, match="schema"):
        ask(Transformers(folder), request_.model_copy(update={"reply_schema": {"type": "nothing"}}))


def test_requests_at_once_read_their_documents_once(folder):
    model = Transformers(folder)
    requests = make_requests(make_examples(2, 4), max_tokens=8)

    async def all_of_them():
        return await asyncio.gather(*(model.complete(request) for request in requests))

    replies = asyncio.run(all_of_them())
    assert [reply.text for reply in replies] == [ask(Transformers(folder), request).text for request in requests]
    assert model.tokens_reused > model.tokens_read
    model.close()


def test_closing_frees_the_model(folder, request_):
    model = Transformers(folder)
    ask(model, request_)
    model.close()
    assert model._opened is None
    assert ask(model, request_).text
