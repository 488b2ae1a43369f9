"""Speed of splitting: pages made by repeating a file's pages, embedding timed apart; for each splitter and embedder.

python bench/splitting.py PAGES.jsonl [--pages 1000] [--json]

PAGES.jsonl has a line {"page": 1, "text": "..."} a page. Sizes are tokens of the embedded student, or estimated.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from raftune.contracts import SplitOptions
from raftune.models.student import EMBEDDED
from raftune.models.tokens import tokens_of
from raftune.plugins import embeds, local_embedder
from raftune.registry import load
from raftune.roles import EmbedderConfig
from raftune.stages.chunk import ChunkConfig


class Timed:
    """An embedder whose time is counted."""

    def __init__(self, embedder: Any) -> None:
        self.embedder = embedder
        self.name = embedder.name
        self.seconds = 0.0
        self.texts = 0

    async def embed(self, texts: Sequence[str]) -> Any:
        """The vectors."""
        begun = time.perf_counter()
        vectors = await self.embedder.embed(texts)
        self.seconds += time.perf_counter() - begun
        self.texts += len(texts)
        return vectors


def measured(splitter: str, embedder: Timed | None, text: str, pages: int) -> dict[str, Any]:
    """One splitter on one text."""
    config, tokens = ChunkConfig(), tokens_of(EMBEDDED)
    options = SplitOptions(
        config.maximum, config.minimum, tokens.measure, embedder=embedder, percentile=config.percentile
    )
    begun = time.perf_counter()
    spans = asyncio.run(load("splitters", splitter)(options).split(text))
    embedding = embedder.seconds if embedder else 0.0
    seconds = time.perf_counter() - begun - embedding
    sizes = sorted(len(tokens.measure(text[span.start : span.end])) for span in spans)
    return {
        "splitter": splitter,
        "embedder": embedder.name if embedder else None,
        "tokens": tokens.name,
        "pages": pages,
        "characters": len(text),
        "chunks": len(spans),
        "chunks_per_second": round(len(spans) / seconds),
        "seconds": round(seconds, 2),
        "embedding_seconds": round(embedding, 2),
        "embedded": embedder.texts if embedder else 0,
        "median_tokens": sizes[len(sizes) // 2],
        "largest_tokens": sizes[-1],
        "over_maximum": sum(size > config.maximum for size in sizes),
    }


def main() -> None:
    """Prints a line a splitter and embedder, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    found = [json.loads(line)["text"] for line in options.file.read_text(encoding="utf-8").splitlines()]
    text = "\n".join(islice(cycle(found), options.pages))
    tokens_of(EMBEDDED).measure("warm")  # its file is made and opened once a machine and process
    embedders = {local_embedder(EmbedderConfig(provider=name), "en").name: name for name in ("hashed", "auto")}
    rows = []
    for splitter in ("structure", "semantic"):
        for provider in embedders.values() if embeds(splitter) else [None]:
            embedder = Timed(local_embedder(EmbedderConfig(provider=provider), "en")) if provider else None
            rows.append(measured(splitter, embedder, text, options.pages))
            if not options.json:
                shown = rows[-1]
                print(
                    f"{splitter:10} {shown['embedder'] or '-':24} {shown['chunks']:6} chunks "
                    f"{shown['chunks_per_second']:6}/s  embedding {shown['embedding_seconds']} s"
                )
    default = rows[-1]
    keys = ("chunks_per_second", "pages", "chunks", "embedding_seconds", "over_maximum")
    print(json.dumps({**{key: default[key] for key in keys}, "runs": rows}))


if __name__ == "__main__":
    main()
