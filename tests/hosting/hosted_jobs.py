"""A hosted trainer for a platform at an address, and a job for it; run as a program, it does the job."""

import sys
from pathlib import Path
from typing import Any

from raftune.contracts import TrainingJob
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.endpoints.keys import Keys
from raftune.hosting.platform import Manner, Platform
from raftune.ledger import Ledger
from raftune.platforms import no_token
from raftune.trainers.openai import HostedTrainer
from tests.hosting.double import KEY
from tests.tiny_model import PROMPT, make_examples

BASE = "gpt-tiny"


class Known(Keys):
    """Keys without a file."""

    def value(self, name: str) -> str:
        return self.secret(KEY)


def platform(address: str, ledger: Ledger) -> Platform:
    """The platform at an address."""
    return Platform(Endpoint(Address(f"{address}/v1", "THE_KEY", seconds=20.0), Known()), ledger)


def trainer(address: str, ledger: Ledger, **changes: Any) -> HostedTrainer:
    """A trainer that looks every 20 ms."""
    settings: dict[str, Any] = {
        "platform": changes.get("platform") or platform(address, ledger),
        "model": BASE,
        "batch_size": "auto",
        "learning_rate_multiplier": 0.5,
        "checkpoint": "last",
        "manner": Manner("ours", seconds=0.02),
        "azure": False,
        "count": lambda text: len(text.split()),
        "price": None,
        "deployment": None,
        "token": no_token,
    }
    return HostedTrainer(**{**settings, **changes})


def job(folder: Path, sets: int = 3, progress: Any = lambda *_: None) -> TrainingJob:
    """Twelve rows, and four to validate."""
    return TrainingJob(
        training=make_examples(sets, 4),
        validation=make_examples(1, 4, "validation"),
        student="none",
        prompt=PROMPT,
        options={"epochs": 2},
        seed=7,
        work=folder / "work",
        output=folder / "output",
        progress=progress,
        track=lambda *_: None,
    )


if __name__ == "__main__":
    address, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    trainer(address, Ledger(folder / "ledger.sqlite")).train(job(folder))
