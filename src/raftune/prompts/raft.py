"""The one prompt object: it renders what the student reads and writes, in training, evaluation and serving.

Input: instructions, `<DOCUMENT>` blocks in order, the question last. Output: reasoning with
`##begin_quote## ... ##end_quote##`, then `<ANSWER>: ...` (RAFT, arXiv 2403.10131, figure 3).
"""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from raftune.digest import Json
from raftune.prompts import prompt_text
from raftune.records import Example, Language

BEGIN, END, ANSWER = "##begin_quote##", "##end_quote##", "<ANSWER>:"
QUOTE = re.compile(
    r"#{1,3}\s*begin_quote\s*#{1,3}(.*?)(?:#{1,3}\s*end_quote\s*#{1,3}|(?=<ANSWER>)|$)", re.DOTALL | re.IGNORECASE
)
FINAL = re.compile(r"<\s*ANSWER\s*>\s*:?", re.IGNORECASE)
# The format's own marks, and what chat templates use as control tokens (<|im_end|>).
MARKS = re.compile(
    r"#{1,3}\s*(?:begin|end)_quote\s*#{1,3}|</?DOCUMENT>|<\s*ANSWER\s*>\s*:?|<\|[^|<>]{1,40}\|>", re.IGNORECASE
)


class RaftPrompt(BaseModel):
    """The instructions, by language, and how documents, question and target text are laid out.

    `closed_book` are those for questions without documents; models saved without them get the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instructions: dict[Language, str]
    abstention: dict[Language, str]
    closed_book: dict[Language, str] = {}

    def messages(self, documents: Sequence[str], question: str, language: Language) -> tuple[tuple[str, str], ...]:
        """(role, text) pairs. Marks inside a document are taken out, so that it cannot pose as prompt or answer."""
        blocks = "".join(f"<DOCUMENT>\n{remove_marks(text)}\n</DOCUMENT>\n" for text in documents)
        label = {"en": "Question", "ko": "질문"}[language]
        told = self.instructions[language]
        if not documents:
            told = self.closed_book.get(language, told)
        return (("system", told), ("user", f"{blocks}{label}: {question}"))

    def of_example(self, example: Example) -> tuple[tuple[str, str], ...]:
        """The messages of an example."""
        return self.messages([document.text for document in example.documents], example.text, example.language)

    def target(self, example: Example) -> str:
        """What the student should write: quotes, reasoning, answer; without quotes where there is no oracle."""
        quotes = " ".join(f"{BEGIN}{quote.text}{END}" for quote in example.quotes)
        return "\n".join(part for part in (quotes, example.reasoning, f"{ANSWER} {example.final}") if part)

    def is_abstention(self, text: str) -> bool:
        """Whether an answer says that the documents do not hold it."""
        plain = squeeze(text)
        return any(squeeze(sentence) in plain for sentence in self.abstention.values())


def squeeze(text: str) -> str:
    """Lower-case letters and digits only."""
    return re.sub(r"[\W_]+", "", text.lower())


def default_prompt() -> RaftPrompt:
    """The prompt made from the texts in this folder."""
    languages: tuple[Language, ...] = ("en", "ko")
    return RaftPrompt(
        instructions={language: prompt_text("raft", language) for language in languages},
        abstention={language: prompt_text("abstain", language) for language in languages},
        closed_book={language: prompt_text("dsf", language) for language in languages},
    )


def prompt_from(saved: Json) -> RaftPrompt:
    """The prompt that was saved with a model."""
    return RaftPrompt.model_validate(saved)


def quotes_in(reply: str) -> tuple[str, ...]:
    """The texts between quote marks, white space trimmed; a quote whose end mark is missing counts up to the answer."""
    return tuple(text.strip() for text in QUOTE.findall(reply) if text.strip())


def final_answer(reply: str) -> str | None:
    """What follows the last `<ANSWER>:` mark, without marks; None where there is no mark."""
    marks = list(FINAL.finditer(reply))
    return without_marks(reply[marks[-1].end() :]) if marks else None


def reasoning_of(reply: str) -> str:
    """What stands before the last `<ANSWER>:` mark, marks included."""
    marks = list(FINAL.finditer(reply))
    return reply[: marks[-1].start()].strip() if marks else reply.strip()


def without_marks(text: str) -> str:
    """Text for a reader: no marks of the format, white space trimmed."""
    return remove_marks(text).strip()


def remove_marks(text: str) -> str:
    """Text without marks; taking one out must not put another together, so this goes on until none is left."""
    while (cleaned := MARKS.sub("", text)) != text:
        text = cleaned
    return text
