"""Loss and gradients of a document set, reading the documents once: exact, not an approximation.

The prefix runs once and leaves its keys and values. Detached, they are leaves that every suffix (question and
answer) runs forward and backward against, so that gradients add up in them. One backward pass then takes those
sums through the prefix. By the chain rule that is the gradient of the separate examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from raftune.training.rows import Row, shared_tokens

SUFFIX_TOKENS = 2048
LEAST_SHARED = 16
SIMILAR = 0.9999


@dataclass(frozen=True)
class Tally:
    """Sums over learned tokens: loss in nats, tokens predicted right, tokens."""

    loss: float = 0.0
    right: int = 0
    labels: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.loss + other.loss, self.right + other.right, self.labels + other.labels)


def run_group(model: Any, rows: Sequence[Row], labels: int, *, share: bool) -> Tally:
    """The tally of rows of one document set; where gradients are enabled, adds those of loss / `labels`."""
    shared = shared_tokens(rows) if share and len(rows) > 1 else 0
    if shared < LEAST_SHARED:
        return sum((run_batch(model, [row], labels, 0, None) for row in rows), Tally())
    return run_shared(model, rows, labels, shared)


def run_shared(model: Any, rows: Sequence[Row], labels: int, shared: int) -> Tally:
    """As `run_group`, with the first `shared` tokens of the rows read once."""
    import torch
    from transformers import DynamicCache

    decoder = model.base_model
    cache = DynamicCache(config=decoder.config)
    decoder(input_ids=as_tensor(model, [rows[0].tokens[:shared]]), past_key_values=cache, use_cache=True)
    made = [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]
    leaves = [tensor.detach().requires_grad_(torch.is_grad_enabled()) for tensor in made]
    batches = suffix_batches(rows, shared)
    tally = sum((run_batch(model, batch, labels, shared, leaves) for batch in batches), Tally())
    if torch.is_grad_enabled():
        reached = [(tensor, leaf.grad) for tensor, leaf in zip(made, leaves, strict=True) if tensor.requires_grad]
        torch.autograd.backward([tensor for tensor, _ in reached], [gradient for _, gradient in reached])
    return tally


def run_batch(model: Any, rows: Sequence[Row], labels: int, shared: int, leaves: Sequence[Any] | None) -> Tally:
    """Rows without their first `shared` tokens as one batch, padded on the right, against the prefix in `leaves`."""
    import torch
    from torch.nn.functional import cross_entropy

    hidden = last_hidden_states(model, rows, shared, leaves)
    spots = [(number, range(row.start - 1 - shared, len(row.tokens) - 1 - shared)) for number, row in enumerate(rows)]
    states = torch.cat([hidden[number, spot.start : spot.stop] for number, spot in spots])
    logits = model.get_output_embeddings()(states)
    targets = as_tensor(model, [token for row in rows for token in row.tokens[row.start :]])
    loss = cross_entropy(logits, targets, reduction="sum")
    if torch.is_grad_enabled():
        (loss / labels).backward()
    return Tally(float(loss.detach()), int((logits.argmax(-1) == targets).sum()), len(targets))


def last_hidden_states(model: Any, rows: Sequence[Row], shared: int, leaves: Sequence[Any] | None) -> Any:
    """(rows, longest suffix, width): what the decoder makes of the rows' tokens from index `shared` on."""
    from transformers import DynamicCache

    suffixes = [row.tokens[shared:] for row in rows]
    longest = max(map(len, suffixes))
    ids = as_tensor(model, [suffix + (0,) * (longest - len(suffix)) for suffix in suffixes])
    seen = as_tensor(model, [[1] * (shared + len(suffix)) + [0] * (longest - len(suffix)) for suffix in suffixes])
    if leaves is None:
        return model.base_model(input_ids=ids, attention_mask=seen, use_cache=False).last_hidden_state
    cache = DynamicCache(config=model.base_model.config)
    for layer, (keys, values) in enumerate(zip(leaves[::2], leaves[1::2], strict=True)):
        cache.update(keys.expand(len(rows), -1, -1, -1), values.expand(len(rows), -1, -1, -1), layer)
    return model.base_model(input_ids=ids, attention_mask=seen, past_key_values=cache, use_cache=True).last_hidden_state


def suffix_batches(rows: Sequence[Row], shared: int) -> list[list[Row]]:
    """The rows sorted by length, in batches of at most 2,048 padded suffix tokens (or one row)."""
    batches: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: len(row.tokens)):
        if batches and (len(batches[-1]) + 1) * (len(row.tokens) - shared) <= SUFFIX_TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def as_tensor(model: Any, numbers: Sequence[Any]) -> Any:
    """Integers as a tensor where the model is."""
    import torch

    return torch.tensor(numbers, device=model.device)


def can_share(model: Any) -> bool:
    """Whether every layer of the model caches all keys and values: no sliding windows, no recurrent states."""
    from transformers import DynamicCache
    from transformers.cache_utils import DynamicLayer

    layers = DynamicCache(config=model.base_model.config).layers
    return bool(layers) and all(type(layer) is DynamicLayer for layer in layers)


def same_gradients(model: Any, rows: Sequence[Row]) -> bool:
    """Whether both ways give `rows` gradients of the same direction (cosine) and length. Leaves no gradients behind."""
    import torch

    gradients = []
    for share in (False, True):
        model.zero_grad(set_to_none=True)
        run_group(model, rows, sum(row.labels for row in rows), share=share)
        held = [parameter.grad.flatten() for parameter in model.parameters() if parameter.grad is not None]
        gradients.append(torch.cat(held).double())
    model.zero_grad(set_to_none=True)
    if gradients[0].shape != gradients[1].shape:
        return False
    lengths = [float(gradient.norm()) for gradient in gradients]
    alike = float(gradients[0] @ gradients[1]) > SIMILAR * lengths[0] * lengths[1] > 0
    return alike and abs(lengths[0] - lengths[1]) < (1 - SIMILAR) * lengths[0]


def plain_head(model: Any, row: Row) -> bool:
    """Whether the model's logits are those of its output layer alone, so that they can be made for labels only."""
    import torch

    with torch.no_grad():
        ids = as_tensor(model, [row.tokens[-LEAST_SHARED:]])
        whole = model(input_ids=ids, use_cache=False).logits
        parts = model.get_output_embeddings()(model.base_model(input_ids=ids, use_cache=False).last_hidden_state)
    return bool(torch.allclose(whole, parts, rtol=1e-3, atol=1e-3, equal_nan=True))
