"""The walk-through's notebooks run to the end, the second with the plain openai SDK against `raftune serve`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "examples" / "notebooks"
TOKEN = "0123456789abcdef" * 2


def run(name: str) -> list[str]:
    """Runs a notebook; what its cells printed. Raises if a cell fails."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOKS / name, 4)
    NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures, f"{name} shows no picture"
    return [output["text"] for output in outputs if "text" in output]


@contextmanager
def served(project: Path) -> Iterator[str]:
    """The address of the project's service."""
    command = [sys.executable, "-m", "raftune", "serve", "--project", str(project), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "RAFTUNE_TOKEN": TOKEN}) as up:
        try:
            yield next(line.split()[1] for line in up.stdout if "base_url" in line)
        finally:
            up.terminate()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_walk_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"WORK": str(tmp_path), "PASSAGES": "24", "EPOCHS": "1", "QUESTIONS": "4"}.items():
        monkeypatch.setenv(name, value)
    assert any("--- assistant" in text for text in run("1-training-data.ipynb"))
    with served(tmp_path) as address:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        monkeypatch.setenv("OPENAI_API_KEY", TOKEN)
        assert any("completed" in text for text in run("2-tune-by-api.ipynb"))
        assert any("questions" in text for text in run("3-evaluate.ipynb"))
