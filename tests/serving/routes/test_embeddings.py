"""Embeddings over HTTP, as the openai SDK sees them."""

import asyncio
from pathlib import Path
from typing import Any

import openai
import pytest

from raftune.embedders.hashed import HashedEmbedder
from raftune.serving.catalogue import Served
from tests.serving.running import BASE, Running, running


def ask(up: Running, **changes: Any) -> Any:
    name = up.service.embedder.name
    up.service.catalogue.add(Served(name, 1, embeds=True))
    return up.own.embeddings.create(**{"model": name, "input": "the harbour", **changes})


def embedding(folder: Path) -> Any:
    return running(folder, parts={"embedder": HashedEmbedder(64)})


def test_numbers_and_base64_are_the_same(tmp_path: Path) -> None:
    texts = ["the harbour", "항구", "x" * 3000]
    with embedding(tmp_path) as up:
        numbers = ask(up, input=texts, encoding_format="float")
        packed = ask(up, input=texts)  # the SDK asks for base64 and unpacks it
    expected = asyncio.run(HashedEmbedder(64).embed(texts))
    for row, plain, other in zip(expected, numbers.data, packed.data, strict=True):
        assert [float(number) for number in row] == plain.embedding
        assert plain.embedding == pytest.approx(other.embedding)
    assert [row.index for row in numbers.data] == [0, 1, 2]
    assert numbers.usage.prompt_tokens == numbers.usage.total_tokens == 4


def test_one_text_and_many(tmp_path: Path) -> None:
    many = [f"text {number}" for number in range(150)]
    with embedding(tmp_path) as up:
        one = ask(up, input=many[149]).data[0].embedding
        assert ask(up, input=many).data[149].embedding == one
        assert len(one) == 64
        assert len(ask(up, dimensions=64).data[0].embedding) == 64


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"input": []}, "input"),
        ({"input": ["a", " "]}, "input"),
        ({"input": [1, 2]}, "input"),
        ({"input": 5}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"dimensions": 32}, "dimensions"),
        ({"encoding_format": "xml"}, "encoding_format"),
        ({"model": BASE}, "model"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], param: str) -> None:
    with embedding(tmp_path) as up, pytest.raises(openai.BadRequestError) as caught:
        ask(up, **changes)
    assert caught.value.param == param


def test_other_models(tmp_path: Path) -> None:
    with embedding(tmp_path) as up:
        with pytest.raises(openai.NotFoundError):
            ask(up, model="../x")
        name = up.service.embedder.name
        with pytest.raises(openai.BadRequestError) as caught:
            up.own.chat.completions.create(model=name, messages=[{"role": "user", "content": "x"}])
        assert caught.value.param == "model"
