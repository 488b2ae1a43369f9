"""The tokenizer in a GGUF file's head, and files that are damaged."""

import struct
from pathlib import Path

import pytest

from raftune.errors import ConfigError
from raftune.models.vocabulary import byte_letters, byte_level_tokenizer, read_vocabulary


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def texts(values: list[str]) -> bytes:
    return struct.pack("<IIQ", 9, 8, len(values)) + b"".join(map(text, values))


def gguf(folder: Path, pre: str = "smollm", model: str = "gpt2") -> Path:
    fields = [
        text("general.name") + struct.pack("<I", 8) + text("tiny"),
        text("tokenizer.ggml.model") + struct.pack("<I", 8) + text(model),
        text("tokenizer.ggml.pre") + struct.pack("<I", 8) + text(pre),
        text("tokenizer.ggml.tokens") + texts(["<|end|>", *byte_letters(), "Ġa", "ab"]),
        text("tokenizer.ggml.merges") + texts(["Ġ a", "a b"]),
        text("tokenizer.ggml.token_type") + struct.pack("<IIQ", 9, 5, 259) + struct.pack("<259i", 3, *[1] * 258),
        text("tokenizer.ggml.add_bos_token") + struct.pack("<I?", 7, False),
    ]
    path = folder / "tiny.gguf"
    path.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 0, len(fields)) + b"".join(fields) + b"weights")
    return path


def test_the_tokenizer_of_a_file(tmp_path: Path) -> None:
    fields = read_vocabulary(gguf(tmp_path))
    assert fields["add_bos_token"] is False
    tokenizer = byte_level_tokenizer(fields)
    assert tokenizer is not None
    assert tokenizer.encode("ab a<|end|>항").tokens == ["ab", "Ġa", "<|end|>", "í", "ķ", "Ń"]


def test_other_kinds_are_left_to_others(tmp_path: Path) -> None:
    assert byte_level_tokenizer(read_vocabulary(gguf(tmp_path, model="llama"))) is None
    assert byte_level_tokenizer(read_vocabulary(gguf(tmp_path, pre="unheard-of"))) is None


@pytest.mark.parametrize("length", [0, 10, 24, 60, 200, 1500])
def test_a_file_cut_short_is_damaged(tmp_path: Path, length: int) -> None:
    path = gguf(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ConfigError, match="damaged"):
        read_vocabulary(path)


def test_a_length_no_file_has_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "huge.gguf"
    path.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + struct.pack("<Q", 1 << 60))
    with pytest.raises(ConfigError, match="damaged"):
        read_vocabulary(path)
