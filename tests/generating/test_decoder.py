"""Who joins and leaves; what they make is held by test_engine.py."""

import pytest

import raftune.generating.decoder as decoding
from raftune.generating.decoder import Decoder
from raftune.generating.spelling import Spelling
from tests.generating.test_running import running
from tests.tiny_model import save_tiny


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return Decoder(save_tiny(tmp_path_factory.mktemp("models") / "tiny"), None, 2, 2048)


def text(tokens, most=3):
    told = []
    one = running(told, max_tokens=most)
    one.spelling = Spelling(lambda ids: "x" * len(ids), ())
    one.tokens, one.prompt = list(tokens), len(tokens)
    return one, told


def finish(decoder):
    steps = 0
    while decoder.busy:
        decoder.step(set(), str)
        steps += 1
        assert steps < 100
    return steps


def test_a_text_waits_for_documents_that_another_one_is_reading(decoder):
    first, _ = text([n % 300 for n in range(700)])
    second, _ = text([*[n % 300 for n in range(690)], 5, 6])
    decoder.waiting += [first, second]
    decoder.step(set(), str)
    assert (decoder.active, decoder.waiting) == ([first], [second])
    finish(decoder)
    assert second.cached == 690
    assert all(segment.users == 0 for segment in decoder.segments.kept)


def test_what_was_cancelled_while_it_was_read_is_not_kept(decoder):
    one, told = text([7 + n % 290 for n in range(900)])
    decoder.waiting.append(one)
    decoder.step(set(), str)
    one.cancelled = True
    decoder.step(set(), str)
    assert not decoder.busy
    assert told == []
    assert all(len(segment.tokens) != 900 for segment in decoder.segments.kept)


def test_the_last_one_takes_a_freed_slot(decoder):
    short, told = text(range(20), most=1)
    long, others = text(range(30, 60), most=6)
    decoder.waiting += [short, long]
    finish(decoder)
    alone, expected = text(range(30, 60), most=6)
    decoder.waiting.append(alone)
    finish(decoder)
    assert long.tokens == alone.tokens
    assert len(told) == 1
    assert others[-1].completion_tokens == expected[-1].completion_tokens == 6


@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_guesses_change_nothing_but_the_number_of_steps(decoder, monkeypatch, wrong):
    prompts = [range(40, 80), [n % 50 for n in range(700)]]
    monkeypatch.setattr(decoding, "FEW", 0)
    plain = [text(prompt, most=30)[0] for prompt in prompts]
    decoder.waiting += plain
    slow = finish(decoder)
    truth = [one.tokens[:] for one in plain]
    asked = []

    def told(tokens, most):
        """What follows, and a token that does not after the first `wrong` of it."""
        whole = next(one for one in truth if one[: len(tokens)] == tokens)
        asked.append(most)
        made = whole[len(tokens) : len(tokens) + most]
        return made if not wrong else [*made[: wrong - 1], *((token + 1) % 200 for token in made[wrong - 1 :])]

    monkeypatch.setattr(decoding, "FEW", 4)
    monkeypatch.setattr(decoding, "guess", told)
    guessed = [text(prompt, most=30)[0] for prompt in prompts]
    decoder.waiting += guessed
    fast = finish(decoder)
    assert [one.tokens for one in guessed] == truth
    assert wrong or max(asked) == 16
    assert (fast < slow / 2) == (wrong != 1)


def test_an_error_ends_all_and_drops_what_was_read(decoder):
    one, told = text(range(100, 140))
    decoder.waiting.append(one)
    decoder.fail(ValueError("broken"))
    assert isinstance(told[0], ValueError)
    assert not decoder.busy
    assert decoder.segments.kept == []
