import pytest

from raftune.training.adapter import add_lora, trained
from raftune.training.lora_linear import install
from raftune.training.options import LoraOptions
from tests.tiny_model import tiny_model
from tests.training.test_shared_prefix import tuned


def test_the_same_numbers_as_peft():
    import torch

    model = tuned(tiny_model().double())
    ids = torch.arange(40)[None]
    found = []
    for prepared in (False, True):
        if prepared:
            assert install(model) is not None
        model.zero_grad()
        loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        found.append([loss.detach(), *(parameter.grad.clone() for parameter in trained(model).values())])
    assert all(torch.allclose(one, other, rtol=1e-9, atol=1e-14) for one, other in zip(*found, strict=True))


def test_only_chosen_tokens_are_changed():
    import torch

    model = tuned(tiny_model())
    activity = install(model)
    ids = torch.arange(10)[None]
    with torch.no_grad():
        changed = model(input_ids=ids).logits
        with activity.only(torch.tensor([], dtype=torch.long)):
            plain = model(input_ids=ids).logits
        with activity.only(torch.arange(6, 10)):
            late = model(input_ids=ids).logits
        with model.disable_adapter():
            expected = tiny_model()(input_ids=ids).logits
    assert torch.allclose(plain, expected, atol=1e-5)
    assert torch.allclose(late[:, :6], expected[:, :6], atol=1e-5)
    assert not torch.allclose(late[:, 6:], changed[:, 6:], atol=1e-3)
    assert activity.tokens is None


@pytest.mark.parametrize("kind", ["dora", "half"])
def test_other_kinds_are_left_to_peft(kind):
    import torch

    model = tiny_model()
    tuned_model = add_lora(model, LoraOptions(kind="dora" if kind == "dora" else "lora"), "tiny")
    if kind == "half":
        for parameter in trained(tuned_model).values():
            parameter.data = parameter.data.to(torch.bfloat16)
    assert install(tuned_model) is None
