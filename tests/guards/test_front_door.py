"""Importing raftune and asking for help stay light; every module can be imported; every plug keeps its shape."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import raftune

HEAVY = (
    "lxml", "rapidocr", "onnxruntime", "cv2", "torch", "transformers", "peft", "openai", "xllamacpp", "gguf",
    "pypdfium2", "numpy", "jinja2", "PIL",
)  # fmt: skip
KINDS = (
    "readers", "ocr", "splitters", "embedders", "retrievers", "providers", "trainers", "metrics", "gates", "stores",
    "engines", "exporters", "checks", "trackers",
)  # fmt: skip


def loaded_after(code: str) -> set[str]:
    output = subprocess.check_output([sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"], text=True)
    return set(output.split())


def test_import_raftune_loads_nothing_heavy() -> None:
    assert not loaded_after("import raftune") & set(HEAVY)


def test_the_command_line_loads_nothing_heavy() -> None:
    assert not loaded_after("import raftune.cli.main") & {*HEAVY, "raftune.pipeline"}


def test_the_pipeline_loads_no_model_library() -> None:
    assert not loaded_after("import raftune.api") & {"torch", "transformers", "peft", "openai", "xllamacpp", "gguf"}


@pytest.mark.parametrize("name", [module.name for module in pkgutil.walk_packages(raftune.__path__, "raftune.")])
def test_every_module_can_be_imported(name: str) -> None:
    if not name.endswith("__main__"):
        importlib.import_module(name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_plug_file_offers_a_plug(kind: str) -> None:
    package = importlib.import_module(f"raftune.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        assert hasattr(importlib.import_module(f"raftune.{kind}.{module.name}"), "plug"), f"{kind}/{module.name}"
