import pytest

from raftune.errors import TrainingError
from raftune.prompts.raft import prompt_from
from raftune.training.rows import Row, common_length, document_sets, row_of, rows_of, shared_tokens
from tests.tiny_model import PROMPT, make_example, make_examples, tiny_tokenizer

PROMPT_OBJECT = prompt_from(PROMPT)


@pytest.mark.parametrize("template", [True, False])
def test_labels_are_the_answer_and_the_end_mark(template):
    tokenizer = tiny_tokenizer(template=template)
    example = make_example(1, 0)
    row = row_of(example, tokenizer, PROMPT_OBJECT)
    learned = tokenizer.decode(row.tokens[row.start :])
    assert learned.lstrip() == PROMPT_OBJECT.target(example) + "<|im_end|>"
    assert row.tokens[-1] == tokenizer.eos_token_id
    assert row.labels == len(tokenizer(learned)["input_ids"])
    assert PROMPT_OBJECT.target(example) not in tokenizer.decode(row.tokens[: row.start])


def test_too_long_and_empty_rows_are_named():
    examples = make_examples(1, 2)
    with pytest.raises(TrainingError, match=examples[1].id):
        rows_of(examples, tiny_tokenizer(), PROMPT_OBJECT, 100)

    def mute(text, add_special_tokens):
        return {"input_ids": [1, 2, 3]}

    mute.chat_template, mute.eos_token, mute.eos_token_id = None, "", None
    with pytest.raises(TrainingError, match="no answer to learn"):
        rows_of(examples, mute, PROMPT_OBJECT, 100)


def test_sets_keep_their_order():
    rows = [Row(str(number), name, (1, 2), 1) for number, name in enumerate("abab")]
    assert [[row.example for row in group] for group in document_sets(rows)] == [["0", "2"], ["1", "3"]]


def test_shared_tokens_end_before_the_token_that_predicts_a_label():
    assert shared_tokens([Row("a", "s", (5, 6, 7, 8), 3), Row("b", "s", (5, 6, 7, 9), 3)]) == 2
    assert shared_tokens([Row("a", "s", (5, 1, 7, 8), 3), Row("b", "s", (5, 6, 7, 9), 3)]) == 1


def test_common_length():
    assert common_length([[1, 2, 3], [1, 2, 4], [1, 2]]) == 2
    assert common_length([[1, 2], [1, 2]]) == 2
    assert common_length([[3], [1]]) == 0
