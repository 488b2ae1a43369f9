"""What can be set about local training."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from raftune.digest import Json
from raftune.errors import ConfigError


class LoraOptions(BaseModel):
    """Settings of the LoRA trainer. Together with the examples and the seed they decide the adapter."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    epochs: int = Field(3, ge=1)
    """How often each example is seen."""

    kind: Literal["lora", "rslora", "dora", "activated", "full"] = "lora"
    """What is trained: lora; rslora, whose scale is alpha / root of the rank; dora, which trains lengths apart from
    directions; activated, which changes the model only from the answer on, so that documents are read without gradients
    and their keys and values kept for later epochs; full, which trains all weights: 16 bytes a weight, a learning rate
    of 1e-5 to 5e-5, and a folder as large as the student."""

    rank: int = Field(16, ge=1)
    """The rank of the LoRA matrices."""

    targets: tuple[str, ...] = ()
    """The linear layers that get LoRA, such as "q_proj"; empty: all projections."""

    start_from: str = ""
    """A folder with a PEFT adapter of the same rank and targets to go on from; empty: a fresh one."""

    alpha: float = Field(32.0, gt=0)
    """LoRA's scale: updates are multiplied by alpha / rank."""

    learning_rate: float = Field(5e-4, gt=0)
    """The highest learning rate: reached after the warm-up, then a cosine down to zero."""

    warmup: float = Field(0.1, ge=0, lt=1)
    """The share of all steps in which the learning rate rises."""

    examples_per_step: int = Field(8, ge=1)
    """About how many examples make one optimizer step. Document sets are never divided."""

    sets_per_step: int = Field(4, ge=1)
    """At least this many document sets make one optimizer step, so that it sees more than one subject."""

    quote_weight: float = Field(1.0, gt=0)
    """What a token inside quote marks counts in the loss; others count 1."""

    validate_every: int = Field(0, ge=0)
    """Steps between validations; 0: at the end of each epoch."""

    patience: int = Field(0, ge=0)
    """Stop after this many validations without a lower loss than the best; 0: never."""

    weight_decay: float = Field(0.0, ge=0)
    """AdamW's weight decay."""

    max_gradient_norm: float = Field(1.0, gt=0)
    """Gradients longer than this are scaled down to it."""

    share_prefix: bool = True
    """Whether examples with the same documents read them once. Same gradients, less time."""

    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Numbers of the frozen weights; auto: bf16 on a GPU that computes with it, else fp32 (a CPU is faster with it)."""

    quantize: Literal["no", "4bit"] = "no"
    """4bit keeps the frozen weights in NF4 (QLoRA); needs a CUDA GPU and the package bitsandbytes."""

    save_every: int = Field(10, ge=1)
    """Steps between checkpoints."""

    threads: int = Field(0, ge=0)
    """Threads of the CPU for each process; 0 leaves it to torch. Another number may change the last digits of the
    result."""

    processes: int = Field(1, ge=1)
    """Processes on this machine that train one adapter together, as many as there are GPUs. They share out the document
    sets of each step. Another number may change the last digits of the result."""

    divide_weights: bool = False
    """Each process keeps a part of the frozen weights only (FSDP2): slower, for students that do not fit one GPU."""


def options_from(saved: Json) -> LoraOptions:
    """The options in a JSON object. Raises ConfigError that names the first field that is wrong."""
    try:
        return LoraOptions.model_validate(saved)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"The training option {field} is wrong: {first['msg']}.", "Mend raftune.toml.") from error
