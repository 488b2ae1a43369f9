"""What a provider is paid for when it tunes a model."""

from raftune.estimating.tuning import row_tokens, tuning_tokens
from raftune.prompts.raft import default_prompt
from tests.made_up import make_example

PROMPT = default_prompt()


def test_a_row_is_what_is_asked_and_what_is_to_be_learnt() -> None:
    example = make_example(split="train")
    written = "".join(text for _, text in PROMPT.of_example(example)) + PROMPT.target(example)
    assert row_tokens(example, PROMPT, len) == len(written) + 3 * 3 + 3


def test_only_rows_to_train_on_are_paid_for_and_one_draw_is_an_epoch() -> None:
    rows = [make_example(split="train", draw=draw) for draw in (0, 1)] + [make_example(split="test")]
    assert tuning_tokens(rows, PROMPT, len) == row_tokens(rows[0], PROMPT, len)
    assert tuning_tokens([], PROMPT, len) == 0


def test_rows_of_one_document_set_share_nothing() -> None:
    rows = [make_example(split="train", text=f"What is fee {number}?") for number in range(3)]
    assert tuning_tokens(rows, PROMPT, len) == 3 * row_tokens(rows[0], PROMPT, len)
