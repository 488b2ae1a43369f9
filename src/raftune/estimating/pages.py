"""What it takes to look at pages and to embed their sentences, by documents that were read before."""

from collections.abc import Callable, Iterable

from raftune.costs import Usage, cost
from raftune.estimating.estimate import Estimate, Terms
from raftune.records import Document
from raftune.sentences import sentence_spans
from raftune.tokenizing import PICTURE_TOKENS

USUAL_PAGE = 0.17
"""The share of `vision.max_tokens` (4,096) that the text of a usual page fills."""
TEXTS_A_REQUEST = 128


def looking(documents: Iterable[Document], prompt: str, max_tokens: int, terms: Terms) -> Estimate:
    """The most that a model takes which looks at every page: picture, instructions and the page's text as a hint."""
    pages = [page for document in documents for page in document.pages]
    hints = sum(terms.count(page.text) for page in pages)
    read = terms.habit.scale * (len(pages) * (PICTURE_TOKENS + terms.count(prompt)) + hints)
    filled = terms.habit.filled if terms.habit.known else USUAL_PAGE
    usage = Usage(len(pages), round(read), round(len(pages) * filled * max_tokens))
    minutes = terms.pace.minutes(usage.requests, read + len(pages) * max_tokens)
    return Estimate(usage, cost(usage, terms.price), minutes, f"at most, {terms.habit.words}")


def embedding(documents: Iterable[Document], count: Callable[[str], int], terms: Terms) -> Estimate:
    """What an embedder takes that reads every sentence once."""
    texts = [page.text for document in documents for page in document.pages]
    sentences = sum(len(sentence_spans(text)) for text in texts)
    usage = Usage(-(-sentences // TEXTS_A_REQUEST), sum(map(count, texts)), 0)
    return Estimate(usage, cost(usage, terms.price), terms.pace.minutes(usage.requests, usage.prompt_tokens), "at most")
