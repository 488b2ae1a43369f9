"""The server: who is let in, which fault strikes, what is answered."""

import asyncio
import random
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Any

from tests.servers.openai.admission import Admission
from tests.servers.openai.batches import Batches
from tests.servers.openai.control import control
from tests.servers.openai.counting import counter
from tests.servers.openai.faults import AWAY, BODIES, REFUSALS, Switch
from tests.servers.openai.file_routes import answer_files
from tests.servers.openai.options import Body, Options
from tests.servers.openai.paid import PAID, answer_paid, line, models, reserved
from tests.servers.openai.statistics import Statistics
from tests.servers.openai.storage import Storage
from tests.servers.openai.wire import Request, Response, Wire, converse, error_response

ACCEPTED = 0.02  # seconds in which a connection that was just taken is handed over, and one that was cut is closed


class Server:
    """State and answers of one server. `requests` holds the bodies of paid calls, `keys` and `headers` what came along.

    Safe to look at from another thread; `switch`, `heal` and `set_quota` may be called from there too.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.url = ""
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.batch_requests: list[Body] = []
        self.faults: list[Switch] = []
        self.statistics = Statistics()
        self.count = counter(options.count)
        self.admission = Admission(options, self.statistics)
        self.storage = Storage(options.folder)
        self.batches = Batches(self.storage, options.batches, partial(line, self), partial(reserved, self))
        self.random = random.Random(options.seed)
        self.wires: set[Wire] = set()
        self.serving: set[asyncio.Task[None]] = set()
        self.listening: asyncio.Server | None = None
        self.port = 0

    @property
    def keys(self) -> list[str]:
        """The Authorization headers that came."""
        return [headers.get("authorization", headers.get("api-key", "")) for headers in self.headers]

    def switch(
        self,
        name: str,
        *,
        first: int | None = None,
        every: int | None = None,
        chosen: Collection[int] | None = None,
        where: Callable[[Request], bool] | None = None,
        path: str = "",
    ) -> Switch:
        """Turns a fault on; the one that was turned on first strikes first, and alone."""
        made = Switch(name, first, every, chosen, where, path)
        self.faults.append(made)
        return made

    def heal(self) -> None:
        """Turns all faults off."""
        self.faults.clear()

    def set_quota(self, tokens_per_minute: float | None, requests_per_minute: float | None = None) -> None:
        """Other quotas from now on."""
        self.admission.set(tokens_per_minute, requests_per_minute)

    def stats(self, start: float | None = None, end: float | None = None) -> dict[str, Any]:
        """All numbers, and those of seconds [start, end) after the first admission."""
        return self.statistics.summary(start, end)

    async def listen(self, port: int) -> None:
        """Takes connections from now on; port 0: any that is free."""
        self.listening = await asyncio.start_server(self.connected, "127.0.0.1", port, limit=1 << 20, backlog=2048)
        self.port = self.listening.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    async def be_away(self, seconds: float) -> None:
        """Refuses connections for a while, and cuts those there are."""
        if self.listening is None:
            return
        await self.take_no_more()
        await asyncio.sleep(ACCEPTED)
        for wire in list(self.wires):
            wire.cut()
        await asyncio.sleep(seconds)
        await self.listen(self.port)

    async def take_no_more(self) -> None:
        """Takes no connections from now on. Those just taken are handed over before the listener is closed: asyncio
        loses one, socket and all, whose listener is gone by then.
        """
        listening, self.listening = self.listening, None
        if listening is not None:
            for one in listening.sockets:
                asyncio.get_running_loop().remove_reader(one.fileno())
            await asyncio.sleep(0)
            listening.close()

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Notes a connection before its task has begun, so that `stop` finds one that never did."""
        wire = Wire(reader, writer)
        self.wires.add(wire)
        self.statistics.connections += 1
        self.statistics.most_connections = max(self.statistics.most_connections, self.statistics.connections)
        task = asyncio.ensure_future(self.serve(wire))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def serve(self, wire: Wire) -> None:
        try:
            await converse(wire, self.answer)
        except asyncio.CancelledError:
            wire.cut()
        finally:
            self.statistics.connections -= 1
            self.wires.discard(wire)

    async def answer(self, request: Request, wire: Wire) -> Response | None:
        """The answer to any request."""
        if request.path in ("/stats", "/faults", "/quota", "/requests"):
            return control(self, request)
        path = "/" + request.path.partition("/v1/")[2]
        if "/v1/" not in request.path:
            return error_response(404, f"Unknown request URL: {request.method} {request.path}.", "unknown_url")
        self.statistics.requests += 1
        response = await self.routed(path, request, wire)
        if response is not None:
            self.statistics.answered[response.status] += 1
            if self.options.quota_headers and path in PAID:
                response.headers.update(self.admission.headers(PAID[path]))
            response.headers.setdefault("x-request-id", f"req-{self.statistics.requests}")
        return response

    async def routed(self, path: str, request: Request, wire: Wire) -> Response | None:
        """The answer of a path, unless a fault takes its place."""
        if path in PAID:
            self.note(request)
        switch = next((one for one in self.faults if one.strikes(request)), None)
        name = switch.name if switch else ""
        if name:
            self.statistics.faults[name] += 1
        if name == AWAY:
            self.leaving = asyncio.ensure_future(self.be_away(self.options.away_seconds))
            return None
        if name in REFUSALS and (refusal := REFUSALS[name](request)) is not None:
            return refusal
        if refusal := self.unauthorised(request):
            return refusal
        response = await (answer_paid(self, path, request, wire, name) if path in PAID else self.free(path, request))
        return await BODIES[name](request, wire, response) if name in BODIES and response.status == 200 else response

    def note(self, request: Request) -> None:
        if self.options.record:
            with suppress(ValueError):
                self.requests.append(request.body)
            self.headers.append(request.headers)

    def unauthorised(self, request: Request) -> Response | None:
        """401 for a wrong key."""
        right = self.options.key
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if right is None or right in (given, request.headers.get("api-key")):
            return None
        return error_response(401, "Incorrect API key provided.", "invalid_api_key")

    async def free(self, path: str, request: Request) -> Response:
        """Models, files and batches."""
        await asyncio.sleep(0)
        if path == "/models" or path.startswith("/models/"):
            return models(self, path.removeprefix("/models").strip("/"))
        return answer_files(self, path, request)

    async def stop(self) -> None:
        """Ends all connections."""
        await self.take_no_more()
        await asyncio.sleep(ACCEPTED)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for wire in list(self.wires):
            wire.cut()
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(ACCEPTED)
