"""A service on a free port of this machine, in a thread, and clients of the openai SDK for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import openai

from raftune.serve_config import ServeConfig
from raftune.serving.app import make_app
from raftune.serving.catalogue import Catalogue, Served
from raftune.serving.listening import listener
from raftune.serving.service import Service
from tests.serving.described import Exchanges
from tests.serving.scripted import Scripted

TOKEN = "token-of-the-tests"
BASE, TUNED = "harbour-360m", "harbour"


@dataclass
class Running:
    """Where a service is reached, and its parts."""

    url: str
    port: int
    service: Service
    generator: Scripted
    exchanges: Exchanges = field(default_factory=Exchanges)

    @cached_property
    def own(self) -> openai.OpenAI:
        """A client that is closed with the service."""
        return self.client()

    def client(self, **changes: Any) -> openai.OpenAI:
        """A client that does not try again, so that a test sees each answer."""
        known = {"base_url": f"{self.url}/v1", "api_key": TOKEN, "max_retries": 0}
        return openai.OpenAI(**{**known, "http_client": self.exchanges.client(), **changes})

    def async_client(self, **changes: Any) -> openai.AsyncOpenAI:
        """The same for asyncio."""
        known = {"base_url": f"{self.url}/v1", "api_key": TOKEN, "max_retries": 0}
        return openai.AsyncOpenAI(**{**known, "http_client": self.exchanges.async_client(), **changes})


def service_of(folder: Path, generator: Scripted, **config: Any) -> Service:
    """A service with a base and a tuned model."""
    catalogue = Catalogue(generator)
    catalogue.add(Served(BASE, 1_700_000_000))
    generator.open_adapter(TUNED, folder)
    catalogue.add(Served(TUNED, 1_700_000_001, adapter=TUNED))
    return Service(ServeConfig(**config), catalogue, folder, (TOKEN,))


@contextmanager
def running(folder: Path, generator: Scripted | None = None, parts: Any = None, **config: Any) -> Iterator[Running]:
    """A service that is up; `parts` replace some of its own, `config` are settings of [serve]."""
    generator = generator or Scripted()
    service = replace(service_of(folder, generator, **config), **(parts or {}))
    with listening(service) as port:
        up = Running(f"http://127.0.0.1:{port}", port, service, generator)
        with up.own:
            yield up
        assert not up.exchanges.faults, up.exchanges.faults[:5]


@contextmanager
def listening(service: Service) -> Iterator[int]:
    """The port that a service answers on."""
    with answering(listener(make_app(service), service.config.model_copy(update={"port": 0}))) as port:
        yield port


@contextmanager
def answering(server: Any) -> Iterator[int]:
    """The port of a server that runs in a thread."""
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
