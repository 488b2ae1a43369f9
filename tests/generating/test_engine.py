"""The engine gives the texts that transformers and PEFT give, whatever else it makes beside them."""

import asyncio
import json
from contextlib import aclosing

import pytest
import torch

from raftune.contracts import ChatMessage
from raftune.errors import BadReply, ConfigError, ProviderError
from raftune.generating.engine import Engine, last_place
from raftune.generating.request import Generation, Sampling
from raftune.models.chat import invocation_tokens, prompt_text, token_ids
from raftune.models.weights import load_model, load_tokenizer
from tests.tiny_model import make_examples, make_requests, save_tiny, save_tiny_adapter

KINDS = ({}, {"use_rslora": True}, {"use_dora": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def engine(folder):
    opened = Engine(folder, context=2048, threads=1)
    yield opened
    opened.close()


def conversations():
    """Three sets of documents with three questions each, and short ones without documents."""
    asked = [request.messages for request in make_requests(make_examples(3, 3))]
    return [*asked, *[(ChatMessage(role="user", content=f"What is {number}?"),) for number in range(3)]]


async def whole(engine, generation):
    """(text, last piece)."""
    pieces = [piece async for piece in engine.generate(generation)]
    return "".join(piece.text for piece in pieces), pieces[-1]


def together(engine, generations):
    async def all_of_them():
        return await asyncio.gather(*(whole(engine, generation) for generation in generations))

    return asyncio.run(all_of_them())


def expected(folder, messages, max_tokens, adapter=None):
    """The text of transformers' own greedy loop."""
    model, tokenizer = load_model(folder, adapter), load_tokenizer(folder)
    ids = token_ids(tokenizer, prompt_text(tokenizer, [(one.role, one.content) for one in messages]))
    with torch.inference_mode():
        made = model.generate(
            input_ids=torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            max_new_tokens=max_tokens,
            do_sample=False,
            pad_token_id=2,
        )
    return tokenizer.decode(made[0, len(ids) :], skip_special_tokens=True)


def test_many_texts_at_once_are_those_of_transformers(folder, engine):
    asked = conversations()
    replies = together(engine, [Generation(messages, Sampling(max_tokens=24)) for messages in asked])
    assert [text for text, _ in replies] == [expected(folder, messages, 24) for messages in asked]
    assert {last.finish_reason for _, last in replies} <= {"stop", "length"}


def test_documents_are_read_once(engine):
    asked = conversations()[:9]
    replies = together(engine, [Generation(messages, Sampling(max_tokens=8)) for messages in asked])
    cached = [last.cached_tokens for _, last in replies]
    prompts = [last.prompt_tokens for _, last in replies]
    fresh = sum(prompts) - sum(cached)
    assert fresh < 0.5 * sum(prompts)
    again = together(engine, [Generation(asked[0], Sampling(max_tokens=8))])
    assert again[0][0] == replies[0][0]
    assert again[0][1].cached_tokens > 0.9 * prompts[0]


@pytest.mark.parametrize("settings", KINDS, ids=str)
def test_adapters_beside_one_another_and_the_plain_model(folder, engine, tmp_path, settings):
    adapters = [save_tiny_adapter(folder, tmp_path / str(wide), wide=wide, **settings) for wide in (0.2, 0.3)]
    for number, adapter in enumerate(adapters):
        engine.open_adapter(f"a{number}", adapter)
    asked = conversations()[::2]
    generations = [Generation(one, Sampling(max_tokens=16), name) for one in asked for name in ("", "a0", "a1")]
    got = [text for text, _ in together(engine, generations)]
    wanted = [expected(folder, one, 16, adapter) for one in asked for adapter in (None, *adapters)]
    assert got == wanted
    assert len(set(got)) > len(asked)


def test_an_activated_adapter_works_from_the_answer_on(folder, engine, tmp_path):
    invocation = list(invocation_tokens(load_tokenizer(folder)))
    adapter = save_tiny_adapter(folder, tmp_path / "a", wide=0.3, alora_invocation_tokens=invocation)
    engine.open_adapter("a", adapter)
    asked = conversations()[:4]
    mixed = [Generation(one, Sampling(max_tokens=16), name) for one in asked for name in ("a", "")]
    got = together(engine, mixed)
    assert [text for text, _ in got[::2]] == [expected(folder, one, 16, adapter) for one in asked]
    assert sum(last.cached_tokens > 0 for _, last in got) >= 5  # both read the plain model's documents


def test_stops_are_not_told_and_end_a_text(engine):
    asked = conversations()[0]
    ((text, _),) = together(engine, [Generation(asked, Sampling(max_tokens=24))])
    stop = text[5:8]
    ((cut, last),) = together(engine, [Generation(asked, Sampling(max_tokens=24, stop=("nowhere", stop)))])
    assert (cut, last.finish_reason) == (text[: text.index(stop)], "stop")


def test_a_seed_decides_what_is_drawn(engine):
    asked = conversations()[9]
    warm = [Sampling(max_tokens=12, temperature=1.0, top_p=0.9, seed=seed) for seed in (1, 1, 2)]
    first, second, other = (text for text, _ in together(engine, [Generation(asked, one) for one in warm]))
    assert first == second != other


def test_probabilities_are_told_beside_tokens(engine):
    asked = conversations()[0]

    async def pieces():
        return [piece async for piece in engine.generate(Generation(asked, Sampling(max_tokens=6, alternatives=3)))]

    tokens = [token for piece in asyncio.run(pieces()) for token in piece.tokens]
    assert len(tokens) == 6
    assert all(token.log_probability == token.likeliest[0][1] for token in tokens)
    assert all(len(token.likeliest) == 3 and token.log_probability <= 0 for token in tokens)


def test_a_schema_is_followed(engine):
    schema = {
        "type": "object",
        "properties": {"found": {"type": "boolean"}, "page": {"enum": [3, 14]}},
        "required": ["found", "page"],
        "additionalProperties": False,
    }
    sampling = Sampling(max_tokens=60, temperature=1.0, seed=3, schema=schema)
    ((text, last),) = together(engine, [Generation(conversations()[0], sampling)])
    assert last.finish_reason == "stop"
    assert json.loads(text)["page"] in (3, 14)
    with pytest.raises(ConfigError, match="schema"):
        together(engine, [Generation(conversations()[0], Sampling(max_tokens=9, schema={"type": "nothing"}))])


def test_leaving_the_loop_frees_the_slot(engine):
    async def left():
        async with aclosing(engine.generate(Generation(conversations()[0], Sampling(max_tokens=1500)))) as pieces:
            async for _ in pieces:
                break
        return await whole(engine, Generation(conversations()[1], Sampling(max_tokens=4)))

    assert asyncio.run(left())[1].finish_reason
    for _ in range(100):
        if not engine.decoder.active:
            break
        torch.zeros(1)
        asyncio.run(asyncio.sleep(0.02))
    assert engine.decoder.active == []


def test_more_texts_than_slots_take_turns(folder):
    opened = Engine(folder, context=2048, threads=1, slots=2)
    asked = conversations()
    replies = together(opened, [Generation(messages, Sampling(max_tokens=5)) for messages in asked])
    opened.close()
    assert [text for text, _ in replies] == [expected(folder, messages, 5) for messages in asked]


def test_what_does_not_fit_is_refused(engine):
    with pytest.raises(BadReply) as caught:
        together(engine, [Generation((ChatMessage(role="user", content="long " * 2000),), Sampling(max_tokens=4))])
    assert caught.value.reason == "prompt too long"
    with pytest.raises(ConfigError, match="no adapter"):
        together(engine, [Generation(conversations()[0], Sampling(max_tokens=4), "missing")])


def test_a_text_ends_where_the_context_does(folder):
    opened = Engine(folder, context=64, threads=1)
    ((_, last),) = together(opened, [Generation(conversations()[9], Sampling(max_tokens=500))])
    opened.close()
    assert last.finish_reason == "length"
    assert last.prompt_tokens + last.completion_tokens <= 64


def test_a_closed_adapter_is_gone_and_a_name_can_be_opened_again(folder, engine, tmp_path):
    engine.open_adapter("a", save_tiny_adapter(folder, tmp_path / "a", wide=0.2))
    asked = Generation(conversations()[0], Sampling(max_tokens=8), "a")
    ((first, _),) = together(engine, [asked])
    engine.close_adapter("a")
    with pytest.raises(ConfigError):
        together(engine, [asked])
    together(engine, [Generation(conversations()[0], Sampling(max_tokens=1))])
    engine.open_adapter("a", save_tiny_adapter(folder, tmp_path / "b", wide=0.4))
    assert together(engine, [asked])[0][0] != first


def test_a_failure_in_a_step_reaches_its_requests_and_no_later_ones(engine, monkeypatch):
    def broken(*_):
        raise RuntimeError("no memory")

    monkeypatch.setattr(engine.decoder, "logits", broken)
    with pytest.raises(ProviderError, match="no memory"):
        together(engine, [Generation(conversations()[0], Sampling(max_tokens=4))])
    monkeypatch.undo()
    assert together(engine, [Generation(conversations()[0], Sampling(max_tokens=4))])[0][0]


def test_a_closed_engine_refuses(folder):
    opened = Engine(folder, context=256, threads=1)
    opened.close()
    with pytest.raises(ProviderError, match="closed"):
        together(opened, [Generation(conversations()[9], Sampling(max_tokens=4))])


def test_last_place():
    assert last_place([1, 2, 3, 1, 2, 4], (1, 2)) == 3
    with pytest.raises(ConfigError):
        last_place([1, 2], (3,))
