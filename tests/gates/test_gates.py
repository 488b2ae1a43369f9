import importlib
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import raftune.gates
from raftune.contracts import Candidate

NAMES = [module.name for module in pkgutil.iter_modules(raftune.gates.__path__)]


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_is_named_like_its_file(name: str) -> None:
    plug = importlib.import_module(f"raftune.gates.{name}").plug
    assert plug().name == name
    assert plug().stage in {"ask", "answer"}
    assert plug() is not plug()


@given(st.lists(st.text(max_size=40), min_size=5, max_size=5), st.sampled_from(["en", "ko"]))
def test_no_text_brings_a_gate_down(texts: list[str], language: str) -> None:
    for name in NAMES:
        fault = importlib.import_module(f"raftune.gates.{name}").plug().fault(Candidate(*texts, language))  # type: ignore[arg-type]
        assert fault is None or fault
