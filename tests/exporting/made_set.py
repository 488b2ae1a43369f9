"""Examples by hypothesis, and an export of some."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from raftune.exporting.origin import Origin
from raftune.exporting.sets import Counting, Exported, Order, export_set
from raftune.exporting.snippets import Tuning
from raftune.models.tokens import estimated
from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Example, Language, Quote
from raftune.registry import load

FORMATS = ("chat", "completion", "sharegpt", "alpaca", "huggingface", "parquet")
TUNING = Tuning("org/student", 3, 16, 32.0, 5e-4, 0.1, 0.0, 1.0, 8, 0)
COUNTING = Counting("org/student", estimated, exact=False)
TEXTS = {
    "en": st.text("abcdefg hijk\n|<>\"'\\,=+ 019", min_size=1, max_size=40).filter(str.strip),
    "ko": st.text('가나다라마 바사아자차 카타파하"\n.', min_size=1, max_size=40).filter(str.strip),
}


def make_example(
    number: int = 0,
    split: Any = "train",
    draw: int = 0,
    documents: Sequence[str] = ("The fee is 7 coins.", "The ferry leaves at nine."),
    *,
    oracle: int | None = 0,
    question: str = "What is the fee?",
    final: str = "7 coins",
    language: Language = "en",
    source: str = "fees.md",
) -> Example:
    """An example that quotes the whole of its oracle."""
    shown = tuple(
        ContextDocument(chunk=f"c{number}-{place}", text=text, tier="oracle" if place == oracle else "near")
        for place, text in enumerate(documents)
    )
    quotes = ()
    if oracle is not None:
        text = documents[oracle].strip()
        quotes = (Quote(chunk=shown[oracle].chunk, start=0, end=len(text), text=text),)
    return Example(
        answer=f"a{number}",
        text=question,
        documents=shown,
        oracle=oracle,
        group=f"{split}-{number}",
        document_set=f"s{number}",
        source=source,
        split=split,
        behaviour="answer" if oracle is not None else "abstain",
        reasoning="",
        quotes=quotes,
        final=final,
        reference=final,
        language=language,
        draw=draw,
    )


@st.composite
def examples(draw: st.DrawFn, most: int = 12) -> list[Example]:
    """A few examples of any split and draw, English and Korean, with and without their oracle."""
    made = []
    for number in range(draw(st.integers(1, most))):
        language: Language = draw(st.sampled_from(("en", "ko")))
        split = draw(st.sampled_from(("train", "validation", "test")))
        documents = draw(st.lists(TEXTS[language], min_size=1, max_size=4))
        oracle = draw(st.none() | st.integers(0, len(documents) - 1))
        again = draw(st.integers(0, 2)) if split == "train" else 0
        question, final = draw(TEXTS[language]), draw(TEXTS[language])
        made.append(
            make_example(
                number,
                split,
                again,
                documents,
                oracle=oracle,
                question=question,
                final=final.strip(),
                language=language,
            )
        )
    return made


def exported(folder: Path, rows: Sequence[Example], form: str = "chat", **order: Any) -> Exported:
    """An export of rows of no project."""
    origin = Origin("harbour", 0, {"provider": "extractive", "model": "extractive"}, {}, {})
    return export_set(
        Order(form, **order), load("exporters", form), rows, default_prompt(), origin, COUNTING, TUNING, folder
    )


def texts_of(form: str, row: dict[str, Any]) -> tuple[str, str, str]:
    """System text, user text and what is learned, of a row of any format."""
    if form == "alpaca":
        return row["system"], row["instruction"], row["output"]
    if form == "sharegpt":
        turns = [(turn["from"], turn["value"]) for turn in row["conversations"]]
    elif form == "chat":
        turns = [(turn["role"], turn["content"]) for turn in row["messages"]]
    else:
        turns = [(turn["role"], turn["content"]) for turn in [*row["prompt"], *row["completion"]]]
    assert [role for role, _ in turns] in (["system", "user", "assistant"], ["system", "human", "gpt"])
    system, user, learned = (text for _, text in turns)
    return system, user, learned
