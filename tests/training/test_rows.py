import pytest

from raftune.errors import TrainingError
from raftune.exporters import chat
from raftune.models.chat import full_text, prompt_text, token_ids
from raftune.prompts.raft import default_prompt, prompt_from
from raftune.records import Conversation, Turn
from raftune.training.rows import Row, common_length, document_sets, row_of, rows_of, shared_tokens, turn_rows
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


def test_tokens_that_reach_over_a_border_are_read_and_learned_as_the_whole_text_has_them():
    """A tokenizer that joins the last letters of the prompt with the first of the answer, and those of the documents
    with the first of a question."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    examples = [make_example(1, 0).changed(text=text) for text in ("Why so?", "Did it fall?")]
    plain = tiny_tokenizer(template=False)
    texts = [full_text(plain, PROMPT_OBJECT.of_example(one), PROMPT_OBJECT.target(one)) for one in examples]
    asked = [prompt_text(plain, PROMPT_OBJECT.of_example(one)) for one in examples]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    borders = [text[len(one) - 4 : len(one) + 4] for text, one in zip(texts, asked, strict=True)]
    borders += [
        text[text.index(one.text) - 4 : text.index(one.text) + 2] for text, one in zip(texts, examples, strict=True)
    ]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(
        borders * 50, trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    )
    joining = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>")
    rows = rows_of(examples, joining, PROMPT_OBJECT, 10_000)
    for row, text, one in zip(rows, texts, asked, strict=True):
        assert joining.decode(row.tokens) == text
        assert list(row.tokens) == token_ids(joining, text)
        assert row.start < len(token_ids(joining, one)), "no token reaches over the border"
        assert one.startswith(joining.decode(row.tokens[: row.start]))
    shared = shared_tokens(rows)
    assert rows[0].tokens[:shared] == rows[1].tokens[:shared]
    before = texts[0][: texts[0].index(examples[0].text)]
    assert len(joining.decode(rows[0].tokens[:shared])) < len(before), "no token reaches over the border"


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


def test_rows_of_an_exported_chat_file_are_those_of_its_examples():
    tokenizer, prompt = tiny_tokenizer(), default_prompt()
    examples = make_examples(2, 3)
    exported = [chat.row(example, prompt)["messages"] for example in examples]
    conversations = [
        Conversation(source=str(place), turns=tuple(Turn(role=one["role"], text=one["content"]) for one in messages))
        for place, messages in enumerate(exported)
    ]
    wanted = rows_of(examples, tokenizer, prompt, 1 << 20)
    found = rows_of(conversations, tokenizer, prompt, 1 << 20)
    assert [(row.tokens, row.start) for row in found] == [(row.tokens, row.start) for row in wanted]
    assert [len(group) for group in document_sets(found)] == [3, 3]


def test_each_reply_of_a_conversation_is_learned_once():
    tokenizer = tiny_tokenizer()
    texts = [("user", "One?"), ("assistant", "Yes."), ("user", "Two?"), ("assistant", "No."), ("assistant", "Well.")]
    turns = [Turn(role=role, text=text, weight=float(text != "No.")) for role, text in texts]
    rows = turn_rows(Conversation(source="1", turns=tuple(turns)), tokenizer)
    learned = [tokenizer.decode(row.tokens[row.start :]) for row in rows]
    assert learned == ["Yes.<|im_end|>", "Well.<|im_end|>"]
    assert "No." in tokenizer.decode(rows[1].tokens[: rows[1].start])
    assert len({row.document_set for row in rows}) == 1
