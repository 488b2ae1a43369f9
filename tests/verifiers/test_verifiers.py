import importlib
import pkgutil

import pytest

import raftune.verifiers

NAMES = [module.name for module in pkgutil.iter_modules(raftune.verifiers.__path__)]


@pytest.mark.parametrize("name", NAMES)
def test_a_verifier_is_named_like_its_file(name: str) -> None:
    plug = importlib.import_module(f"raftune.verifiers.{name}").plug
    assert plug().name == name
    assert plug() is not plug()
