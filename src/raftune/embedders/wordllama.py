"""WordLlama's word vectors (MIT), which come inside its package: English, offline, no neural network to run.

Only the two data files of the package are read; its code, which may download others, is never imported.
"""

import json
import struct
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raftune.digest import file_digest
from raftune.errors import ConfigError, MissingExtra
from raftune.models.extras import optional
from raftune.vectors import unit_rows

if TYPE_CHECKING:
    from raftune.contracts import Vectors

PACKAGE = "wordllama"
WEIGHTS = "wordllama/weights/l2_supercat_256.safetensors"
TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
TENSOR = "embedding.weight"
FORMATS = {"F16": "<f2", "F32": "<f4"}
BATCH = 1024


class WordLlamaEmbedder:
    """The mean of the vectors of a text's tokens. The name holds the digest of the weights."""

    def __init__(self) -> None:
        self.weights_file, self.tokenizer_file = data_file(WEIGHTS), data_file(TOKENIZER)
        optional("tokenizers", "embed")
        self.name = f"wordllama-{file_digest(self.weights_file)[:12]}"

    @cached_property
    def weights(self) -> "Vectors":
        """A row for each token of the vocabulary."""
        return read_matrix(self.weights_file)

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer that belongs to the rows."""
        tokenizer = optional("tokenizers", "embed").Tokenizer.from_file(str(self.tokenizer_file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text."""
        import numpy as np

        starts = range(0, len(texts), BATCH)
        rows = [self.rows([clean(text) for text in texts[start : start + BATCH]]) for start in starts]
        return np.concatenate([np.zeros((0, self.weights.shape[1]), dtype=np.float32), *rows])

    def rows(self, texts: list[str]) -> "Vectors":
        """The vectors of a few texts."""
        import numpy as np

        encodings = self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        ids = [encoding.ids for encoding in encodings]
        ends = np.cumsum([len(one) for one in ids])
        tokens = np.fromiter((token for one in ids for token in one), dtype=np.int64, count=int(ends[-1]))
        # Sums of runs as differences of running sums: in double precision, so that nothing is lost.
        sums = np.zeros((len(tokens) + 1, self.weights.shape[1]))
        np.cumsum(self.weights[tokens], axis=0, dtype=np.float64, out=sums[1:])
        return unit_rows(sums[ends] - sums[np.concatenate([[0], ends[:-1]])])


def clean(text: str) -> str:
    """The text without halves of surrogate pairs, which have no bytes; one space where nothing is left."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "


def data_file(name: str) -> Path:
    """A data file of the package. Raises MissingExtra where it is not installed."""
    install = "pip install 'raftune[embed]'"
    try:
        path = Path(str(distribution(PACKAGE).locate_file(name)))
    except PackageNotFoundError as error:
        raise MissingExtra("The package wordllama is not installed.", install) from error
    if not path.is_file():
        raise MissingExtra(f"The package wordllama has no file {name}.", install)
    return path


def read_matrix(path: Path) -> "Vectors":
    """The matrix of half-precision numbers in a safetensors file. Raises ConfigError for another content."""
    import numpy as np

    data = path.read_bytes()
    try:
        [length] = struct.unpack("<Q", data[:8])
        tensor = json.loads(data[8 : 8 + length])[TENSOR]
        first, last = tensor["data_offsets"]
        rows = np.frombuffer(data[8 + length :][first:last], dtype=FORMATS[tensor["dtype"]])
        return rows.reshape(tensor["shape"]).astype(np.float32)
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path.name} holds no word vectors ({error}).", "Install wordllama again.") from error


plug = WordLlamaEmbedder
