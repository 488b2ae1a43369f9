"""GGUF files of tiny models say in llama.cpp what the safetensors say in torch."""

import asyncio
import json
from pathlib import Path

import pytest

from raftune.contracts import ChatMessage, ChatRequest
from raftune.errors import ConfigError
from raftune.exporting.gguf_file import split_name, write_gguf
from raftune.models.weights import quiet
from raftune.providers.llama_cpp import LlamaCpp
from raftune.providers.transformers import Transformers
from tests.tiny_architectures import tiny_of
from tests.tiny_model import save_tiny, save_tiny_gguf, tiny_tokenizer

QUESTIONS = ("What was the rate in 2023?", "기준금리는 얼마입니까?", "Inflation fell because", "x")


def saved(folder: Path, name: str) -> Path:
    """A tiny model of an architecture."""
    with quiet():
        tiny_of(name).save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    return folder


def replies(model) -> list[str]:
    """Greedy texts."""

    def request(question: str) -> ChatRequest:
        return ChatRequest(model="m", messages=(ChatMessage(role="user", content=question),), max_tokens=12)

    try:
        return [asyncio.run(model.complete(request(question))).text for question in QUESTIONS]
    finally:
        model.close()


@pytest.mark.parametrize("name", ["llama", "qwen2", "qwen3", "mistral"])
def test_llama_cpp_writes_what_torch_writes(tmp_path: Path, name: str) -> None:
    folder = saved(tmp_path / "model", name)
    write_gguf(folder, None, tmp_path / "model.gguf", "f32", name)
    got, wanted = replies(LlamaCpp(tmp_path / "model.gguf", context=512)), replies(Transformers(folder))
    # Random weights are chaotic, llama.cpp keeps keys and values in fp16, and both end in half a character.
    assert sum(one[:3] == other[:3] for one, other in zip(got, wanted, strict=True)) >= 3
    assert len(set(wanted)) == len(QUESTIONS)


@pytest.mark.parametrize("numbers", ["f32", "f16", "bf16", "q8_0"])
def test_what_the_origin_says_is_taken_over(tmp_path: Path, numbers: str) -> None:
    import gguf

    origin = save_tiny_gguf(tmp_path / "origin.gguf")
    folder = save_tiny(tmp_path / "model")
    write_gguf(folder, origin, tmp_path / "made.gguf", numbers, "ours")
    old, new = (gguf.GGUFReader(tmp_path / name) for name in ("origin.gguf", "made.gguf"))
    kept = [name for name in old.fields if name.startswith(("tokenizer.", "llama."))]
    assert kept
    assert all(new.fields[name].contents() == old.fields[name].contents() for name in kept)
    assert new.fields["general.name"].contents() == "ours"
    shapes = {tensor.name: tuple(tensor.shape) for tensor in old.tensors}
    assert {tensor.name: tuple(tensor.shape) for tensor in new.tensors} == shapes
    kinds = {tensor.tensor_type.name for tensor in new.tensors if len(tensor.shape) > 1}
    assert kinds == {numbers.upper()}


def test_other_architectures_and_tokenizers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gemma3"):
        write_gguf(saved(tmp_path / "gemma", "gemma3"), None, tmp_path / "a.gguf", "f16", "x")
    folder = saved(tmp_path / "llama", "llama")
    held = json.loads((folder / "tokenizer.json").read_text())
    held["pre_tokenizer"] = {"type": "Whitespace"}
    (folder / "tokenizer.json").write_text(json.dumps(held))
    with pytest.raises(ConfigError, match="tokenizer"):
        write_gguf(folder, None, tmp_path / "b.gguf", "f16", "x")


def test_names_of_splits() -> None:
    whole = {"type": "ByteLevel", "use_regex": True}
    assert split_name({"pre_tokenizer": whole}) == "gpt-2"
    digits = {"type": "Sequence", "pretokenizers": [{"type": "Digits"}, whole]}
    assert split_name({"pre_tokenizer": digits}) == "smollm"
    assert split_name({"pre_tokenizer": {"type": "Metaspace"}}) is None
