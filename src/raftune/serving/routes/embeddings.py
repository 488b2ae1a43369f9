"""/v1/embeddings: vectors by the project's embedder."""

import asyncio
import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from raftune.contracts import Embedder
from raftune.serving.chat_request import Strict, encodable
from raftune.serving.leaving import unless_gone, within
from raftune.serving.refusals import UNSUPPORTED, Refusal
from raftune.serving.service import Service, TheService

if TYPE_CHECKING:
    import numpy as np

    from raftune.contracts import Vectors

router = APIRouter()
MOST_TEXTS = 2048
AT_A_TIME = 64


def texts_of(given: object) -> object:
    """A list of texts, from one or many."""
    texts = [given] if isinstance(given, str) else given
    if isinstance(texts, list) and any(isinstance(text, int | list) for text in texts):
        raise PydanticCustomError(UNSUPPORTED, "texts are embedded, not tokens")
    if isinstance(texts, list) and any(isinstance(text, str) and not text.strip() for text in texts):
        raise PydanticCustomError("invalid_value", "an empty text has no meaning to embed")
    return texts


class EmbeddingQuery(Strict):
    """Texts to be embedded."""

    model: str
    input: Annotated[
        list[str], BeforeValidator(texts_of), AfterValidator(encodable), Field(min_length=1, max_length=MOST_TEXTS)
    ]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = Field(default=None, ge=1)


@router.post("/v1/embeddings")
async def embeddings(query: EmbeddingQuery, request: Request, service: TheService) -> dict[str, Any]:
    """One vector of length 1 for each text."""
    embedder = embedder_of(service, query.model)
    deadline = asyncio.get_running_loop().time() + service.config.seconds
    work = within(deadline, embedded(service, embedder, query.input, request.state.client))
    vectors = await unless_gone(request.receive, work)
    if query.dimensions is not None and query.dimensions != vectors.shape[1]:
        raise Refusal(400, f"The vectors have {vectors.shape[1]} dimensions.", param="dimensions", code=UNSUPPORTED)
    tokens = sum(map(service.count, query.input))
    rows = [
        {"object": "embedding", "index": index, "embedding": encoded(vector, query.encoding_format)}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": rows, "model": embedder.name, "usage": usage}


async def embedded(service: Service, embedder: Embedder, texts: Sequence[str], client: str) -> "Vectors":
    """The vectors of texts, once it is the client's turn; other requests go on between the parts of a long list."""
    import numpy as np

    parts = []
    async with service.turnstile.turn(client):
        for start in range(0, len(texts), AT_A_TIME):
            parts.append(await embedder.embed(texts[start : start + AT_A_TIME]))
            await asyncio.sleep(0)
    return np.concatenate(parts)


def embedder_of(service: Service, name: str) -> Embedder:
    """The embedder of that name. Raises Refusal (404) where there is none."""
    if service.embedder is None or service.embedder.name != name:
        service.catalogue.find(name)
        raise Refusal(400, "This model writes texts; it does not embed them.", param="model", code="invalid_value")
    return service.embedder


def encoded(vector: "np.ndarray[tuple[int], np.dtype[np.float32]]", form: str | None) -> list[float] | str:
    """A vector as numbers, or as the base64 of its little-endian float32."""
    if form == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return [float(number) for number in vector]
