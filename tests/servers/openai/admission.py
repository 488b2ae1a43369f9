"""Whether a paid request is let in by the quotas of its kind, and what the answer's headers tell about them."""

import time
from math import ceil

from tests.servers.openai.options import Options
from tests.servers.openai.quotas import Quota, Refusal, duration
from tests.servers.openai.statistics import Statistics
from tests.servers.openai.wire import Response, error_response


class Admission:
    """The quotas of chat and of embeddings."""

    def __init__(self, options: Options, statistics: Statistics) -> None:
        self.options, self.statistics = options, statistics
        self.born = time.monotonic()
        self.moves = list(options.moves)
        self.quotas = {
            kind: Quota(options.tokens_per_minute, options.requests_per_minute, options.window, options.burst)
            for kind in ("chat", "embeddings")
        }
        self.seen = 0
        statistics.limits.append((self.born, options.tokens_per_minute))

    def set(self, tokens: float | None, requests: float | None) -> None:
        """Other quotas from now on."""
        for quota in self.quotas.values():
            quota.set(tokens, requests)
        self.statistics.limits.append((time.monotonic(), tokens))

    def refusal(self, kind: str, tokens: int, model: str) -> Response | None:
        """A 429, or None where the request is let in."""
        now = time.monotonic()
        self.seen += 1
        self.move(now)
        refused = self.quotas[kind].admit(now, tokens)
        if refused is None:
            self.statistics.admitted(now, tokens)
            return None
        self.statistics.refused.append(now)
        return self.explained(refused, model)

    def move(self, now: float) -> None:
        """Makes the moves whose time has come."""
        for move in list(self.moves):
            late = move.at_seconds is not None and now - self.born >= move.at_seconds
            many = move.after_requests is not None and self.seen > move.after_requests
            if late or many:
                self.moves.remove(move)
                self.set(move.tokens_per_minute, move.requests_per_minute)

    def explained(self, refused: Refusal, model: str) -> Response:
        """A refusal in OpenAI's words."""
        short = {"tokens": "tokens per min (TPM)", "requests": "requests per min (RPM)"}[refused.unit]
        numbers = f"Limit {refused.limit:.0f}, Used {refused.used:.0f}, Requested {refused.wanted:.0f}"
        if refused.too_large:
            text = f"Request too large for {model} on {short}: {numbers}."
            return error_response(429, text, "rate_limit_exceeded", kind=refused.unit)
        wait = f"Please try again in {duration(refused.seconds)}."
        text = f"Rate limit reached for {model} in organization org-test on {short}: {numbers}. {wait}"
        answer = error_response(429, text, "rate_limit_exceeded", kind=refused.unit)
        times = {"retry-after": ceil(refused.seconds), "retry-after-ms": ceil(refused.seconds * 1000)}
        answer.headers.update({name: str(times[name]) for name in self.options.retry_headers})
        return answer

    def headers(self, kind: str) -> dict[str, str]:
        """x-ratelimit-* as they stand now."""
        return self.quotas[kind].headers(time.monotonic())
