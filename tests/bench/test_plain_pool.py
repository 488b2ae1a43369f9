"""The plain client counts what it sends and what it loses."""

from bench.plain_pool import made_chunks, measure

from tests.servers.openai import serving


def test_a_chunk_takes_a_request_and_one_more_for_each_question() -> None:
    with serving() as server:
        figures = measure(server.url, workers=2, chunks=3)
        assert len(server.requests) == figures["requests"] == 18
        assert figures["tokens"] == server.stats()["prompt_tokens"] + server.stats()["completion_tokens"]
    assert (figures["rows"], figures["rows_lost"], figures["answered_429"]) == (15, 0, 0)


def test_a_chunk_whose_questions_fail_loses_all_its_rows() -> None:
    with serving("forbidden") as server:
        figures = measure(server.url, workers=2, chunks=3)
    assert (figures["requests"], figures["rows"], figures["rows_lost"]) == (3, 0, 15)


def test_chunks_are_always_the_same() -> None:
    assert made_chunks(3) == made_chunks(5)[:3]
    assert len(set(made_chunks(5))) == 5
