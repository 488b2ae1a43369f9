import asyncio

from raftune.retrievers.bm25 import plug


def test_the_text_with_the_query_s_words_comes_first() -> None:
    retriever = plug()
    asyncio.run(retriever.index(["Ships are inspected.", "도선사 면허는 2년마다 갱신한다."]))
    assert asyncio.run(retriever.nearest(["ship inspections", "면허를 갱신하는 주기는?"], 1)) == [[0], [1]]
    assert not plug.embeds
