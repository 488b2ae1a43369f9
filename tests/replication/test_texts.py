import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import ConfigError
from raftune.replication import texts

TEXT = "The first one is short. The second holds the fee of 30 euros. The third says nothing. The fourth ends it."


def test_a_beginning_and_an_ending_are_whole_sentences_that_fit():
    assert texts.beginning(TEXT, 30) == "The first one is short."
    assert texts.beginning(TEXT, 65) == "The first one is short. The second holds the fee of 30 euros."
    assert texts.ending(TEXT, 45) == "The third says nothing. The fourth ends it."
    assert texts.ending(TEXT, 3) == "The fourth ends it."
    assert texts.beginning(TEXT, 3) == "The first one is short."


def test_around_holds_its_span_and_what_fits_beside_it():
    place = TEXT.index("30 euros")
    assert texts.around(TEXT, (place, place + 8), 5) == "The second holds the fee of 30 euros."
    assert texts.around(TEXT, (place, place + 8), 65).startswith("The second holds")
    assert texts.around(TEXT, (place, place + 8), 1000) == TEXT


@given(st.lists(st.sampled_from("abc"), max_size=12))
def test_labels_take_turns_and_nothing_is_lost(labels):
    items = [(label, number) for number, label in enumerate(labels)]
    turned = texts.in_turns(items, lambda item: item[0])
    assert sorted(turned) == sorted(items)
    counts = dict.fromkeys(labels, 0)
    for label, _ in turned:
        counts[label] += 1
        left = {name: labels.count(name) - count for name, count in counts.items()}
        assert all(counts[label] <= counts[name] + 1 for name in counts if left[name])


def test_fewer_drawn_are_a_part_of_more():
    items = [str(number) for number in range(50)]
    order = texts.drawn(items, str)
    assert sorted(order) == sorted(items)
    assert order != items
    assert [item for item in order if item != order[3]] == texts.drawn([i for i in items if i != order[3]], str)


def test_the_nearest_sentence_shares_most_terms():
    assert texts.nearest_sentence(TEXT, "How high is the fee?") == "The second holds the fee of 30 euros."


def test_a_quote_is_by_its_place():
    chunk = texts.passage("a", TEXT)
    answer = texts.answer("q", "How high?", chunk, ["30 euros"], "30 euros")
    assert chunk.text[answer.quotes[0].start : answer.quotes[0].end] == "30 euros"


def test_too_little_data_is_said(tmp_path):
    with pytest.raises(ConfigError, match="There are 2 questions, not 3"):
        texts.enough([1, 2], 3, "questions")
    with pytest.raises(ConfigError, match="cannot be read"):
        texts.items_in(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        texts.items_in(tmp_path / "bad.jsonl")
