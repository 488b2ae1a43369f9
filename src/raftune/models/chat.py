"""Conversation -> text -> token ids, the same for training and answering."""

from collections.abc import Sequence
from typing import Any

Messages = Sequence[tuple[str, str]]


def prompt_text(tokenizer: Any, messages: Messages) -> str:
    """What the model reads before it answers: by the tokenizer's chat template, or "role: text" lines without one."""
    if tokenizer.chat_template is None:
        return "".join(f"{role}: {text}\n" for role, text in messages) + "assistant:"
    turns = [{"role": role, "content": text} for role, text in messages]
    return str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))


def full_text(tokenizer: Any, messages: Messages, answer: str) -> str:
    """Prompt and answer as one text, with the mark that ends a turn."""
    if tokenizer.chat_template is None:
        return f"{prompt_text(tokenizer, messages)} {answer}{tokenizer.eos_token or ''}"
    turns = [{"role": role, "content": text} for role, text in (*messages, ("assistant", answer))]
    return str(tokenizer.apply_chat_template(turns, tokenize=False))


def invocation_tokens(tokenizer: Any) -> tuple[int, ...]:
    """The tokens that open an answer: what a prompt has behind the last message."""
    text = prompt_text(tokenizer, [("user", "x")])
    if tokenizer.chat_template is None:
        return tuple(token_ids(tokenizer, text[text.rindex("assistant:") :]))
    asked = str(tokenizer.apply_chat_template([{"role": "user", "content": "x"}], tokenize=False))
    return tuple(token_ids(tokenizer, text[len(asked) :]))


def token_ids(tokenizer: Any, text: str) -> list[int]:
    """The ids of a rendered text; special tokens are those that stand in it."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
