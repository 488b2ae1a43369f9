"""Tries the fast way on a few rows before it is trusted: it has to give the gradients of the model's own code."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from raftune.training import attention
from raftune.training.head import logits
from raftune.training.rows import LEAST_SHARED, Row
from raftune.training.shared_prefix import Way, as_tensor, run_group

SIMILAR = 0.9999
REFUSALS = (TypeError, ValueError, RuntimeError, LookupError, AttributeError, NotImplementedError)

log = logging.getLogger(__name__)


def tried(model: Any, groups: Sequence[Sequence[Row]], way: Way, own: str) -> Way:
    """`way` if it fits the causal model, tried on the two shortest rows of a document set; else the plain one.

    `own` is the name of the attention that transformers chose for the model. Leaves no gradients behind.
    """
    several = [group for group in groups if len(group) > 1] or list(groups)
    rows = min(several, key=lambda group: sum(len(row.tokens) for row in group))[:2]
    if way.flat and same_gradients(model, rows, way, own):
        return way
    model.set_attn_implementation(own)
    if way.share:
        log.warning("Documents are read once for each example: this student does not fit shared prefixes.")
    return replace(way, share=False, flat=False)


def same_gradients(model: Any, rows: Sequence[Row], way: Way, own: str) -> bool:
    """Whether both ways give `rows` gradients of the same direction (cosine) and length."""
    model.set_attn_implementation(own)
    expected = gradients(model, rows, replace(way, share=False, flat=False))
    model.set_attn_implementation(attention.NAME)
    try:
        got = gradients(model, rows, way)
    except REFUSALS:
        log.debug("the fast way failed", exc_info=True)
        return False
    finally:
        model.zero_grad(set_to_none=True)
    if expected.shape != got.shape:
        return False
    lengths = [float(gradient.norm()) for gradient in (expected, got)]
    alike = float(expected @ got) > SIMILAR * lengths[0] * lengths[1] > 0
    return alike and abs(lengths[0] - lengths[1]) < (1 - SIMILAR) * lengths[0]


def gradients(model: Any, rows: Sequence[Row], way: Way) -> Any:
    """All gradients of some rows, one behind the other, as float64."""
    import torch

    model.zero_grad(set_to_none=True)
    run_group(model, rows, sum(row.weight for row in rows), way)
    held = [parameter.grad.flatten() for parameter in model.parameters() if parameter.grad is not None]
    return torch.cat(held).double()


def head_fits(model: Any, row: Row) -> bool:
    """Whether the model's logits are those we make of its last hidden states, so that labels alone can have them."""
    import torch

    with torch.no_grad():
        ids = as_tensor(model, [row.tokens[-LEAST_SHARED:]])
        whole = model(input_ids=ids, use_cache=False).logits
        parts = logits(model, model.base_model(input_ids=ids, use_cache=False).last_hidden_state)
    return bool(torch.allclose(whole, parts, rtol=1e-3, atol=1e-3, equal_nan=True))
