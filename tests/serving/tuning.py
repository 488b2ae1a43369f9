"""A service with a tiny student that can be tuned, files for it, and the openai SDK."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openai

from raftune.exporters import chat
from raftune.prompts.raft import default_prompt
from raftune.serving.catalogue import Catalogue, Served
from raftune.tuning.jobs import Jobs
from raftune.tuning.tuner import Tuner
from raftune.tuning.uploads import Uploads
from tests.serving.running import BASE, TOKEN, Running, listening, running, service_of
from tests.serving.scripted import Scripted
from tests.tiny_model import make_examples, save_tiny

ENDED = ("succeeded", "failed", "cancelled")


def rows(sets: int, each: int) -> bytes:
    """Chat rows, as `raftune export chat` writes them."""
    lines = [json.dumps(chat.row(one, default_prompt()), ensure_ascii=False) for one in make_examples(sets, each)]
    return ("\n".join(lines) + "\n").encode()


def tuner_in(folder: Path, generator: Scripted) -> tuple[Tuner, Catalogue]:
    """The jobs of a folder, and where their models are offered."""
    student = folder / "student"
    if not student.exists():
        save_tiny(student)
    catalogue = Catalogue(generator)
    catalogue.add(Served(BASE, 1_700_000_000))
    jobs, uploads = Jobs(folder / "tuning" / "jobs"), Uploads(folder / "tuning" / "files")
    return Tuner(jobs, uploads, catalogue, str(student), BASE, "harbour", 2048), catalogue


def parts_in(folder: Path, generator: Scripted) -> dict[str, Any]:
    """What makes a service one that tunes."""
    tuner, catalogue = tuner_in(folder, generator)
    return {"tuner": tuner, "catalogue": catalogue, "background": (tuner.working,)}


@contextmanager
def tuning(folder: Path) -> Iterator[Running]:
    """A service that is up."""
    generator = Scripted()
    with running(folder, generator, parts_in(folder, generator)) as up:
        yield up


@contextmanager
def apart(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", openai.OpenAI]]:
    """A service in a process of its own, to be killed."""
    port = folder / "port"
    port.unlink(missing_ok=True)
    process = subprocess.Popen([sys.executable, "-m", "tests.serving.tuning", str(folder)])
    try:
        while not port.exists():
            assert process.poll() is None
            time.sleep(0.05)
        address = f"http://127.0.0.1:{port.read_text()}/v1"
        with openai.OpenAI(base_url=address, api_key=TOKEN, max_retries=0) as client:
            yield process, client
    finally:
        process.kill()
        process.wait()


def upload(client: openai.OpenAI, content: bytes = b"", name: str = "train.jsonl") -> str:
    """The id of an uploaded file."""
    return client.files.create(file=(name, content or rows(3, 4)), purpose="fine-tune").id


def started(client: openai.OpenAI, epochs: int = 1, **fields: Any) -> str:
    """The id of a new job."""
    method: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs, "batch_size": 4}}}
    given = {"model": BASE, "training_file": upload(client), "method": method, "seed": 3, **fields}
    return client.fine_tuning.jobs.create(**given).id


def finished(client: openai.OpenAI, job: str, wanted: tuple[str, ...] = ENDED, seconds: float = 120) -> Any:
    """The job once its status is one of those wanted."""
    until = time.monotonic() + seconds
    while (found := client.fine_tuning.jobs.retrieve(job)).status not in wanted:
        assert time.monotonic() < until, found
        assert found.status not in ENDED, found
        time.sleep(0.1)
    return found


def main(folder: Path) -> None:
    """Serves until it is killed; its port is written to a file."""
    generator = Scripted()
    with listening(replace(service_of(folder, generator), **parts_in(folder, generator))) as port:
        draft = folder / "port.draft"
        draft.write_text(str(port))
        draft.replace(folder / "port")
        time.sleep(3600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
