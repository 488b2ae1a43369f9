"""Loss of the learned tokens: logits only where there are labels, some at a time."""

from collections.abc import Sequence
from typing import Any

from raftune.training.rows import Row
from raftune.training.tally import Tally

LOGITS = 1 << 25


def label_loss(model: Any, hidden: Any, places: Any, rows: Sequence[Row], weight: float, *, learning: bool) -> Tally:
    """The tally of hidden states (tokens, width) at `places`, which predict the rows' labels in order.

    With `learning`, runs backward from loss / `weight`. At most 2^25 logits exist at a time (128 MiB in fp32).
    """
    import torch
    from torch.nn.functional import cross_entropy

    targets = torch.tensor([token for row in rows for token in row.tokens[row.start :]], device=hidden.device)
    weights = torch.tensor([one for row in rows for one in row.label_weights], device=hidden.device)
    states = hidden[places]
    leaf = states.detach().requires_grad_(learning)
    size = max(1, LOGITS // model.get_output_embeddings().weight.shape[0])
    loss, right = 0.0, 0
    for start in range(0, len(targets), size):
        piece = slice(start, start + size)
        scores = logits(model, leaf[piece])
        losses = cross_entropy(scores, targets[piece], reduction="none")
        if learning:
            (losses @ weights[piece].to(losses.dtype) / weight).backward()
        loss += float(losses.detach().sum())
        right += int((scores.detach().argmax(-1) == targets[piece]).sum())
    if learning:
        states.backward(leaf.grad)
    return Tally(loss, right, len(targets))


def logits(model: Any, states: Any) -> Any:
    """(tokens, vocabulary): the output layer, and what some models do to its numbers after it."""
    import torch

    config = model.config.get_text_config()
    scores = model.get_output_embeddings()(states)
    if (scaling := getattr(config, "logits_scaling", None)) is not None:
        scores = scores / scaling
    if (scale := getattr(config, "logit_scale", None)) is not None:
        scores = scores * scale
    if (cap := getattr(config, "final_logit_softcapping", None)) is not None:
        scores = torch.tanh(scores / cap) * cap
    return scores
