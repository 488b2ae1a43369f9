"""What stages ask for, by the names in the settings."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from raftune.connections import Connections
from raftune.contracts import SplitOptions
from raftune.costs import Price
from raftune.embedders import wordllama
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ConfigError
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.models.tokens import characters
from raftune.plugins import InstalledPlugs, embedder_name, embeds, local_embedder, served_name
from raftune.roles import EmbedderConfig, JudgeConfig, ServedConfig, StudentConfig, TeacherConfig, VisionConfig
from raftune.wrappers.paid_embedder import PaidEmbedder


def plugs(folder: Path, vision: VisionConfig | None = None, **teacher: Any) -> InstalledPlugs:
    return InstalledPlugs(
        folder=folder,
        documents=folder,
        cache=folder / "readings",
        tracked=folder / "tracked",
        seed=0,
        teacher_config=TeacherConfig(**teacher),
        vision_config=vision or VisionConfig(),
        student_config=StudentConfig(),
        connections=Connections(folder, Ledger(folder / "ledger.sqlite"), Meter(), Keys(folder), EndpointMemory(None)),
    )


def test_vision_needs_the_name_of_a_model(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    with pytest.raises(ConfigError, match=r"vision\.model"):
        opened.vision()
    opened.connections.ledger.close()


def test_vision_is_asked_as_it_is_set(tmp_path: Path) -> None:
    opened = plugs(tmp_path, VisionConfig(provider="recorded", model="eyes", max_tokens=900, at_once=2))
    found = opened.vision()
    assert (found.model, found.max_tokens, found.at_once) == ("eyes", 900, 2)
    opened.connections.ledger.close()


def test_a_gate_of_another_stage_is_refused(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    assert [gate.name for gate in opened.gates("ask", ["complete"])] == ["complete"]
    with pytest.raises(ConfigError, match="belongs to ask"):
        opened.gates("answer", ["complete"])


def test_a_gguf_teacher_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no model file"):
        plugs(tmp_path, provider="llama_cpp").teacher()


def test_the_judge_is_the_teacher_unless_another_is_named(tmp_path: Path) -> None:
    opened = plugs(tmp_path, provider="recorded", model="teacher")
    assert opened.judge().model == "teacher"
    opened.judge_config = JudgeConfig(provider="recorded", model="stern")
    assert opened.judge().model == "stern"
    opened.connections.ledger.close()


def test_an_endpoint_is_read_ahead_for_more_than_a_machine(tmp_path: Path) -> None:
    remote = {"provider": "openai", "model": "m", "base_url": "http://localhost:1/v1"}
    assert plugs(tmp_path).teacher().at_once == 8
    assert plugs(tmp_path, **remote).teacher().at_once == 4 * 512
    assert plugs(tmp_path, **remote, at_once=3).teacher().at_once == 12
    assert plugs(tmp_path, **remote, delivery="batch").teacher().at_once == 10_000


def test_a_served_student_has_two_names(tmp_path: Path) -> None:
    served = ServedConfig(base="small", tuned="small-bank")
    assert served_name(served, None) == "small"
    assert served_name(served, tmp_path) == "small-bank"
    with pytest.raises(ConfigError, match="has no name"):
        served_name(ServedConfig(), None)
    with pytest.raises(ConfigError, match="not served"):
        served_name(ServedConfig(base="small"), tmp_path)


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
    assert local_embedder(EmbedderConfig(), "en").name == "hashed-2048-1"
    assert local_embedder(EmbedderConfig(dimensions=64), "ko").name == "hashed-64-1"
    with pytest.raises(ConfigError, match="not installed"):
        local_embedder(EmbedderConfig(provider="wordllama"), "en")


def test_the_name_of_an_embedder_needs_no_endpoint() -> None:
    assert embedder_name(EmbedderConfig(provider="openai", model="m", dimensions=64), "en") == "openai-m-64"
    assert embedder_name(EmbedderConfig(provider="hashed"), "ko") == "hashed-2048-1"


def test_an_endpoints_embedder_is_paid_once_and_needs_a_model(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    opened.embedder_config = EmbedderConfig(
        provider="openai", model="m", base_url="http://localhost:1/v1", input_price=2
    )
    embedder = opened.embedder("en")
    assert isinstance(embedder, PaidEmbedder)
    assert embedder.price == Price(input=2.0, output=0.0, batch=0.5)
    asyncio.run(opened.release())
    assert opened.embedders == {}
    opened.embedder_config = EmbedderConfig(provider="openai")
    with pytest.raises(ConfigError, match="embedder has no model"):
        opened.embedder("en")


def test_verifiers_are_opened_by_name(tmp_path: Path) -> None:
    opened = plugs(tmp_path)
    assert [verifier.name for verifier in opened.verifiers(["judged", "blind"])] == ["judged", "blind"]
    with pytest.raises(ConfigError, match="among the verifiers"):
        opened.verifiers(["blnd"])
    opened.connections.ledger.close()
