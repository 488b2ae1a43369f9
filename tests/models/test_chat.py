from raftune.models.chat import full_text, prompt_text, token_ids
from tests.tiny_model import tiny_tokenizer

MESSAGES = (("system", "Answer."), ("user", "When?"))


def test_by_template():
    tokenizer = tiny_tokenizer()
    prompt = prompt_text(tokenizer, MESSAGES)
    assert prompt == "<|im_start|>system\nAnswer.<|im_end|>\n<|im_start|>user\nWhen?<|im_end|>\n<|im_start|>assistant\n"
    assert full_text(tokenizer, MESSAGES, "Now.") == prompt + "Now.<|im_end|>\n"


def test_without_template():
    tokenizer = tiny_tokenizer(template=False)
    assert prompt_text(tokenizer, MESSAGES) == "system: Answer.\nuser: When?\nassistant:"
    assert full_text(tokenizer, MESSAGES, "Now.").endswith("assistant: Now.<|im_end|>")


def test_marks_are_single_tokens():
    assert token_ids(tiny_tokenizer(), "<|im_start|><|im_end|>") == [1, 2]
