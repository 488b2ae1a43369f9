"""Keys and values that belong to one sequence each: the end of its prompt, and what it has made."""

from raftune.generating.shape import Shape

FIRST = 128


class Slots:
    """Sequences lie behind one another without gaps, so that the first ones are one view of memory.

    `keys` and `values` are (layers, slots, key heads, tokens, width); both numbers grow as they are needed.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.keys, self.values = shape.empty(1, FIRST)

    def hold(self, slots: int, tokens: int) -> None:
        """Makes room for that many sequences of that many tokens."""
        have, long = self.keys.shape[1], self.keys.shape[3]
        if slots <= have and tokens <= long:
            return
        size = (max(have, doubled(have, slots)), max(long, doubled(long, tokens)))
        for name in ("keys", "values"):
            old = getattr(self, name)
            new = old.new_zeros((old.shape[0], size[0], old.shape[2], size[1], old.shape[4]))
            new[:, :have, :, :long] = old
            setattr(self, name, new)

    def move(self, source: int, target: int, tokens: int) -> None:
        """Copies the first tokens of one sequence over another one."""
        for tensor in (self.keys, self.values):
            tensor[:, target, :, :tokens] = tensor[:, source, :, :tokens]


def doubled(size: int, wanted: int) -> int:
    """`size` times a power of two, at least `wanted`."""
    while size < wanted:
        size *= 2
    return size
