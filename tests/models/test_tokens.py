"""Texts measured in the student's tokens, exactly or estimated."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import MissingExtra
from raftune.models import tokens
from raftune.models.student import EMBEDDED
from raftune.models.tokens import WHOLE, characters, estimated, seams, tokens_of
from raftune.models.weights import load_tokenizer
from tests.tiny_model import save_tiny, save_tiny_gguf

SAMPLE = "The port of Busan opened in 1876, and 항만은 73곳이다.\n\n  Fees: $5.5 million… \U0001f642 | a | b |"


def test_a_folder_is_measured_as_transformers_does(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "tiny")
    found = tokens_of(str(folder))
    assert found.file == folder / "tokenizer.json"
    assert len(found.measure(SAMPLE)) == len(load_tokenizer(folder)(SAMPLE, add_special_tokens=False)["input_ids"])


def test_a_gguf_files_tokenizer_is_made_once_and_gives_the_ids_of_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transformers = pytest.importorskip("transformers")
    monkeypatch.setenv("RAFTUNE_CACHE", str(tmp_path / "cache"))
    path = save_tiny_gguf(tmp_path / "tiny.gguf")
    found = tokens_of(str(path))
    assert found.file is not None
    assert found.file.parent == tmp_path / "cache" / "tokenizers"
    theirs = transformers.AutoTokenizer.from_pretrained(str(tmp_path), gguf_file=path.name)
    ids = theirs(SAMPLE, add_special_tokens=False)["input_ids"]
    assert tokens.opened(found.file).encode(SAMPLE, add_special_tokens=False).ids == ids
    monkeypatch.setattr(tokens, "read_vocabulary", None)
    assert tokens_of(str(path)) == found


def test_the_embedded_student_counts_as_transformers_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transformers = pytest.importorskip("transformers")
    embedded = pytest.importorskip("raftune.models.embedded").embedded_file()
    monkeypatch.setenv("RAFTUNE_CACHE", str(tmp_path))
    found = tokens_of(EMBEDDED)
    assert found.file is not None
    theirs = transformers.AutoTokenizer.from_pretrained(str(embedded.parent), gguf_file=embedded.name)
    ids = theirs(SAMPLE, add_special_tokens=False)["input_ids"]
    assert tokens.opened(found.file).encode(SAMPLE, add_special_tokens=False).ids == ids


def test_starts_ascend_and_a_long_text_is_measured_in_pieces(tmp_path: Path) -> None:
    measure = tokens_of(str(save_tiny(tmp_path / "tiny"))).measure
    text = (SAMPLE + "\n") * (2 * WHOLE // len(SAMPLE))
    starts = measure(text)
    assert all(first <= second < len(text) for first, second in pairwise(starts))
    assert len(starts) == pytest.approx(len(measure(SAMPLE + "\n")) * (2 * WHOLE // len(SAMPLE)), rel=0.01)
    assert len(measure("half \ud83d a pair")) > 0
    assert len(measure("")) == 0


@given(st.text(max_size=50), st.booleans())
def test_pieces_make_the_text(text: str, lines: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    long = (text + "\n" * lines) * (WHOLE // max(1, len(text)) + 1)
    pieces = [long[start:end] for start, end in seams(long)]
    assert "".join(pieces) == long
    assert len(pieces) > 1 or len(long) <= WHOLE


def test_without_the_library_tokens_are_estimated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(module: str, extra: str) -> None:
        raise MissingExtra(f"The library {module} is not installed.", f"pip install 'raftune[{extra}]'")

    folder = save_tiny(tmp_path / "tiny")
    monkeypatch.setattr(tokens, "optional", missing)
    assert tokens_of(str(folder)).measure("항만 port") == estimated("항만 port")
    assert tokens_of(str(folder)).name.startswith("estimate")


def test_the_estimate() -> None:
    assert list(estimated("항만은 73 ports, okay")) == [0, 1, 2, 4, 5, 7, 12, 14]
    assert list(characters("abc")) == [0, 1, 2]
