"""How many tokens a text takes in the student's tokenizer, without opening the student.

Where its tokenizer cannot be opened, tokens are estimated from the characters: five letters of a word to a token, one
for each Hangul syllable, Chinese or Japanese character, digit and sign. Real tokenizers differ by a quarter or so.
"""

import os
import re
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from raftune.digest import file_digest
from raftune.errors import MissingExtra
from raftune.models.extras import optional
from raftune.models.fingerprint import LENGTH
from raftune.models.student import Student, cache_folder, find_student
from raftune.models.vocabulary import byte_level_tokenizer, read_vocabulary

Measure = Callable[[str], Sequence[int]]

ESTIMATE = "estimate-1"  # raise the number when ESTIMATED changes: it is part of keys
ESTIMATED = re.compile(r"[ㄱ-ㆎ가-힣぀-ヿ㐀-鿿]|\d|[^\W\dㄱ-ㆎ가-힣぀-ヿ㐀-鿿]{1,5}|[^\w\s]")
WHOLE = 1 << 17  # characters up to which a text is measured in one piece, exactly
AT_ONCE = 64  # pieces whose tokens are in memory together: an encoding takes some 200 bytes a token
PIECE = 1 << 13  # characters of a longer one that are measured at a time: small pieces keep both cores busy
FILE = "tokenizer.json"


@dataclass(frozen=True)
class Tokens:
    """A way to measure texts in tokens; `name` tells tokenizers apart by content."""

    name: str
    file: Path | None

    @property
    def measure(self) -> Measure:
        """Gives the starts of a text's tokens; a long text is measured in pieces, which may add a token at a seam."""
        return estimated if self.file is None else TokenMeasure(opened(self.file))


class TokenMeasure:
    """Starts of tokens by a tokenizer of the library `tokenizers`."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> Sequence[int]:
        """The starts, ascending; several tokens of one character start at the same place."""
        import numpy as np

        # Half a surrogate pair has no bytes to tokenize.
        text = text.encode("utf-8", "replace").decode("utf-8")
        bounds = list(seams(text))
        found = array("I")
        for number in range(0, len(bounds), AT_ONCE):
            found.extend(self.starts_in(text, bounds[number : number + AT_ONCE]))
        starts = array("I")
        starts.frombytes(np.maximum.accumulate(np.frombuffer(found, dtype=np.uintc)).tobytes())
        return starts

    def starts_in(self, text: str, bounds: Sequence[tuple[int, int]]) -> Iterator[int]:
        """The starts of the tokens in some pieces of a text."""
        pieces = [text[start:end] for start, end in bounds]
        if len(pieces) > 1:
            encodings = self.tokenizer.encode_batch(pieces, add_special_tokens=False)
        else:
            encodings = [self.tokenizer.encode(piece, add_special_tokens=False) for piece in pieces]
        for (base, _), encoding in zip(bounds, encodings, strict=True):
            yield from (base + offset[0] for offset in encoding.offsets)


def seams(text: str) -> Iterator[tuple[int, int]]:
    """A long text in pieces of about `PIECE` characters that end behind a line feed, where there is one."""
    start = 0
    while len(text) > WHOLE and len(text) - start > PIECE:
        end = text.rfind("\n", start + PIECE // 2, start + PIECE) + 1 or start + PIECE
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def characters(text: str) -> Sequence[int]:
    """Every character counts as one."""
    return range(len(text))


def estimated(text: str) -> Sequence[int]:
    """Starts of about as many tokens as a tokenizer makes of the text."""
    return array("I", [match.start() for match in ESTIMATED.finditer(text)])


def tokens_of(student: str) -> Tokens:
    """The tokens of a student by its name in the settings; estimated where its tokenizer cannot be opened.

    Raises ConfigError where there is no such student. Fast: no weights are read.
    """
    try:
        file = tokenizer_file(find_student(student))
    except MissingExtra:
        file = None
    return Tokens(ESTIMATE, None) if file is None else Tokens(file_digest(file)[:LENGTH], file)


def tokenizer_file(student: Student) -> Path | None:
    """The tokenizer.json of a student, made of its GGUF file once and kept; None where it has none that can be opened.

    Raises MissingExtra.
    """
    optional("tokenizers", "local")
    if student.gguf is None:
        file = student.folder / FILE
        return file if file.is_file() else None
    file = cache_folder() / "tokenizers" / f"{student.fingerprint}.json"
    if not file.is_file():
        tokenizer = byte_level_tokenizer(read_vocabulary(student.gguf)) or by_transformers(student.gguf)
        if tokenizer is None:
            return None
        publish(tokenizer.to_str(), file)
    return file


def by_transformers(gguf: Path) -> Any | None:
    """The tokenizer as transformers reads it, which knows all kinds; None where that cannot."""
    transformers = optional("transformers", "train")
    try:
        loaded = transformers.AutoTokenizer.from_pretrained(
            str(gguf.parent), gguf_file=gguf.name, local_files_only=True
        )
    except (ValueError, KeyError, NotImplementedError, ImportError, OSError):
        return None
    return getattr(loaded, "backend_tokenizer", None)


def publish(content: str, file: Path) -> None:
    """Writes a file that appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as temporary:
        temporary.write(content)
    os.replace(temporary.name, file)  # noqa: PTH105 - a rename over a file that another process may have made


@cache
def opened(file: Path) -> Any:
    """The tokenizer of a file, opened once a process."""
    tokenizer = optional("tokenizers", "local").Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
