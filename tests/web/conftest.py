"""One project for all tests of the pages: it is run once, and each test gets a copy."""

import shutil
from pathlib import Path

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from tests.web.cockpits import make_project


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("cockpit") / "harbour")
    api.run(api.open_project(folder), Quiet())
    return folder


@pytest.fixture
def project(harbour: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harbour, tmp_path / "harbour"))
