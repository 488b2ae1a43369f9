"""The Batch API of OpenAI and Azure: a file of requests goes up, a file of replies comes down."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from raftune.batching.lines import Place, Refusal, line_of, outcome_of, parsed, refused_for
from raftune.contracts import BatchState, ChatReply, ChatRequest
from raftune.endpoints.chat_wire import Capability, capability_of, remember_capability
from raftune.endpoints.endpoint import Endpoint, import_sdk
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ProviderError, Unavailable

T = TypeVar("T")

ENDED = frozenset({"completed", "expired", "cancelled", "canceled"})
AZURE = ".azure.com"
LABEL = "raftune"  # the name of our label in a batch's metadata
KEPT = {"anchor": "created_at", "seconds": 30 * 86_400}  # after that the endpoint deletes our files
TRANSFER_SECONDS = 3600.0
PAGE = 100
MOST_LISTED = 2_000
FETCHES = 5  # of a file that comes damaged, before its whole lines are taken for all there is


class OpenAIBatches:
    """Batches of chat completions at an endpoint. What it refuses (a schema, a parameter) is remembered as for others.

    Azure names the path of chat completions without /v1, and finds metadata optional: there the file's name is the
    label.
    """

    def __init__(self, endpoint: Endpoint, memory: EndpointMemory) -> None:
        self.endpoint = endpoint
        self.memory = memory
        address = endpoint.address
        host = urlsplit(address.url).hostname or ""
        self.place = Place(address.place, endpoint.checked())
        self._damaged: Counter[str] = Counter()
        self._tried: dict[str, Capability] = {}  # what no request was answered by yet
        self.path = "/chat/completions" if host.endswith(AZURE) else "/v1/chat/completions"

    def line(self, custom_id: str, request: ChatRequest) -> bytes:
        """A request as it stands in a batch's file."""
        return line_of(custom_id, request, self.capability(request.model), self.path)

    async def submit(self, lines: Iterable[bytes], label: str) -> str:
        """Uploads the lines and makes a batch of them; its id. Raises QueueFull, Unavailable or ProviderError."""
        try:
            return await self._submit(lines, label)
        except Gone as error:
            raise ProviderError(
                f"{self.place.host} has no Batch API.", 'Set delivery = "live" for this role in raftune.toml.'
            ) from error

    async def _submit(self, lines: Iterable[bytes], label: str) -> str:
        with tempfile.TemporaryFile() as file:
            await asyncio.to_thread(file.writelines, lines)
            file.seek(0)
            name = (name_of(label), file, "application/jsonl")
            uploaded = await self._call(
                lambda client: client.files.create(file=name, purpose="batch", expires_after=KEPT), TRANSFER_SECONDS
            )
        made = await self._call(
            lambda client: client.batches.create(
                input_file_id=text_in(uploaded, "id"),
                endpoint=self.path,
                completion_window="24h",
                metadata={LABEL: label},
                output_expires_after=KEPT,
            )
        )
        return text_in(made, "id")

    async def adopt(self, label: str) -> str | None:
        """The id of the batch with this label among the latest ones, or None."""
        files = await self._listed(lambda client: client.files.list(purpose="batch", limit=PAGE))
        ours = {file.id for file in files if file.filename == name_of(label)}
        for batch in await self._listed(lambda client: client.batches.list(limit=PAGE)):
            if (batch.metadata or {}).get(LABEL) == label or batch.input_file_id in ours:
                return str(batch.id)
        return None

    async def state(self, batch: str) -> BatchState:
        """How far a batch is; one that the endpoint does not know is gone, and was Unavailable."""
        try:
            found = await self._call(lambda client: client.batches.retrieve(batch))
        except Gone as gone:
            return BatchState(refused=gone)
        if (status := text_in(found, "status")) == "failed":
            errors = [error.model_dump() for error in (found.errors.data if found.errors else None) or ()]
            return BatchState(refused=refused_for(errors, self.place))
        return BatchState(ended=status in ENDED)

    async def results(
        self, batch: str, requests: Mapping[str, ChatRequest]
    ) -> AsyncIterator[tuple[str, ChatReply | ProviderError]]:
        """What became of the requests; the files are here as a whole before the first is given.

        Raises Unavailable for a file that came damaged: what it lacks may be paid for, so it is fetched again.
        """
        found = await self._call(lambda client: client.batches.retrieve(batch))
        text_in(found, "id")
        seen = Seen()
        counts = found.request_counts
        answered, failed = (counts.completed, counts.failed) if counts else (0, 0)
        for file, count in ((found.output_file_id, answered), (found.error_file_id, failed)):  # replies first
            if not file:
                continue
            with tempfile.TemporaryFile() as copy:
                if await self._download(file, copy):
                    self._check(file, copy, count or 0)
                copy.seek(0)
                for result in self._read(copy, requests, seen):
                    yield result

    def capability(self, model: str) -> Capability:
        """What is known about a model at this endpoint, and what the last batch left to try."""
        known = capability_of(self.memory, self.endpoint.address.name, model)
        return known.joined(self._tried.get(model, known))

    def close(self) -> None:
        """Closes the connections."""
        self.endpoint.close()

    def _read(
        self, lines: Iterable[bytes], requests: Mapping[str, ChatRequest], seen: "Seen"
    ) -> Iterator[tuple[str, ChatReply | ProviderError]]:
        for row in map(parsed, lines):
            if row is None:
                continue
            name, status, body = row
            request = requests.get(name)
            model, schema = ("", False) if request is None else (request.model, request.reply_schema is not None)
            known = seen.sent_by.setdefault(model, self.capability(model))
            alone = (model, schema) in seen.answered
            outcome, left = outcome_of(status, body, request, known, self.place, alone=alone)
            if isinstance(outcome, ChatReply):
                seen.answered.add((model, schema))
                self._prove(model)
            elif left is not None:
                self._tried[model] = left
            yield name, outcome

    def _prove(self, model: str) -> None:
        """A request was answered: what was tried is known from now on."""
        if (tried := self._tried.pop(model, None)) is not None:
            remember_capability(self.memory, self.endpoint.address.name, model, tried)

    def _check(self, file: str, copy: IO[bytes], count: int) -> None:
        """Raises Unavailable for a file that is damaged or lacks lines, unless it comes like that again and again."""
        copy.seek(0)
        rows = [parsed(line) is not None for line in copy]
        if (not all(rows) or len(rows) < count) and self._damaged[file] < FETCHES:
            self._damaged[file] += 1
            raise no_batch()

    async def _download(self, file: str, copy: IO[bytes]) -> bool:
        """Writes a file of the endpoint to one here; False for one that is gone."""

        async def stream(client: Any) -> None:
            copy.seek(0)
            copy.truncate()
            async with client.files.with_streaming_response.content(file) as response:
                async for part in response.iter_bytes():
                    copy.write(part)

        try:
            await self._call(stream, TRANSFER_SECONDS)
        except Gone:
            return False
        return True

    async def _listed(self, page: Callable[[Any], Any]) -> list[Any]:
        """The newest objects of a list, page after page."""

        async def all_of(client: Any) -> list[Any]:
            found: list[Any] = []
            async for one in page(client):
                text_in(one, "id")
                found.append(one)
                if len(found) >= MOST_LISTED:
                    break
            return found

        return await self._call(all_of)

    async def _call(self, work: Callable[[Any], Awaitable[T]], seconds: float | None = None) -> T:
        """What `work` gives for the client, in time. Raises ProviderError, Gone for what the endpoint does not know."""
        openai = import_sdk()
        import httpx2

        try:
            async with asyncio.timeout(seconds or self.endpoint.address.seconds):
                return await work(self.endpoint.open(openai))
        except TimeoutError as error:
            raise self.endpoint.late() from error
        except openai.NotFoundError as error:
            raise Gone(f"{self.place.host} does not know the batch or file.", "Run again.", reason="gone") from error
        except openai.BadRequestError as error:
            refusal = Refusal(400, error.body if isinstance(error.body, Mapping) else {"message": error.message})
            raise refused_for([refusal.body], self.place) from error
        except openai.OpenAIError as error:
            raise self.endpoint.explain(openai, error, "") from error
        except httpx2.HTTPError as error:  # in the middle of a file, where the SDK does not look
            raise Unavailable(
                f"{self.place.host} broke the connection off.", "Check the network.", reason="connection lost"
            ) from error
        except (AttributeError, TypeError, ValueError) as error:  # what the SDK does with pages of another kind
            raise no_batch() from error


@dataclass
class Seen:
    """By what the lines of a batch were sent, for each model, and the kinds of requests that were answered."""

    sent_by: dict[str, Capability] = field(default_factory=dict)
    answered: set[tuple[str, bool]] = field(default_factory=set)


class Gone(Unavailable):
    """The endpoint does not know a batch or a file, be it that it was deleted."""


def text_in(found: Any, name: str) -> str:
    """A field of what the SDK gives, which checks nothing. Raises Unavailable where it is no text."""
    value = getattr(found, name, None)
    if not isinstance(value, str) or not value:
        raise no_batch()
    return value


def no_batch() -> Unavailable:
    """The error for an answer of another kind."""
    return Unavailable("The endpoint's answer is no batch, file or list of them.", "Check base_url.", reason="no batch")


def name_of(label: str) -> str:
    """The name of the file of a batch."""
    return f"{LABEL}-{label}.jsonl"


def plug(endpoint: Endpoint, memory: EndpointMemory) -> OpenAIBatches:
    """The batches of an endpoint."""
    return OpenAIBatches(endpoint, memory)
