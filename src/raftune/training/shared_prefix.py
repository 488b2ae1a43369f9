"""Loss and gradients of a document set, reading the documents once: exact, not an approximation.

The documents are read once and leave their keys and values. Detached, they are leaves that every suffix (question and
answer) runs forward and backward against, so that gradients add up in them. One backward pass then takes those sums
through the documents. By the chain rule that is the gradient of the separate examples (arXiv 2606.01143).
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from raftune.errors import TrainingError
from raftune.training import attention, lora_linear
from raftune.training.adapter import causal_of
from raftune.training.attention import KeysValues, Reading
from raftune.training.head import label_loss
from raftune.training.lora_linear import Activity
from raftune.training.rows import Row, read_once
from raftune.training.tally import Tally

BATCH_TOKENS = 2048
KEPT_BYTES = 2 << 30
ACTIVATED_ADVICE = 'Set precision to "fp32" and quantize to "no", or kind to "lora".'


@dataclass(frozen=True)
class Way:
    """How rows are computed: `share` reads documents once; `flat` puts sequences behind one another without padding,
    else each row is one plain call of the model. `batch_tokens`: tokens of a pass, unless one row has more.

    `checkpointing` computes each layer again for the backward pass instead of keeping what it made. `invocation` is set
    for activated LoRA: with how many tokens before the first label the adapter begins.
    """

    share: bool = True
    flat: bool = True
    batch_tokens: int = BATCH_TOKENS
    checkpointing: bool = False
    activity: Activity | None = None
    invocation: int | None = None
    kept: OrderedDict[tuple[int, ...], dict[int, KeysValues]] = field(default_factory=OrderedDict)


def prepare(model: Any, *, share: bool = True, batch_tokens: int = BATCH_TOKENS, invocation: int | None = None) -> Way:
    """Sets the attention and LoRA layers of a model; the way its rows can be computed.

    Raises TrainingError where an activated adapter cannot be kept to the answer.
    """
    activity = lora_linear.install(model)
    if invocation is not None and activity is None:
        raise TrainingError("Activated LoRA needs frozen weights of the adapter's own numbers.", ACTIVATED_ADVICE)
    flat = attention.install(causal_of(model))
    return Way(share and flat, flat, batch_tokens, activity=activity, invocation=invocation)


def run_group(model: Any, rows: Sequence[Row], weight: float, way: Way) -> Tally:
    """The tally of rows of one document set; where gradients are enabled, adds those of loss / `weight`.

    `model` is the causal model of what `prepare` has seen.
    """
    if shared := read_once(rows, share=way.share, invocation=way.invocation or 0):
        return run_shared(model, rows, weight, way, shared)
    return sum((run_batch(model, batch, weight, way) for batch in batches_of(rows, 0, way)), Tally())


def run_shared(model: Any, rows: Sequence[Row], weight: float, way: Way, shared: int) -> Tally:
    """As `run_group`, with the first `shared` tokens of the rows read once."""
    import torch

    made = read_documents(model, rows[0].tokens[:shared], way)
    learning = torch.is_grad_enabled() and way.invocation is None
    leaves = {layer: tuple(tensor.detach().requires_grad_(learning) for tensor in pair) for layer, pair in made.items()}
    batches = batches_of(rows, shared, way)
    tally = sum((run_batch(model, batch, weight, way, shared, leaves) for batch in batches), Tally())
    tally += Tally(read=shared)
    if learning:
        pairs = [both for layer, pair in made.items() for both in zip(pair, leaves[layer], strict=True)]
        reached = [(tensor, leaf.grad) for tensor, leaf in pairs if tensor.requires_grad]
        torch.autograd.backward([tensor for tensor, _ in reached], [gradient for _, gradient in reached])
    return tally


def read_documents(model: Any, tokens: tuple[int, ...], way: Way) -> dict[int, KeysValues]:
    """Keys and values of the tokens by layer. With activated LoRA they never change, and are kept for later epochs."""
    import torch

    if (kept := way.kept.get(tokens)) is not None:
        way.kept.move_to_end(tokens)
        return kept
    made: dict[int, KeysValues] = {}
    with nullcontext() if way.invocation is None else torch.no_grad(), active(model, way, []):
        decode(model, [tokens], 0, Reading((len(tokens),), kept=made))
    if way.invocation is not None:
        way.kept[tokens] = made
        while len(way.kept) > 1 and len(way.kept) * bytes_of(made) > KEPT_BYTES:
            way.kept.popitem(last=False)
    return made


def bytes_of(made: dict[int, KeysValues]) -> int:
    """Bytes of keys and values."""
    return sum(tensor.numel() * tensor.element_size() for pair in made.values() for tensor in pair)


def run_batch(
    model: Any, rows: Sequence[Row], weight: float, way: Way, shared: int = 0, documents: Any = None
) -> Tally:
    """Rows without their first `shared` tokens, behind one another in one pass, against the documents' keys."""
    import torch

    suffixes = [row.tokens[shared:] for row in rows]
    lengths = tuple(map(len, suffixes))
    starts = [sum(lengths[:number]) + row.start - shared for number, row in enumerate(rows)]
    with active(model, way, zip(starts, rows, strict=True)):
        reading = Reading(lengths, documents) if way.flat else None
        hidden = decode(model, suffixes, shared, reading)[0]
        begins = zip(starts, rows, strict=True)
        places = [place for start, row in begins for place in range(start - 1, start - 1 + row.labels)]
        tally = label_loss(model, hidden, as_tensor(model, places), rows, weight, learning=torch.is_grad_enabled())
    return tally + Tally(read=sum(lengths), tokens=sum(len(row.tokens) for row in rows))


@contextmanager
def active(model: Any, way: Way, starts: Any) -> Iterator[None]:
    """Activated LoRA: inside, the adapter changes rows only from their invocation on; other LoRA: all tokens."""
    if way.invocation is None or way.activity is None:
        yield
        return
    begins = [(start - way.invocation, start + row.labels) for start, row in starts]
    tokens = [token for begin, end in begins for token in range(begin, end)]
    with way.activity.only(as_tensor(model, tokens).long()):
        yield


def decode(model: Any, sequences: Sequence[tuple[int, ...]], first: int, reading: Reading | None) -> Any:
    """(1, tokens, width): the last hidden states of sequences whose first token stands at position `first`."""
    ids = as_tensor(model, [[token for sequence in sequences for token in sequence]])
    if reading is None:
        return model.base_model(input_ids=ids, use_cache=False).last_hidden_state
    places = as_tensor(model, [[first + place for sequence in sequences for place in range(len(sequence))]])
    return model.base_model(input_ids=ids, position_ids=places, use_cache=False, reading=reading).last_hidden_state


def batches_of(rows: Sequence[Row], shared: int, way: Way) -> list[list[Row]]:
    """The rows in batches of at most `way.batch_tokens` tokens that are not shared, or of one row."""
    batches: list[list[Row]] = []
    held = 0
    for row in rows:
        length = len(row.tokens) - shared
        if not batches or not way.flat or held + length > way.batch_tokens:
            batches.append([])
            held = 0
        batches[-1].append(row)
        held += length
    return batches


def as_tensor(model: Any, numbers: Sequence[Any]) -> Any:
    """Integers as a tensor where the model is."""
    import torch

    return torch.tensor(numbers, device=model.device)
