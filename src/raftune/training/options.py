"""What can be set about local training."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from raftune.digest import Json
from raftune.errors import ConfigError


class LoraOptions(BaseModel):
    """Settings of the LoRA trainer. Together with the examples and the seed they decide the adapter."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    epochs: int = Field(3, ge=1)
    """How often each example is seen."""

    rank: int = Field(16, ge=1)
    """The rank of the LoRA matrices, on all linear projections."""

    alpha: float = Field(32.0, gt=0)
    """LoRA's scale: updates are multiplied by alpha / rank."""

    learning_rate: float = Field(5e-4, gt=0)
    """The highest learning rate: reached after the warm-up, then a cosine down to zero."""

    warmup: float = Field(0.1, ge=0, lt=1)
    """The share of all steps in which the learning rate rises."""

    examples_per_step: int = Field(8, ge=1)
    """About how many examples make one optimizer step. Document sets are never divided."""

    weight_decay: float = Field(0.0, ge=0)
    """AdamW's weight decay."""

    max_gradient_norm: float = Field(1.0, gt=0)
    """Gradients longer than this are scaled down to it."""

    share_prefix: bool = True
    """Whether examples with the same documents read them once. Same gradients, less time."""

    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""

    threads: int = Field(0, ge=0)
    """Threads of the CPU; 0 leaves it to torch. Another number may change the last digits of the result."""


def options_from(saved: Json) -> LoraOptions:
    """The options in a JSON object. Raises ConfigError that names the first field that is wrong."""
    try:
        return LoraOptions.model_validate(saved)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"The training option {field} is wrong: {first['msg']}.", "Mend raftune.toml.") from error
