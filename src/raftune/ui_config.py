"""The [ui] section: where the cockpit listens, and who reviews."""

from typing import Annotated

from pydantic import Field

from raftune.stage import StageConfig, Transport


class UiConfig(StageConfig):
    """The web application of `raftune ui`. It listens on this machine alone."""

    port: Annotated[int, Transport()] = Field(default=8322, ge=0, le=65535)
    """The port; 0: any that is free."""
    reviewers: Annotated[tuple[str, ...], Transport()] = ()
    """The names of those who review. With two or more, answers are dealt out among them."""
    overlap: Annotated[float, Transport()] = Field(default=0.15, ge=0, le=1)
    """The share of answers that every reviewer decides about, so that their agreement can be measured."""
    upload_megabytes: Annotated[float, Transport()] = Field(default=50.0, gt=0)
    """The largest file that can be dropped on the audit page."""
