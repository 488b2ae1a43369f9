"""Embeddings: a sum of one random vector a word, so that texts that share words are near; always the same."""

import base64
from functools import lru_cache
from typing import Any
from zlib import crc32

from tests.servers.openai.counting import Counter

SIZE = 64


def embedded(body: dict[str, Any], count: Counter) -> dict[str, Any]:
    """The answer to a request, as floats or in base64."""
    given = body["input"]
    texts = [given] if isinstance(given, str) else [str(text) for text in given]
    size = int(body.get("dimensions") or SIZE)
    rows = [vector(text, size) for text in texts]
    packed = body.get("encoding_format") == "base64"
    values = [base64.b64encode(row.astype("<f4").tobytes()).decode() if packed else row.tolist() for row in rows]
    tokens = sum(map(count, texts))
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": index, "embedding": value} for index, value in enumerate(values)],
        "model": body["model"],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def vector(text: str, size: int) -> Any:
    """The vector of a text, of length 1."""
    import numpy as np

    words = text.casefold().split() or [""]
    total = np.sum([word_vector(word, size) for word in words], axis=0)
    return (total / np.linalg.norm(total)).astype(np.float32)


@lru_cache(maxsize=20_000)
def word_vector(word: str, size: int) -> Any:
    import numpy as np

    return np.random.default_rng(crc32(word.encode())).standard_normal(size)
