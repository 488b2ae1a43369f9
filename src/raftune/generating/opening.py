"""Opens a model for generating, in the best way that it allows."""

import logging
from pathlib import Path
from typing import Any

from raftune.errors import ConfigError, MissingExtra
from raftune.generating.engine import SLOTS, Engine
from raftune.generating.plain import Plain
from raftune.generating.request import Generator
from raftune.models.weights import trained_weights

TUNED = "tuned"

log = logging.getLogger(__name__)


def open_generator(
    folder: Path, *, context: int, threads: int = 0, slots: int = SLOTS, weights: Path | None = None
) -> Generator:
    """The model in a folder of safetensors: many texts at once, or one after the other where it does not allow that.

    `weights`: a folder with other weights than the model's own. Raises MissingExtra without torch.
    """
    settings: dict[str, Any] = {"context": context, "threads": threads, "weights": weights}
    try:
        return Engine(folder, **settings, slots=slots)
    except MissingExtra:
        raise
    except ConfigError as error:
        log.warning("Texts are made one after the other. %s", error.message)
        return Plain(folder, **settings)


def open_tuned(folder: Path, trained: Path | None, **settings: Any) -> tuple[Generator, str]:
    """The model in a folder with what training made of it, and the name of the adapter to ask for."""
    if trained is None:
        return open_generator(folder, **settings), ""
    if trained_weights(trained).name == "model.safetensors":
        return open_generator(folder, weights=trained, **settings), ""
    generator = open_generator(folder, **settings)
    generator.open_adapter(TUNED, trained)
    return generator, TUNED
