import asyncio

from raftune.embedders.hashed import HashedEmbedder
from raftune.retrievers.embedding import plug


def test_the_embedder_decides() -> None:
    retriever = plug(HashedEmbedder(256))
    asyncio.run(retriever.index(["The fee is due.", "항만공사는 항만을 점검한다."]))
    assert asyncio.run(retriever.nearest(["fees due", "항만 점검"], 1)) == [[0], [1]]
    assert plug.embeds
