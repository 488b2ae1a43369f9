"""What is remembered about endpoints survives the process, and nothing about its file can stop a run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.endpoints import memory as endpoint_memory
from raftune.endpoints.memory import EndpointMemory

VALUES = st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.none(), st.booleans()))


def test_what_is_remembered_is_there_in_the_next_process(tmp_path: Path) -> None:
    memory = EndpointMemory(tmp_path / "endpoints.json")
    memory.remember("host m", {"limit": 5})
    memory.remember("host n", {"limit": 7})
    memory.flush()
    again = EndpointMemory(tmp_path / "endpoints.json")
    assert (again.recall("host m"), again.recall("host n"), again.recall("other")) == ({"limit": 5}, {"limit": 7}, {})
    assert [path.name for path in tmp_path.iterdir()] == ["endpoints.json"]


def test_it_writes_at_most_once_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "endpoints.json"
    monkeypatch.setattr(endpoint_memory, "PAUSE", 3600.0)
    memory = EndpointMemory(path)
    memory.remember("m", {"a": 1})
    first = path.read_bytes()
    memory.remember("m", {"a": 2})
    assert path.read_bytes() == first
    memory.flush()
    assert EndpointMemory(path).recall("m") == {"a": 2}


def test_what_is_recalled_is_a_copy() -> None:
    memory = EndpointMemory(None)
    given_values = {"a": 1}
    memory.remember("m", given_values)
    given_values["a"] = 2
    memory.recall("m")["a"] = 3
    memory.flush()
    assert memory.recall("m") == {"a": 1}


@pytest.mark.parametrize("content", [b"", b'{"m": {"a"', b"\xff\xfe", b"[1]", b"null", b'{"m": 3}'])
def test_a_torn_or_foreign_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "endpoints.json"
    path.write_bytes(content)
    memory = EndpointMemory(path)
    assert memory.recall("m") == {}
    memory.remember("m", {"a": 1})
    memory.flush()
    assert EndpointMemory(path).recall("m") == {"a": 1}


def test_a_folder_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    memory = EndpointMemory(tmp_path / "gone" / "endpoints.json")
    memory.remember("m", {"a": 1})
    memory.flush()
    assert memory.recall("m") == {"a": 1}


@given(st.dictionaries(st.text(), VALUES))
def test_all_of_json_comes_back(tmp_path_factory: pytest.TempPathFactory, known: dict[str, dict[str, object]]) -> None:
    path = tmp_path_factory.mktemp("memory") / "endpoints.json"
    memory = EndpointMemory(path)
    for name, values in known.items():
        memory.remember(name, values)
    memory.flush()
    assert {name: EndpointMemory(path).recall(name) for name in known} == known
