"""What a model keeps of a token: found by running it."""

from dataclasses import dataclass
from typing import Any

from raftune.errors import ConfigError

ADVICE = "Serve it by vLLM or llama.cpp, and name that server under [student.served]."


@dataclass(frozen=True)
class Shape:
    """Layers, key heads and the widths of a key and a value; `like` is a tensor of the model's numbers."""

    layers: int
    heads: int
    key_width: int
    value_width: int
    like: Any

    def empty(self, slots: int, tokens: int) -> tuple[Any, Any]:
        """Zeros for keys and values: (layers, slots, heads, tokens, width)."""
        first = (self.layers, slots, self.heads, tokens)
        return self.like.new_zeros((*first, self.key_width)), self.like.new_zeros((*first, self.value_width))

    def segment(self, tokens: int) -> tuple[Any, Any]:
        """Zeros for keys and values: (layers, heads, tokens, width)."""
        keys, values = self.empty(1, tokens)
        return keys[:, 0], values[:, 0]


def shape_of(made: dict[int, tuple[Any, Any]]) -> Shape:
    """The shape of keys and values (1, heads, tokens, width) by layer. Raises ConfigError where layers differ."""
    if not made or sorted(made) != list(range(len(made))):
        raise ConfigError("Not all layers of this model are layers of attention.", ADVICE)
    keys, values = made[0]
    if any((key.shape, value.shape) != (keys.shape, values.shape) for key, value in made.values()):
        raise ConfigError("The layers of this model keep different things of a token.", ADVICE)
    return Shape(len(made), keys.shape[1], keys.shape[3], values.shape[3], keys)
