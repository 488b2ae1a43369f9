"""What a provider that tunes a model reads: every row whole, since it shares nothing between rows."""

from collections.abc import Callable, Iterable

from raftune.prompts.raft import RaftPrompt
from raftune.records import Example
from raftune.tokenizing import MESSAGE_TOKENS


def tuning_tokens(examples: Iterable[Example], prompt: RaftPrompt, count: Callable[[str], int]) -> int:
    """The tokens of one epoch over the rows to train on; the mean, where their documents are drawn more than once."""
    tokens, draws = 0, 1
    for example in examples:
        if example.split == "train":
            tokens += row_tokens(example, prompt, count)
            draws = max(draws, example.draw + 1)
    return round(tokens / draws)


def row_tokens(example: Example, prompt: RaftPrompt, count: Callable[[str], int]) -> int:
    """The tokens of a row in the chat form: what is asked, what is to be learnt, and what the form adds."""
    texts = [text for _, text in prompt.of_example(example)] + [prompt.target(example)]
    return sum(count(text) + MESSAGE_TOKENS for text in texts) + MESSAGE_TOKENS
