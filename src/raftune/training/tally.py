"""What a pass over rows adds up."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tally:
    """Sums: loss in nats over learned tokens, those of them predicted right, learned tokens; tokens of the rows, and
    tokens really read (fewer, where documents were shared).
    """

    loss: float = 0.0
    right: int = 0
    labels: int = 0
    tokens: int = 0
    read: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))
