"""Embeddings of any OpenAI-compatible endpoint, by the openai SDK."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from raftune.endpoints.endpoint import Endpoint, import_sdk
from raftune.errors import ProviderError, Unavailable
from raftune.vectors import unit_rows

if TYPE_CHECKING:
    from raftune.contracts import Vectors

NO_EMBEDDINGS = "Check that the address ends in /v1, and that the model makes embeddings."


class OpenAIEmbedder:
    """One request for each call. An endpoint that knows no base64 is asked for plain numbers from then on."""

    def __init__(self, endpoint: Endpoint, model: str, dimensions: int | None = None) -> None:
        self.endpoint = endpoint
        self.model = model
        self.dimensions = dimensions
        self.name = f"openai-{model}" + (f"-{dimensions}" if dimensions else "")
        self._format = "base64"

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """One row of length 1 a text. Raises Unavailable, ProviderError or BadReply."""
        return (await self.request(texts))[0]

    async def request(self, texts: Sequence[str]) -> "tuple[Vectors, int]":
        """The vectors, and how many tokens the endpoint read. Raises as `embed` does."""
        openai = import_sdk()
        options: dict[str, Any] = {"dimensions": self.dimensions} if self.dimensions else {}
        while True:
            arguments = {"model": self.model, "input": list(texts), "encoding_format": self._format, **options}
            try:
                reply = await self.endpoint.call(openai, self.model, lambda client: ask(client, arguments))  # noqa: B023
            except openai.APIStatusError as error:
                if self._format == "float" or not about_format(error):
                    raise self.endpoint.explain(openai, error, self.model) from error
                self._format = "float"
            else:
                return vectors_of(reply, len(texts)), tokens_of(reply)

    async def aclose(self) -> None:
        """Closes the connections, and returns when they are."""
        await self.endpoint.aclose()

    def close(self) -> None:
        """Closes the connections."""
        self.endpoint.close()


async def ask(client: Any, arguments: dict[str, Any]) -> Any:
    """The endpoint's answer as JSON, None where it is none."""
    import httpx2

    response = await client.post("/embeddings", body=arguments, cast_to=httpx2.Response)
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def about_format(error: Any) -> bool:
    """Whether a 400 is about the encoding that was asked for."""
    words = f"{getattr(error, 'param', '')} {getattr(error, 'message', '')}".lower()
    return getattr(error, "status_code", None) in {400, 422} and ("encoding_format" in words or "base64" in words)


def vectors_of(reply: Any, count: int) -> "Vectors":
    """The rows in the order of the texts, each of length 1.

    Raises Unavailable where they are no embeddings, ProviderError where they cannot be used as such.
    """
    import numpy as np

    try:
        rows: dict[int, Any] = {int(item["index"]): numbers_of(item["embedding"]) for item in reply["data"]}
        vectors = np.stack([rows[number] for number in range(count)])
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unavailable(
            f"The endpoint's answer is not {count} embeddings.", NO_EMBEDDINGS, reason="no completion"
        ) from error
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if vectors.ndim != 2 or len(rows) != count or not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ProviderError("The endpoint's answer holds embeddings that are no directions.", NO_EMBEDDINGS)
    return unit_rows(vectors)


def numbers_of(embedding: Any) -> Any:
    """An embedding as an array: a list of numbers, or base64 of little-endian floats."""
    import numpy as np

    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4")
    return np.asarray(embedding, dtype=np.float32)


def tokens_of(reply: Any) -> int:
    """The tokens that the endpoint says it read; 0 where it does not say."""
    usage = reply.get("usage")
    found = usage.get("prompt_tokens") if isinstance(usage, dict) else 0
    return found if isinstance(found, int) else 0


plug = OpenAIEmbedder
