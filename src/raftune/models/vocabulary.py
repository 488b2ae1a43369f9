"""The tokenizer of a GGUF file, read from the file's head without reading its weights."""

import struct
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any

from raftune.errors import ConfigError

FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
MOST_BYTES = 1 << 28  # no field of a real file is larger
CONTROL, USER_DEFINED = 3, 4
LETTERS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
APOSTROPHES = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|"
LLAMA3, QWEN2 = APOSTROPHES + LETTERS + r"|\p{N}{1,3}" + TAIL, APOSTROPHES + LETTERS + r"|\p{N}" + TAIL
SPLITS = {"default": None, "gpt-2": None, "smollm": None, "llama-bpe": LLAMA3, "llama3": LLAMA3, "qwen2": QWEN2}


def read_vocabulary(path: Path) -> dict[str, Any]:
    """The fields below "tokenizer.ggml." of a GGUF file. Raises ConfigError for a damaged file."""
    try:
        with path.open("rb") as file:
            fields = dict(read_field(file) for _ in range(read_count(file)))
    except (struct.error, ValueError, KeyError) as error:
        raise ConfigError(f"{path.name} is a damaged GGUF file ({error}).", "Take it from its source again.") from error
    prefix = "tokenizer.ggml."
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix)}


def read_count(file: BufferedReader) -> int:
    """How many fields follow. Raises ValueError for a file of another kind or version."""
    magic, version, _, count = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version not in {2, 3}:
        raise ValueError("not GGUF 2 or 3")
    return int(count)


def read_field(file: BufferedReader) -> tuple[str, Any]:
    """The next name and value."""
    name = read_string(file)
    [kind] = struct.unpack("<I", file.read(4))
    return name, read_value(file, kind)


def read_value(file: BufferedReader, kind: int) -> Any:
    """A number, string or list of them."""
    if kind == STRING:
        return read_string(file)
    if kind != ARRAY:
        return struct.unpack(FORMATS[kind], file.read(struct.calcsize(FORMATS[kind])))[0]
    inner, count = struct.unpack("<IQ", file.read(12))
    if inner == STRING:
        return [read_string(file) for _ in range(count)]
    form = FORMATS[inner]
    size = count * struct.calcsize(form)
    if size > MOST_BYTES:
        raise ValueError("a field is too long")
    return [value for [value] in struct.iter_unpack(form, file.read(size))]


def read_string(file: BufferedReader) -> str:
    """The next string. Raises ValueError where the file ends before it, or it is longer than any real one."""
    [length] = struct.unpack("<Q", file.read(8))
    if length > MOST_BYTES or len(data := file.read(length)) != length:
        raise ValueError("a field is cut off")
    return data.decode("utf-8", "replace")


def byte_level_tokenizer(fields: Mapping[str, Any]) -> Any | None:
    """The `tokenizers.Tokenizer` of a byte-level vocabulary, or None for one of another kind.

    It gives the ids that transformers gives for the same file.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    pre = fields.get("pre", "default")
    if fields.get("model") != "gpt2" or pre not in SPLITS or not {"tokens", "merges"} <= set(fields):
        return None
    letters = byte_letters()
    alphabet = set(letters)
    vocabulary = {spelled(token, letters, alphabet): number for number, token in enumerate(fields["tokens"])}
    merges = [(first, second) for first, _, second in (merge.partition(" ") for merge in fields["merges"])]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    split = SPLITS[pre]
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=split is None)
    tokenizer.pre_tokenizer = (
        bytes_only
        if split is None
        else pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(split), behavior="isolated"), bytes_only])
    )
    tokenizer.decoder = decoders.ByteLevel()
    kinds = list(zip(fields["tokens"], fields.get("token_type", []), strict=False))
    control = [token for token, kind in kinds if kind == CONTROL and set(token) <= alphabet]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in control])
    own = [token for token, kind in kinds if kind == USER_DEFINED and token in vocabulary]
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in own])
    return tokenizer


def spelled(token: str, letters: str, alphabet: set[str]) -> str:
    """A token in the letters that stand for bytes."""
    return token if set(token) <= alphabet else "".join(letters[byte] for byte in token.encode())


def byte_letters() -> str:
    """The 256 letters that byte-level vocabularies write bytes with: printable ones stand for themselves."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(256, 512))
    return "".join(chr(byte if byte in printable else next(others)) for byte in range(256))
