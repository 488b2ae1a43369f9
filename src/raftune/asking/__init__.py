"""Questions by rule, without a model: one module a language, each with `ask(sentence, heading, passage)`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A question and its answer, which is a verbatim part of the sentence."""

    question: str
    answer: str
