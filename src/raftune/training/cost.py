"""What training will take, counted from the rows and the headers of the weight files."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from raftune.digest import Json
from raftune.records import CostQuote
from raftune.training.rows import Row, document_sets, rows_of_epochs, tokens_and_pairs

EMBEDDINGS = ("embed_tokens.weight", "lm_head.weight")


def cost_quote(rows: Sequence[Row], folder: Path, epochs: int, *, share: bool, full: bool = False) -> CostQuote:
    """Rows and tokens of one epoch; floating point operations of all epochs; no dollars on one's own machine.

    Where documents are drawn more than once, tokens are the mean over the epochs, each of which reads one draw.
    """
    read = rows_of_epochs(rows, epochs)
    used = [row for some in read for row in some]
    return CostQuote(
        examples=round(len(used) / epochs),
        prompt_tokens=round(sum(row.start for row in used) / epochs),
        answer_tokens=round(sum(row.labels for row in used) / epochs),
        longest=max((len(row.tokens) for row in used), default=0),
        epochs=epochs,
        flops=sum(operations(some, folder, share=share, full=full) for some in read),
        dollars=0.0,
    )


def operations(rows: Sequence[Row], folder: Path, *, share: bool, full: bool = False) -> float:
    """Floating point operations of one epoch: 4 a weight and token (frozen weights take no gradient; 6 where all are
    trained), and attention.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = config.get("text_config", config)
    width, layers = int(config["hidden_size"]), int(config["num_hidden_layers"])
    tokens, pairs = 0, 0.0
    for group in document_sets(rows):
        read, compared = tokens_and_pairs(group, share=share)
        tokens, pairs = tokens + read, pairs + compared
    head = width * int(config["vocab_size"]) * sum(row.labels for row in rows)
    return (6.0 if full else 4.0) * (weights_used(folder) * tokens + head) + 12.0 * width * layers * pairs


def weights_used(folder: Path) -> int:
    """The weights every token is multiplied with: all but the embeddings."""
    return sum(
        math.prod(tensor["shape"])
        for path in sorted(folder.glob("*.safetensors"))
        for name, tensor in header(path).items()
        if name != "__metadata__" and not name.endswith(EMBEDDINGS)
    )


def header(path: Path) -> dict[str, Json]:
    """The JSON header of a safetensors file: tensors by name, without reading them."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return dict(json.loads(file.read(length)))
