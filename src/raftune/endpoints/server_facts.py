"""What a server tells about a model: whether it knows it, and how much text fits into it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from raftune.digest import Json
from raftune.endpoints.endpoint import Endpoint, import_sdk

CONTEXT_NAMES = (
    "max_model_len",  # vLLM
    "n_ctx",  # llama.cpp, as it was started
    "loaded_context_length",  # LM Studio
    "context_length",
    "context_window",
    "max_context_length",
    "max_input_tokens",
    "n_ctx_train",
)
WITHOUT_LIST = frozenset({404, 405, 501})
TAG = ":latest"  # which Ollama adds to a name


@dataclass(frozen=True)
class ServerFacts:
    """`listed` is None where the server has no list, or one of other names; `context` is in tokens, None: not told."""

    listed: bool | None = None
    names: tuple[str, ...] = ()
    context: int | None = None


async def describe(endpoint: Endpoint, model: str) -> ServerFacts:
    """What the endpoint tells about a model. Raises ProviderError where it lets nobody in, or cannot be reached."""
    found = await asked(endpoint, model, "/models")
    entries = [entry for entry in found.get("data") or () if isinstance(entry, dict)] if found else []
    names = tuple(str(entry.get("id")) for entry in entries)
    mine = next((entry for entry in entries if entry.get("id") in {model, model + TAG}), None)
    context = context_in(mine) or (await told_elsewhere(endpoint, model) if endpoint.address.base_url else None)
    deployments = ".azure.com" in endpoint.address.place  # its list has the models, not what one called a deployment
    return ServerFacts(None if not names or deployments else mine is not None, names, context)


async def told_elsewhere(endpoint: Endpoint, model: str) -> int | None:
    """The context by the addresses of llama.cpp's server, LM Studio and Ollama, which lie beside /v1."""
    root = endpoint.address.url.rstrip("/").removesuffix("/v1")
    places: tuple[tuple[str, dict[str, Json] | None], ...] = (
        (f"{root}/props", None),
        (f"{root}/api/v0/models/{quote(model, safe='')}", None),
        (f"{root}/api/show", {"model": model}),
    )
    for url, body in places:
        if context := context_in(await asked(endpoint, model, url, body)):
            return context
    return None


async def asked(endpoint: Endpoint, model: str, url: str, body: dict[str, Json] | None = None) -> dict[str, Any]:
    """The JSON object at an address; empty where there is none. Raises ProviderError as `describe` does."""
    openai = import_sdk()
    import httpx2

    async def work(client: Any) -> Any:
        if body is None:
            return await client.get(url, cast_to=httpx2.Response)
        return await client.post(url, body=body, cast_to=httpx2.Response)

    try:
        response = await endpoint.call(openai, model, work)
        found = json.loads(response.content)
    except openai.APIStatusError as error:
        if url.startswith("http") or error.status_code in WITHOUT_LIST:
            return {}
        raise endpoint.explain(openai, error, model) from error
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def context_in(found: Any) -> int | None:
    """The first number of tokens that a server's answer has under one of the known names, at any depth."""
    values = dict(named_numbers(found))
    return next((values[name] for name in CONTEXT_NAMES if name in values), None)


def named_numbers(found: Any) -> Iterator[tuple[str, int]]:
    """Whole numbers by the last part of their names ("llama.context_length" is "context_length")."""
    if isinstance(found, Mapping):
        for name, value in found.items():
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                yield str(name).rpartition(".")[2], value
            elif isinstance(value, Mapping):
                yield from named_numbers(value)
