"""LoRA layers with fewer passes over memory than PEFT's, the same numbers, and a switch for activated LoRA.

y = x W' + s (x A') B' is added up in place, forward and backward, and the only things kept for the backward pass are
x and the narrow x A'. Activated LoRA (arXiv 2504.12397) adds the second term only from the invocation on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass
class Activity:
    """Which tokens of a pass the adapter changes: all (None), or those at the indices in `tokens`."""

    tokens: Any = None

    @contextmanager
    def only(self, tokens: Any) -> Iterator[None]:
        """Changes only the tokens at these indices inside."""
        before, self.tokens = self.tokens, tokens
        try:
            yield
        finally:
            self.tokens = before


def install(model: Any) -> Activity | None:
    """Replaces the forward pass of a PEFT model's LoRA layers; None where one of them is not of the plain kind."""
    from peft.tuners.lora import Linear, LoraLayer

    layers = [module for module in model.modules() if isinstance(module, LoraLayer)]
    if not layers or not all(type(layer) is Linear and is_plain(layer) for layer in layers):
        return None
    activity, function = Activity(), make_function()
    for layer in layers:
        layer.forward = partial(forward, layer, activity, function)
    return activity


def is_plain(layer: Any) -> bool:
    """Whether a layer is a frozen linear one with LoRA of the same number type: no DoRA, no dropout, not quantised."""
    import torch

    base = layer.base_layer
    same = layer.lora_A["default"].weight.dtype == base.weight.dtype
    dropout = any(not isinstance(module, torch.nn.Identity) for module in layer.lora_dropout.values())
    frozen = not base.weight.requires_grad
    return type(base) is torch.nn.Linear and same and frozen and not dropout and not variants(layer)


def variants(layer: Any) -> list[str]:
    """What is more than plain LoRA in a layer; activated LoRA does not count, since it is done here."""
    return [type(variant).__name__ for variant in layer.lora_variant.values() if "ALora" not in type(variant).__name__]


def forward(layer: Any, activity: Activity, function: Any, states: Any, **_: Any) -> Any:
    """One layer: (..., inputs) -> (..., outputs)."""
    first, second = layer.lora_A["default"].weight, layer.lora_B["default"].weight
    base = layer.base_layer
    return function(states, base.weight, base.bias, first, second, layer.scaling["default"], activity.tokens)


def make_function() -> Any:
    """The autograd function: torch is imported where it is used."""
    import torch

    class LoraLinear(torch.autograd.Function):  # type: ignore[misc]
        """states (..., inputs), weight (outputs, inputs), first (rank, inputs), second (outputs, rank)."""

        @staticmethod
        def forward(
            context: Any, states: Any, weight: Any, bias: Any, first: Any, second: Any, scale: Any, tokens: Any
        ) -> Any:
            flat = states.reshape(-1, states.shape[-1])
            made = torch.nn.functional.linear(flat, weight, bias)
            chosen = flat if tokens is None else flat[tokens]
            narrow = chosen @ first.T
            if tokens is None:
                made.addmm_(narrow, second.T, alpha=scale)
            else:
                made.index_add_(0, tokens, narrow @ second.T, alpha=scale)
            context.save_for_backward(flat, weight, first, second, narrow, tokens)
            context.scale, context.shape = scale, states.shape
            return made.view(*states.shape[:-1], -1)

        @staticmethod
        def backward(context: Any, given: Any) -> Any:
            flat, weight, first, second, narrow, tokens = context.saved_tensors
            given = given.reshape(-1, given.shape[-1])
            part, chosen = (given, flat) if tokens is None else (given[tokens], flat[tokens])
            through = part @ second
            through *= context.scale
            to_second = (part.T @ narrow).mul_(context.scale)
            to_first = through.T @ chosen
            to_states = None
            if context.needs_input_grad[0]:
                to_states = given @ weight
                if tokens is None:
                    to_states.addmm_(through, first)
                else:
                    to_states.index_add_(0, tokens, through @ first)
                to_states = to_states.view(context.shape)
            return to_states, None, None, to_first, to_second, None, None

    return LoraLinear.apply
