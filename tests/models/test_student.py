import json
import subprocess
import sys

import pytest

from raftune.errors import ConfigError
from raftune.models import student
from raftune.models.student import EMBEDDED, find_student, safetensors_folder
from tests.tiny_model import save_tiny, save_tiny_gguf


@pytest.fixture
def folder(tmp_path):
    return save_tiny(tmp_path / "tiny")


def test_folder_is_named_by_its_last_part(folder):
    found = find_student(str(folder))
    assert (found.name, found.folder, found.gguf) == ("tiny", folder, None)
    assert safetensors_folder(found) == folder


def test_changed_config_changes_the_fingerprint(folder):
    before = find_student(str(folder)).fingerprint
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "rms_norm_eps": 1e-5}))
    assert find_student(str(folder)).fingerprint != before


def test_gguf_is_converted_once(tmp_path, monkeypatch):
    monkeypatch.setenv("RAFTUNE_CACHE", str(tmp_path / "cache"))
    found = find_student(str(save_tiny_gguf(tmp_path / "tiny.gguf")))
    assert found.name == "tiny"
    assert found.gguf == tmp_path / "tiny.gguf"
    assert not found.folder.exists()
    assert safetensors_folder(found) == tmp_path / "cache" / "models" / found.fingerprint
    monkeypatch.setattr(student, "convert_gguf", None)
    assert (safetensors_folder(found) / "model.safetensors").is_file()


@pytest.mark.parametrize("name", ["model.bin", "model.pt", "model.pkl"])
def test_pickles_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x80\x04")
    with pytest.raises(ConfigError, match="pickle"):
        find_student(str(tmp_path / name))
    with pytest.raises(ConfigError, match="only pickled weights") as caught:
        find_student(str(tmp_path))
    assert "safetensors" in caught.value.advice


def test_folders_that_bring_code_are_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "x.Y"}}))
    with pytest.raises(ConfigError, match="auto_map"):
        find_student(str(folder))
    (folder / "modeling.py").write_text("")
    with pytest.raises(ConfigError, match="Python code"):
        find_student(str(folder))


def test_other_files_and_empty_folders_are_refused(tmp_path):
    (tmp_path / "notes.gguf").write_text("notes")
    with pytest.raises(ConfigError, match="not a GGUF file"):
        find_student(str(tmp_path / "notes.gguf"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="no weights"):
        find_student(str(tmp_path / "empty"))
    (tmp_path / "empty" / "model.safetensors").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"config\.json"):
        find_student(str(tmp_path / "empty"))


@pytest.mark.parametrize("name", ["nowhere", "./no/where", "/no/where/at-all", "~/no-such-model"])
def test_missing_folders(name):
    with pytest.raises(ConfigError, match="no such folder"):
        find_student(name)


def test_missing_file():
    with pytest.raises(ConfigError, match="no such file"):
        find_student("models/missing.gguf")


def test_hub_out_of_reach(monkeypatch):
    import huggingface_hub

    def unreachable(name, **options):
        raise huggingface_hub.errors.LocalEntryNotFoundError("offline")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    with pytest.raises(ConfigError, match="the hub does not give it") as caught:
        find_student("someone/some-model")
    assert "local folder" in caught.value.advice


def test_hub_model_is_checked_like_a_folder(monkeypatch, folder):
    import huggingface_hub

    asked = []

    def download(name, **options):
        asked.append((name, options["allow_patterns"]))
        return str(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert find_student("someone/some-model").name == "someone/some-model"
    assert asked[0][0] == "someone/some-model"
    assert "*.bin" not in asked[0][1]


def test_finding_a_student_loads_no_torch(folder):
    code = (
        "import sys; from raftune.models.student import find_student; find_student(sys.argv[1]);"
        "import raftune.trainers.lora, raftune.providers.llama_cpp, raftune.providers.transformers;"
        "print(*({'torch', 'transformers', 'peft', 'gguf', 'xllamacpp'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code, str(folder)], check=True, capture_output=True, text=True)
    assert printed.stdout.strip() == ""


@pytest.mark.slow
def test_embedded_student_is_found_fast_and_converted():
    import time

    began = time.monotonic()
    found = find_student(EMBEDDED)
    assert time.monotonic() - began < 1.0
    assert (safetensors_folder(found) / "tokenizer.json").is_file()
