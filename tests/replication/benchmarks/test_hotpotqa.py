from raftune.comparison import contains_verbatim
from raftune.replication.benchmarks.hotpotqa import FULL_WIKI, GIVEN, plug
from raftune.replication.course import Sizes
from raftune.replication.replicate import excerpt_of

COURSE = plug.course(excerpt_of("hotpotqa"), Sizes(8, 4, 10_000))


def test_both_pages_are_right_and_supporting_facts_are_the_quotes():
    for one in COURSE.given:
        texts = {chunk.id: chunk.text for chunk in one.documents}
        assert one.right <= texts.keys()
        assert all(contains_verbatim(quote.text, texts[quote.chunk]) for quote in one.answer.quotes)
        if one.split == "train":
            assert len(one.right) == 2
            assert {quote.chunk for quote in one.answer.quotes} == one.right


def test_slices_say_how_many_of_the_two_are_there():
    missing = {COURSE.slices[one.answer.id]: 2 - len(one.right) for one in COURSE.given if one.split == "test"}
    assert missing == {GIVEN: 0, **{name: 2 - number for number, name in enumerate(FULL_WIKI)}}


def test_paragraphs_are_cut_to_sentences():
    long, short = (plug.course(excerpt_of("hotpotqa"), Sizes(2, 1, size)).given[0] for size in (10_000, 60))
    for one, other in zip(long.documents, short.documents, strict=True):
        assert one.text.startswith(other.text)
        assert other.text[-1] in ".!?\"')”" or other.text == one.text
