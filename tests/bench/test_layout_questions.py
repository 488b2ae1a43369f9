import json

import pytest
from bench.layout_questions import items_of, questions_of

LAST = "Survival was higher after early treatment in 43 of 60 children."


def make_item(number, **changes):
    sections = [f"We asked {number} hospitals about transplants.", f"Records were read twice. {LAST} Costs were alike."]
    return {
        "id": str(number),
        "question": "Does early treatment raise survival?",
        "contexts": [{"label": "X", "text": text} for text in sections],
        "answer": "yes",
        "long_answer": "Early treatment is better for survival of children.",
        **changes,
    }


def words(text):
    return len(text.split())


def test_a_passage_is_the_end_of_an_abstract_and_its_quote_tells_most():
    made = questions_of([make_item(1)], 15, words)
    [chunk], [answer] = made.chunks, made.answers
    assert chunk.text == f"{LAST} Costs were alike."
    [quote] = answer.quotes
    assert (quote.text, chunk.text[quote.start : quote.end]) == (LAST, LAST)
    assert (answer.chunk, answer.final, answer.text) == (chunk.id, "yes", "Does early treatment raise survival?")
    assert "better for survival" not in chunk.text + answer.reasoning


def test_a_sentence_that_is_too_long_stays_whole():
    [chunk] = questions_of([make_item(1)], 1, words).chunks
    assert chunk.text == "Costs were alike."


def test_held_out_items_are_dev_and_then_the_end_of_train(tmp_path):
    (tmp_path / "pubmedqa").mkdir()
    for name, numbers in (("train", range(5)), ("dev", range(10, 12))):
        lines = "".join(json.dumps(make_item(number)) + "\n" for number in numbers)
        (tmp_path / "pubmedqa" / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    learned, held = items_of(tmp_path, 2, 4)
    assert [item["id"] for item in learned] == ["0", "1"]
    assert [item["id"] for item in held] == ["10", "11", "4", "3"]
    with pytest.raises(ValueError, match="5 \\+ 2 items, not 3 \\+ 5"):
        items_of(tmp_path, 3, 5)
