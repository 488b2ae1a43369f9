"""Tries a model with the attention for many texts, against its own, before it is trusted."""

from dataclasses import dataclass, field
from typing import Any

from raftune.errors import ConfigError
from raftune.generating import attention
from raftune.generating.attention import Passage, StepReading, run
from raftune.generating.shape import ADVICE, Shape, shape_of
from raftune.generating.slots import Slots

TRIED, SECOND = 48, 16
SIMILAR = 1e-3
REFUSALS = (TypeError, ValueError, RuntimeError, LookupError, AttributeError, NotImplementedError)


@dataclass
class Seen:
    """What the layers of a model were seen to do: keys and values by layer, and what we do not compute."""

    made: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    windows: set[int] = field(default_factory=set)
    softcaps: set[float] = field(default_factory=set)

    def note(self, layer: int, pair: tuple[Any, Any], window: int | None, softcap: float | None) -> None:
        """Notes one layer."""
        self.made[layer] = pair
        self.windows |= set() if window is None else {window}
        self.softcaps |= set() if softcap is None else {softcap}


def fitted(model: Any, context: int) -> Shape:
    """Sets our attention for a transformers model and tries it on 48 tokens; what the model keeps of a token.

    Raises ConfigError where that does not give the model's own logits, or would not for texts of `context` tokens.
    """
    import torch

    tokens = list(range(min(TRIED, int(model.config.get_text_config().vocab_size))))
    with torch.inference_mode():
        expected = model(input_ids=torch.tensor([tokens], device=model.device), use_cache=False).logits[0, -1]
        attention.install(model)
        try:
            shape = shape_seen(model, tokens, context)
            got = in_two(model, tokens, Slots(shape))
        except REFUSALS as error:
            raise ConfigError("This model's attention is not one that texts can share.", ADVICE) from error
    if not torch.allclose(got, expected, rtol=SIMILAR, atol=SIMILAR * float(expected.abs().max())):
        raise ConfigError("This model gives other answers when texts share its attention.", ADVICE)
    return shape


def shape_seen(model: Any, tokens: list[int], context: int) -> Shape:
    """What a model keeps of a token. Raises ConfigError for windows narrower than `context`, and for soft caps."""
    import torch

    seen = Seen()
    reading = StepReading(passages=(Passage(0, len(tokens), 0, 0, None, -1),), seen=seen)
    run(model, tokens, range(len(tokens)), reading, torch.tensor([len(tokens) - 1]))
    if seen.softcaps or any(window < context for window in seen.windows):
        raise ConfigError("This model attends in windows or with a cap, which texts cannot share.", ADVICE)
    return shape_of(seen.made)


def in_two(model: Any, tokens: list[int], slots: Slots) -> Any:
    """(vocabulary): logits behind the last token, read in two pieces."""
    import torch

    slots.hold(1, len(tokens))
    cut = len(tokens) - SECOND
    first, second = (Passage(0, cut, 0, 0, None, 0), Passage(0, SECOND, cut, 0, None, 0))
    run(model, tokens[:cut], range(cut), StepReading(slots, passages=(first,)), torch.tensor([0]))
    last = torch.tensor([SECOND - 1])
    return run(model, tokens[cut:], range(cut, len(tokens)), StepReading(slots, passages=(second,)), last)[0]
