"""A project's service: which models there are before and after training, with a real tiny student."""

import asyncio
from pathlib import Path

import pytest

from raftune import api
from raftune.contracts import ChatMessage, ChatRequest
from raftune.serving import opening
from raftune.serving.opening import READER, Continued, Tuned, catalogue_of, opened_service, tuned_name
from tests.cli.harbour import make_project, raftune
from tests.serving.scripted import Scripted
from tests.tiny_model import save_tiny, save_tiny_adapter

STUDENT = '[student]\nmodel = "tiny"\n[serve]\nmax_tokens = 6\ncontext = 512\n'


@pytest.fixture
def project(tmp_path: Path) -> api.Project:
    folder = make_project(tmp_path / "harbour")
    save_tiny(folder / "tiny")
    with (folder / "raftune.toml").open("a") as file:
        file.write(STUDENT)
    return api.open_project(folder)


def names(found: opening.Catalogue) -> list[str]:
    return [served.name for served in found.all()]


def test_before_there_are_documents(project: api.Project) -> None:
    with opened_service(project, ["token"]) as service:
        assert names(service.catalogue) == ["tiny", service.embedder.name]
        assert service.answerer is None


def test_with_documents_and_an_adapter(project: api.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    raftune(project.folder, "chunk")
    adapter = save_tiny_adapter(project.folder / "tiny", project.folder / "adapter")
    monkeypatch.setattr(opening, "tuned_of", lambda _: Tuned(adapter, whole=False))
    with opened_service(project, ["token"]) as service:
        assert names(service.catalogue)[:4] == ["tiny", "raftune", READER, f"{READER}:base"]
        assert service.catalogue.find(READER).adapter == "raftune"
        assert service.catalogue.find(f"{READER}:base").adapter == ""


def test_weights_of_its_own_stand_alone(project: api.Project) -> None:
    catalogue = catalogue_of(project, Scripted(), Tuned(project.folder, whole=True))
    assert [(served.name, served.adapter) for served in catalogue.all()] == [("raftune", "")]
    assert names(catalogue_of(project, Scripted(), None)) == ["tiny"]


def test_two_models_never_share_a_name() -> None:
    assert tuned_name("harbour", "tiny") == "harbour"
    assert tuned_name("tiny", "tiny") == "tiny-tuned"
    assert tuned_name(READER, "tiny") == f"{READER}-tuned"


def test_a_generator_as_a_chat_model() -> None:
    request = ChatRequest(model="m", messages=(ChatMessage(role="user", content="x"),), max_tokens=2)
    reply = asyncio.run(Continued(Scripted(), "").complete(request))
    assert (reply.text, reply.finish_reason, reply.completion_tokens) == ("The harbour", "length", 2)


def test_what_a_platform_tuned_is_not_served_here(project: api.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path("adapter")
    monkeypatch.setattr(opening, "stored", lambda *_: type("Made", (), {"file": lambda *_: folder})())
    monkeypatch.setattr(opening, "trained_weights", lambda _: folder / "adapter_model.safetensors")
    assert opening.tuned_of(project) == Tuned(folder, whole=False)
    assert opening.tuned_of(api.open_project(project.folder, ["train.trainer=openai"])) is None
