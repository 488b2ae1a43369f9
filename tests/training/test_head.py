import pytest

from raftune.training import head
from raftune.training.head import label_loss, logits
from raftune.training.rows import Row
from tests.tiny_architectures import tiny_of


@pytest.mark.parametrize("name", ["llama", "gemma2", "granite", "cohere"])
@pytest.mark.parametrize("most", [1, 1000, 1 << 25])
def test_loss_and_gradient_in_parts_are_those_of_all_logits(name, most, monkeypatch):
    import torch

    monkeypatch.setattr(head, "LOGITS", most)
    model = tiny_of(name)
    rows = [Row("a", "s", tuple(range(10)), 6), Row("b", "s", tuple(range(10, 22)), 9, weights=(1.0, 3.0, 1.0))]
    hidden = torch.randn(22, 64, requires_grad=True)
    places = torch.tensor([5, 6, 7, 8, 18, 19, 20])
    targets = torch.tensor([6, 7, 8, 9, 19, 20, 21])
    losses = torch.nn.functional.cross_entropy(logits(model, hidden[places]), targets, reduction="none")
    expected = torch.autograd.grad((losses * torch.tensor([1, 1, 1, 1, 1, 3.0, 1])).sum() / 9, hidden)[0]
    tally = label_loss(model, hidden, places, rows, 9, learning=True)
    assert torch.allclose(hidden.grad, expected, rtol=1e-4, atol=1e-7)
    assert tally.loss == pytest.approx(float(losses.detach().sum()), rel=1e-5)
    assert (tally.labels, tally.right) == (7, int((logits(model, hidden[places]).argmax(-1) == targets).sum()))
