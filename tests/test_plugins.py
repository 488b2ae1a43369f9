"""Plugs by name, near names, and models that are closed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from raftune.contracts import SplitOptions
from raftune.costs import Price
from raftune.embedders import wordllama
from raftune.errors import ConfigError
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.models.tokens import characters
from raftune.plugins import InstalledPlugs, bare_embedder, embeds
from raftune.roles import EmbedderConfig, StudentConfig, TeacherConfig, VisionConfig
from raftune.wrappers.paid_embedder import PaidEmbedder


def plugs(folder: Path, vision: VisionConfig | None = None, **teacher: Any) -> InstalledPlugs:
    return InstalledPlugs(
        folder=folder,
        documents=folder,
        cache=folder / "readings",
        seed=0,
        teacher_config=TeacherConfig(**teacher),
        vision_config=vision or VisionConfig(),
        student_config=StudentConfig(),
        ledger=Ledger(folder / "ledger.sqlite"),
        meter=Meter(),
    )


def test_vision_needs_the_name_of_a_model(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    with pytest.raises(ConfigError, match=r"vision\.model"):
        opened.vision()
    opened.ledger.close()


def test_vision_is_asked_as_it_is_set(tmp_path: Path) -> None:
    opened = plugs(tmp_path, VisionConfig(provider="recorded", model="eyes", max_tokens=900, at_once=2))
    found = opened.vision()
    assert (found.model, found.max_tokens, found.at_once) == ("eyes", 900, 2)
    opened.ledger.close()


def test_a_gate_of_another_stage_is_refused(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    assert [gate.name for gate in opened.gates("ask", ["complete"])] == ["complete"]
    with pytest.raises(ConfigError, match="belongs to ask"):
        opened.gates("answer", ["complete"])


def test_a_gguf_teacher_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no model file"):
        plugs(tmp_path, provider="llama_cpp").teacher()


def test_the_projects_own_prices_come_first(tmp_path: Path) -> None:
    assert plugs(tmp_path).teacher_price() == Price(input=0.0, output=0.0)
    assert plugs(tmp_path, provider="openai", model="nobody-knows").teacher_price() is None
    own = plugs(tmp_path, provider="openai", model="nobody-knows", input_price=1.5, output_price=6.0)
    assert own.teacher_price() == Price(input=1.5, output=6.0)


def test_release_closes_what_was_opened(tmp_path: Path) -> None:
    class Closable:
        closed = False

        def close(self) -> None:
            self.closed = True

    opened, model = plugs(tmp_path), Closable()
    opened.opening(model)  # type: ignore[arg-type]
    asyncio.run(opened.release())
    assert model.closed
    assert opened.opened == []


def test_only_splitters_that_embed_get_an_embedder(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    options = SplitOptions(100, 10, characters)
    assert opened.splitter("structure", options, "ko").options.embedder is None  # type: ignore[attr-defined]
    assert opened.splitter("semantic", options, "ko").options.embedder.name == "hashed-2048-1"  # type: ignore[attr-defined]
    assert (embeds("splitters", "semantic"), embeds("splitters", "structure")) == (True, False)
    assert opened.embedder("ko") is opened.embedder("ko")
    assert opened.measure("characters") is characters


def test_only_retrievers_that_embed_get_an_embedder(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    assert not hasattr(opened.retriever("bm25", "ko"), "embedder")
    assert opened.retriever("embedding", "ko").embedder is opened.embedder("ko")  # type: ignore[attr-defined]
    assert opened.retriever("hybrid", "ko").by_meaning.embedder is opened.embedder("ko")  # type: ignore[attr-defined]
    assert [embeds("retrievers", name) for name in ("bm25", "embedding", "hybrid")] == [False, True, True]


def test_without_wordllama_english_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordllama, "PACKAGE", "no-such-package-here")
    assert bare_embedder(EmbedderConfig(), "en").name == "hashed-2048-1"
    assert bare_embedder(EmbedderConfig(dimensions=64), "ko").name == "hashed-64-1"
    with pytest.raises(ConfigError, match="not installed"):
        bare_embedder(EmbedderConfig(provider="wordllama"), "en")


def test_an_endpoints_embedder_is_paid_once_and_needs_a_model(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    opened.embedder_config = EmbedderConfig(
        provider="openai", model="m", base_url="http://localhost:1/v1", input_price=2
    )
    embedder = opened.embedder("en")
    assert isinstance(embedder, PaidEmbedder)
    assert embedder.price == Price(input=2.0, output=0.0)
    asyncio.run(opened.release())
    assert opened.embedders == {}
    with pytest.raises(ConfigError, match="embedder has no model"):
        bare_embedder(EmbedderConfig(provider="openai"), "en")


def test_verifiers_are_opened_by_name(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    assert [verifier.name for verifier in opened.verifiers(["judged", "blind"])] == ["judged", "blind"]
    with pytest.raises(ConfigError, match="among the verifiers"):
        opened.verifiers(["blnd"])
    opened.ledger.close()
