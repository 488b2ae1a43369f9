"""What is counted about the service, for Prometheus and for the log."""

from collections.abc import AsyncIterator
from time import monotonic

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from raftune.serving.leaving import closing
from raftune.serving.said import Said
from raftune.serving.turnstile import Turnstile

SOON = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)


class Measures:
    """The figures of one service. Labels are routes and model names that exist, so that their number is bounded."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.registry = CollectorRegistry()
        self.requests = self.counter("raftune_requests", "Requests answered.", "route", "status")
        self.seconds = Histogram(
            "raftune_request_seconds", "Time to the end of an answer.", ["route"], registry=self.registry, buckets=SOON
        )
        self.first = Histogram(
            "raftune_first_token_seconds", "Time to the first token.", ["model"], registry=self.registry, buckets=SOON
        )
        self.tokens = self.counter("raftune_tokens", "Tokens read (of them cached) and written.", "model", "kind")
        self.gauge("raftune_waiting", "Requests in line.").set_function(lambda: turnstile.waiting)
        self.gauge("raftune_generating", "Replies being written.").set_function(lambda: turnstile.taken)
        self.in_flight = self.gauge("raftune_in_flight", "Requests that are not answered yet.")

    def counter(self, name: str, about: str, *labels: str) -> Counter:
        """A new count."""
        return Counter(name, about, labels, registry=self.registry)

    def gauge(self, name: str, about: str) -> Gauge:
        """A new figure that goes up and down."""
        return Gauge(name, about, registry=self.registry)

    def page(self) -> bytes:
        """All figures in the text form of Prometheus."""
        return generate_latest(self.registry)

    async def hear(
        self, request: Request, model: str, spoken: AsyncIterator[tuple[int, Said]]
    ) -> AsyncIterator[tuple[int, Said]]:
        """What is said, passed on; its tokens are counted, also where it is broken off."""
        begun, last = monotonic(), dict[int, Said]()
        request.state.noted = {"model": model}
        try:
            async with closing(spoken):
                async for number, said in spoken:
                    if not last:
                        self.first.labels(model).observe(monotonic() - begun)
                    last[number] = said
                    yield number, said
        finally:
            noted = counts_of(list(last.values()))
            request.state.noted |= noted
            for kind, count in noted.items():
                self.tokens.labels(model, kind.removesuffix("_tokens")).inc(count)


def counts_of(last: list[Said]) -> dict[str, int]:
    """The tokens of an answer, from the last that each choice said. The prompt counts once."""
    return {
        "prompt_tokens": max((said.prompt_tokens for said in last), default=0),
        "completion_tokens": sum(said.completion_tokens for said in last),
        "cached_tokens": max((said.cached_tokens for said in last), default=0),
    }
