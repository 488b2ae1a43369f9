"""The made-up corpus is the same for the same seed, and its quotes stand where they say."""

from bench.made_corpus import answers, chunks


def test_the_same_seed_gives_the_same_records() -> None:
    passages = chunks(120, 3)
    assert [chunk.id for chunk in passages] == [chunk.id for chunk in chunks(120, 3)]
    assert {chunk.id for chunk in passages}.isdisjoint(chunk.id for chunk in chunks(120, 4))
    assert list(answers(passages, 2, 3)) == list(answers(passages, 2, 3))


def test_quotes_are_verbatim_and_hold_the_answer() -> None:
    passages = chunks(120, 3)
    by_id = {chunk.id: chunk for chunk in passages}
    assert len(by_id) == 120
    assert {chunk.language for chunk in passages} == {"en", "ko"}
    made = list(answers(passages, 2, 3))
    assert len(made) == 240
    for answer in made:
        [quote] = answer.quotes
        assert by_id[answer.chunk].text[quote.start : quote.end] == quote.text
        assert answer.final in quote.text
