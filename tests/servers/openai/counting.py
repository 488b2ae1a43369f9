"""How the server counts tokens: o200k where `quicktok` is installed, else a token for every 4 bytes.

A message takes 3 tokens more than its texts, the reply's beginning 3, a picture 765; a JSON schema or a tool is counted
as the compact JSON it is sent as.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from raftune.tokenizing import encoding_of
from tests.servers.openai.wire import compact

PER_MESSAGE, PER_REPLY, PER_PICTURE = 3, 3, 765

Counter = Callable[[str], int]


def counter(rule: str = "o200k") -> Counter:
    """The rule of that name, "o200k" or "bytes"; "bytes" too where the tokenizer is not installed."""
    if rule == "bytes":
        return cached(by_bytes)
    encoding = encoding_of("o200k_base")
    if encoding is None:
        return cached(by_bytes)
    return cached(encoding.count)


def cached(count: Counter) -> Counter:
    """Remembers counts: the same instructions and schemas come with every request."""
    return lru_cache(maxsize=8192)(count)


def by_bytes(text: str) -> int:
    """A token for every 4 bytes begun."""
    return (len(text.encode("utf-8", "replace")) + 3) // 4


def prompt_tokens(body: dict[str, Any], count: Counter) -> int:
    """The tokens of a chat request's prompt."""
    total = PER_REPLY
    for message in body.get("messages", ()):
        total += PER_MESSAGE + count(str(message.get("role", "")))
        content = message.get("content") or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for part in parts:
            total += PER_PICTURE if part.get("type") == "image_url" else count(part.get("text", ""))
    for name in ("response_format", "tools"):
        if name in body:
            total += count(compact(body[name]))
    return total


def most_tokens(body: dict[str, Any]) -> int:
    """The room for the reply that a request reserves."""
    return int(body.get("max_completion_tokens") or body.get("max_tokens") or 4096)
