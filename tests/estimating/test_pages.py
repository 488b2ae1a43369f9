"""Pages are counted with their pictures, sentences once."""

from raftune.costs import Price
from raftune.estimating.estimate import Pace, Terms
from raftune.estimating.pages import embedding, looking
from raftune.estimating.replies import Habit
from raftune.records import Document, Page
from raftune.tokenizing import PICTURE_TOKENS

PAGES = tuple(Page(number=number, text="One fee. Two fees.", way="text") for number in range(1, 4))


def document() -> Document:
    return Document(path="a.pdf", sha256="0" * 64, media_type="application/pdf", language="en", title="", pages=PAGES)


def test_every_page_is_a_request_with_a_picture() -> None:
    terms = Terms(len, Price(1.0, 2.0), Habit(filled=0.1, known=20), Pace(requests=6))
    found = looking([document()], "look", 1000, terms)
    assert found.usage.requests == 3
    assert found.usage.prompt_tokens == 3 * (PICTURE_TOKENS + len("look") + len("One fee. Two fees."))
    assert found.usage.completion_tokens == 300
    assert found.minutes == 0.5
    assert found.by == "at most, by 20 earlier replies"


def test_sentences_are_read_once_in_full_batches() -> None:
    found = embedding([document()] * 30, len, Terms(len, None, Habit()))
    assert found.usage.requests == 2  # 180 sentences, 128 in a request
    assert found.usage.prompt_tokens == 90 * len("One fee. Two fees.")
    assert found.dollars is None
