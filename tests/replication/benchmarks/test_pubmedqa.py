import pytest

from raftune.comparison import contains_verbatim
from raftune.errors import ConfigError
from raftune.replication.benchmarks.pubmedqa import plug
from raftune.replication.course import Sizes
from raftune.replication.replicate import excerpt_of


def test_an_abstract_its_quote_and_its_label():
    learned, asked = plug.course(excerpt_of("pubmedqa"), Sizes(8, 6, 400)).parts
    assert (learned.split, asked.split) == ("train", "test")
    assert (len(learned.answers), len(asked.answers)) == (8, 6)
    assert not {chunk.id for chunk in learned.chunks} & {chunk.id for chunk in asked.chunks}
    for part in (learned, asked):
        for chunk, answer in zip(part.chunks, part.answers, strict=True):
            assert answer.chunk == chunk.id
            assert contains_verbatim(answer.quotes[0].text, chunk.text)
            assert answer.final in ("yes", "no", "maybe")
            assert answer.text.endswith("? Answer yes, no or maybe.")
            assert answer.reasoning


def test_labels_take_turns_in_training():
    learned, _ = plug.course(excerpt_of("pubmedqa"), Sizes(4, 6, 400)).parts
    assert len({answer.final for answer in learned.answers[:2]}) == 2


def test_more_than_there_is_cannot_be_had():
    with pytest.raises(ConfigError, match="not 600"):
        plug.course(excerpt_of("pubmedqa"), Sizes(600, 6, 400))


def test_no_question_is_learned_and_asked():
    learned, asked = plug.course(excerpt_of("pubmedqa"), Sizes(6, 10, 400)).parts
    assert not {answer.text for answer in learned.answers} & {answer.text for answer in asked.answers}
