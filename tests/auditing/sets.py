"""A clean training set of a made-up harbour, in every form, for planting faults in it."""

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from raftune.audited import AuditOptions
from raftune.auditing import audit
from raftune.auditing.report import AuditReport
from raftune.drawing import split_of, uniform_positions, without_oracle
from raftune.exporters import alpaca, chat, completion, huggingface, sharegpt
from raftune.prompts import prompt_text
from raftune.prompts.raft import default_prompt
from raftune.records import ContextDocument, Example, Language, Quote, Split

Rows = list[dict[str, Any]]
CHUNKS, K, SHARE, SEED = 75, 4, 0.8, 7
EXPORTERS = {"chat": chat, "completion": completion, "sharegpt": sharegpt, "alpaca": alpaca, "columns": huggingface}

PIECES: dict[str, tuple[str, str, str]] = {
    "en": (
        "Bel Cor Dun Fal Gar Hel Kin Lor Mos Nar Ost",
        "mar vik ton dal res lund sund",
        "North Old Upper Saint Long",
    ),
    "ko": (
        "가람 나래 다솔 라온 마루 바론 새론 아라 자운 차담 하늘",
        "항 포 진 만 도 섬 곶",
        "북쪽 옛날 위쪽 거룩한 기다란",
    ),
}


def name_of(number: int) -> str:
    """A name of three words, of which two chunks share one at most."""
    first, second, third = (pieces.split() for pieces in PIECES[language_of(number)])
    unlike = f"{first[(2 * number + 1) % 11]}{second[(3 * number + 2) % 7]}{third[0][-1]}"
    return f"{third[number % 5]} {first[number % 11]}{second[number % 7]} {unlike}"


FACTS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "en": (
        (
            "The pilot of {0} boards every tanker {1} miles before the lighthouse.",
            "How far before the lighthouse does the pilot of {0} board tankers?",
            "{1} miles",
            "Boarding happens {1} miles out.",
        ),
        (
            "In {0} the quay master keeps {1} spare lanterns for stormy nights.",
            "How many spare lanterns does the quay master keep in {0}?",
            "{1} spare lanterns",
            "The master keeps {1} of them.",
        ),
        (
            "A fishing licence issued at {0} costs {1} crowns a season.",
            "What does a fishing licence issued at {0} cost?",
            "{1} crowns a season",
            "The price is {1} crowns.",
        ),
        (
            "Cargo left in the sheds of {0} is auctioned after {1} days.",
            "After how many days is cargo left in the sheds of {0} auctioned?",
            "{1} days",
            "An auction follows after {1} days.",
        ),
    ),
    "ko": (
        (
            "{0}의 도선사는 등대에서 {1}마일 떨어진 곳에서 승선한다.",
            "{0}의 도선사는 등대에서 얼마나 떨어진 곳에서 승선합니까?",
            "{1}마일",
            "승선 지점은 {1}마일 밖이다.",
        ),
        (
            "{0}의 부두 관리인은 예비 등불 {1}개를 보관한다.",
            "{0}의 부두 관리인은 예비 등불을 몇 개나 보관합니까?",
            "{1}개",
            "관리인은 {1}개를 둔다.",
        ),
        (
            "{0}에서 발급하는 어업 면허는 한 철에 {1}냥이다.",
            "{0}에서 발급하는 어업 면허의 값은 얼마입니까?",
            "{1}냥",
            "값은 {1}냥이다.",
        ),
        (
            "{0} 창고에 남은 화물은 {1}일이 지나면 경매한다.",
            "{0} 창고에 남은 화물은 며칠이 지나면 경매합니까?",
            "{1}일",
            "경매는 {1}일 뒤이다.",
        ),
    ),
}


def language_of(number: int) -> Language:
    return "ko" if number % 5 > 2 else "en"


def facts_of(number: int) -> list[tuple[str, str, str, str]]:
    """Sentence, question, answer and reasoning of each fact of a chunk."""
    language, name = language_of(number), name_of(number)
    return [
        tuple(text.format(name, 11 + 13 * number + 7 * place + 1000 * place) for text in fact)  # type: ignore[misc]
        for place, fact in enumerate(FACTS[language])
    ]


def chunk_of(number: int) -> str:
    return " ".join(fact[0] for fact in facts_of(number))


def examples() -> list[Example]:
    """Four questions a chunk; shares, places and splits are drawn by the project's own rules."""
    splits: dict[int, Split] = {n: split_of(f"chunk {n}", SEED, 0.15, 0.15) for n in range(CHUNKS)}
    made: list[Example] = []
    for split in ("train", "validation", "test"):
        numbers = [n for n in range(CHUNKS) if splits[n] == split]
        generator = random.Random(f"{SEED} {split}")
        items = {str(n): [(n, place) for place in range(4)] for n in numbers}
        hidden = set(without_oracle(items, SHARE, generator))
        places = uniform_positions(len(numbers), K + 1, generator)
        for n, place in zip(numbers, places, strict=True):
            pool = [m for m in numbers if m != n]
            drawn = generator.sample(pool, K + 1)
            made += [example_of(n, fact, drawn, place, split, shown=(n, fact) not in hidden) for fact in range(4)]
    return made


def example_of(number: int, fact: int, drawn: list[int], place: int, split: Split, *, shown: bool) -> Example:
    sentence, question, final, reasoning = facts_of(number)[fact]
    others = drawn[:K] if shown else drawn
    order = [*others[:place], number, *others[place:]] if shown else others
    start = chunk_of(number).index(sentence)
    quote = Quote(chunk=f"chunk {number}", start=start, end=start + len(sentence), text=sentence)
    language = language_of(number)
    return Example(
        answer=f"{number}-{fact}",
        text=question,
        documents=tuple(ContextDocument(chunk=f"chunk {n}", text=chunk_of(n)) for n in order),
        oracle=place if shown else None,
        group=f"chunk {number}",
        document_set="-".join(map(str, order)),
        source="harbour.md",
        split=split,
        behaviour="answer" if shown else "abstain",
        reasoning=reasoning if shown else "",
        quotes=(quote,) if shown else (),
        final=final if shown else prompt_text("abstain", language),
        reference=final,
        language=language,
    )


def stored() -> Rows:
    """As the stage assemble stores them."""
    return [example.to_row() for example in examples()]


def exported(form: str) -> dict[str, Rows]:
    """As an exporter writes them, by split."""
    rows: dict[str, Rows] = {}
    for example in examples():
        rows.setdefault(example.split, []).append(EXPORTERS[form].plug.row(example, default_prompt()))
    return rows


def gorilla() -> dict[str, Rows]:
    """As raft.py writes them, by split."""
    rows: dict[str, Rows] = {}
    for number, example in enumerate(examples()):
        documents = [document.text for document in example.documents]
        asked = "".join(f"<DOCUMENT>{text}</DOCUMENT>\n" for text in documents) + example.text
        row = {
            "id": f"seed_task_{number}",
            "type": "general",
            "question": example.text,
            "context": {"title": [["placeholder_title"] * len(documents)], "sentences": [documents]},
            "oracle_context": chunk_of(int(example.answer.split("-")[0])),
            "cot_answer": default_prompt().target(example),
            "instruction": asked,
        }
        rows.setdefault(example.split, []).append(row)
    return rows


def azure() -> dict[str, Rows]:
    """As the Azure sample writes them: chat for training, raft.py's columns for testing."""
    rows = gorilla()
    rows["train"] = [as_chat(row) for row in rows["train"]]
    return rows


def as_chat(row: dict[str, Any]) -> dict[str, Any]:
    asked, replied = row["instruction"], row["cot_answer"]
    return {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": replied}]}


def write(path: Path, rows: Iterable[Any]) -> Path:
    """Rows as lines of JSON; a text is written as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def audited(folder: Path, rows: Rows | dict[str, Rows], **options: Any) -> AuditReport:
    """The audit of rows that tell their split, or of a file a split."""
    files = {"rows": rows} if isinstance(rows, list) else rows
    paths = [write(folder / f"{split}.jsonl", part) for split, part in files.items()]
    return audit(paths, AuditOptions(SHARE, 3), processes=1, **options)
