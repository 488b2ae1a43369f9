"""Frozen weights divided among processes (FSDP2), for students that do not fit one GPU.

Only frozen weights are divided: they are nearly all of the memory. The adapter stays whole in every process, so that
its gradients, optimizer, checkpoints and files are those of plain data parallelism (`Processes.add_up`).

A layer is gathered when a pass comes to it. So all processes have to make the same passes, forward and backward, in
the same order; `aligned` sees to that.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from raftune.errors import ConfigError
from raftune.models.extras import optional
from raftune.training.adapter import causal_of
from raftune.training.rows import LEAST_SHARED, Row, read_once
from raftune.training.schedule import Group
from raftune.training.shared_prefix import Way, batches_of
from raftune.training.sharing_out import cost

WHOLE = 1 << 30


def sharded(model: Any, device: Any) -> Any:
    """The PEFT model, changed in place: each process keeps its part of the frozen weights of every decoder layer, on
    its torch.device.

    Embeddings and output layer stay whole, since the loss calls the output layer by itself, and often they are one
    matrix. Raises ConfigError where layers are not found.
    """
    distributed = optional("torch.distributed", "train")
    fully_shard = optional("torch.distributed.fsdp", "train").fully_shard
    mesh = distributed.init_device_mesh(device.type, (distributed.get_world_size(),))
    body = causal_of(model).base_model
    kept = {parameter for parameter in model.parameters() if parameter.requires_grad}
    for embedding in (body.get_input_embeddings(), causal_of(model).get_output_embeddings()):
        kept |= set(embedding.parameters())
    for parameter in kept:
        parameter.data = parameter.data.to(device)
    for number, layer in enumerate(decoder_layers(body)):
        fully_shard(layer, mesh=mesh, ignored_params=kept)
        layer.register_forward_hook(partial(gather_again, number), with_kwargs=True)
    fully_shard(body, mesh=mesh, ignored_params=kept)
    body.register_forward_pre_hook(covered, with_kwargs=True, prepend=True)
    return model


class Covered:
    """What a pass reads, so that FSDP does not find the tensors in it. It goes through dataclasses and dictionaries and
    puts copies in their place: keys and values would be kept in a copy, and each layer have gradients of all of them.
    """

    def __init__(self, reading: Any) -> None:
        self.reading = reading

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reading, name)


def covered(_body: Any, arguments: Any, named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Covers the reading of a pass before FSDP sees it."""
    return arguments, named | {name: Covered(named[name]) for name in ("reading",) if named.get(name) is not None}


def decoder_layers(body: Any) -> Any:
    """The list of layers of a transformers model. Raises ConfigError where there is none."""
    torch = optional("torch", "train")
    count = body.config.get_text_config().num_hidden_layers
    lists = [part for part in body.modules() if isinstance(part, torch.nn.ModuleList) and len(part) == count]
    if not lists:
        raise ConfigError("The layers of the student were not found.", "Train it without dividing its weights.")
    return lists[0]


def gather_again(number: int, layer: Any, _arguments: Any, named: dict[str, Any], _made: Any) -> None:
    """Gathers layer `number` when gradients come into it through the keys and values that documents left.

    FSDP gathers when gradients come into what a layer returns; behind the last layer of documents there is nothing.
    """
    reading = named.get("reading")
    kept = None if reading is None else reading.kept
    for tensor in (kept or {}).get(number, ()):
        if tensor.requires_grad:
            tensor.register_hook(lambda _: layer.unshard())


def aligned(shares: Sequence[Sequence[Group]], way: Way) -> list[list[Group]]:
    """The shares of all processes with the same passes in the same order, for `run_group` with `in_step(way)`.

    Groups are divided where their suffixes are more than `way.batch_tokens`; those that share documents come first,
    those of one row after them; empty groups, whose rows weigh nothing, fill up. Count only tallies of `is_real` ones.
    """
    parts = [sorted((piece for group in some for piece in pieces(group, way)), key=cost) for some in shares]
    double = [[group for group in some if read_once(group, share=way.share)] for some in parts]
    single = [[group for group in some if not read_once(group, share=way.share)] for some in parts]
    filled = zip(filled_up(double, empty(2)), filled_up(single, empty(1)), strict=True)
    return [[*first, *second] for first, second in filled]


def in_step(way: Way) -> Way:
    """The way for groups of `aligned`: each is one pass, or one for its documents and one for all its suffixes.

    Raises ConfigError for activated LoRA, whose documents only some processes would have kept.
    """
    if way.invocation is not None:
        raise ConfigError("Activated LoRA cannot divide the student's weights.", 'Set kind to "lora".')
    return replace(way, batch_tokens=WHOLE)


def is_real(group: Group) -> bool:
    """Whether a group is one of the step's, not one that fills up."""
    return any(row.weight for row in group)


def pieces(group: Group, way: Way) -> list[Group]:
    """A group as groups of one batch each."""
    return [tuple(batch) for batch in batches_of(group, read_once(group, share=way.share), way)]


def filled_up(shares: Sequence[list[Group]], filler: Group) -> list[list[Group]]:
    """Shares of equal length."""
    most = max(map(len, shares))
    return [some + [filler] * (most - len(some)) for some in shares]


def empty(rows: int) -> Group:
    """Short rows that weigh nothing in the loss; two of them share their documents."""
    tokens = (0,) * (LEAST_SHARED + 2)
    return (Row("", "", tokens, LEAST_SHARED + 1, weights=(0.0,)),) * rows
