import pytest
import torch

from raftune.generating.choosing import Choice, Grammars
from raftune.generating.request import Sampling
from tests.tiny_model import tiny_tokenizer


def test_the_likeliest_token_without_a_temperature():
    choice = Choice(Sampling(max_tokens=1))
    assert choice.plain
    assert choice.choose(torch.tensor([0.0, 3.0, 1.0])) == 1


def test_what_is_drawn_follows_the_probabilities():
    chances = torch.tensor([0.5, 0.3, 0.2])
    choice = Choice(Sampling(max_tokens=1, temperature=1.0, seed=4))
    drawn = torch.tensor([choice.choose(chances.log()) for _ in range(4000)])
    assert torch.allclose(torch.bincount(drawn) / 4000, chances, atol=0.03)


def test_a_share_of_the_likeliest_leaves_the_others_out():
    chances = torch.tensor([0.2, 0.5, 0.3])
    choice = Choice(Sampling(max_tokens=1, temperature=1.0, top_p=0.6))
    drawn = torch.bincount(torch.tensor([choice.choose(chances.log()) for _ in range(3000)]), minlength=3)
    assert drawn[0] == 0
    assert abs(float(drawn[1]) / 3000 - 0.625) < 0.04
    only = Choice(Sampling(max_tokens=1, temperature=1.0, top_p=0.1))
    assert {only.choose(chances.log()) for _ in range(50)} == {1}


def test_a_low_temperature_is_nearly_greedy():
    choice = Choice(Sampling(max_tokens=1, temperature=0.01))
    assert {choice.choose(torch.tensor([1.0, 1.2, 0.9])) for _ in range(50)} == {1}


@pytest.mark.parametrize("number", [7, 140])
def test_a_schema_leaves_one_way(number):
    tokenizer = tiny_tokenizer()
    grammar = Grammars(tokenizer, len(tokenizer), {tokenizer.eos_token_id}).of_schema({"const": number})
    choice = Choice(Sampling(max_tokens=9), grammar)
    made = []
    while not grammar.is_stopped() and len(made) < 9:
        made.append(choice.choose(torch.rand(len(tokenizer))))
    assert tokenizer.decode(made, skip_special_tokens=True) == str(number)
