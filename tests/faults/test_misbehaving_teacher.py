"""A teacher that misbehaves in every known way, through ask -> answer -> verify -> review -> assemble -> audit."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from raftune.artifact import in_memory
from raftune.auditing import audit
from raftune.contracts import ChatReply, ChatRequest
from raftune.records import Chunk, Decision
from raftune.registry import load
from raftune.stage import Teacher
from raftune.stages.answer import AnswerConfig, answer
from raftune.stages.ask import AskConfig, ask
from raftune.stages.assemble import AssembleConfig, assemble
from raftune.stages.review import ReviewConfig, review
from raftune.stages.verify import VerifyConfig, verify
from tests.support import make_chunk, make_tools, rows_of

PLACES = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok", "Larch", "Maple",
    "Nutmeg", "Oak", "Pine", "Quince", "Rowan", "Spruce", "Teak", "Upas", "Viburnum", "Willow", "Yew",
)  # fmt: skip
Item = dict[str, Any]
Change = Callable[[list[Item]], str]


def text_of(place: str, number: int) -> str:
    """Three facts, and so many words of its own that no place's text is a copy of another's."""
    chance = random.Random(number)
    words = ("".join(chance.choices(("ba", "ko", "li", "mu", "ne", "ra", "so", "ti"), k=4)) for _ in range(70))
    return (
        f"The harbour office of {place} inspected {number + 20} ships in the spring of 2021 and found them safe. "
        f"Pilots at {place} renew a licence every {number + 2} months unless they have left the country before. "
        f"A lorry on the {place} ferry pays {number + 300} dollars for a crossing of the bay, more than anywhere else. "
        f"Old families of {place} bear such names as {' and '.join(words)}."
    )


def items_about(place: str, number: int) -> list[Item]:
    rows = [
        (f"How many ships were inspected at {place}?", f"{number + 20} ships"),
        (f"How often do {place} pilots renew?", f"every {number + 2} months"),
        (f"What must lorries pay at {place}?", f"{number + 300} dollars"),
    ]
    lines = text_of(place, number).replace(". ", ".\n").split("\n")
    return [
        {"kind": "number", "quotes": [line], "question": question, "answer": final, "text": lines[line - 1]}
        for line, (question, final) in enumerate(rows, 1)
    ]


def changed(**fields: Callable[[Item], Any]) -> Change:
    return lambda items: json.dumps(
        {"items": [item | {name: make(item) for name, make in fields.items() if name in item} for item in items]},
        ensure_ascii=False,
    )


def sound(items: list[Item]) -> str:
    return json.dumps({"items": items})


FAULTS: dict[str, tuple[Change, set[str]]] = {
    "sound": (sound, set()),
    "prose around it": (lambda items: f"Sure! Here are [3] items:\n```json\n{sound(items)}\n```\nDone.", set()),
    "a thought before it": (lambda items: f"<think>{{hm}}</think>{sound(items)}", set()),
    "wrong JSON": (lambda _: '{"items": "How many?', {"no JSON"}),
    "wrong shape": (lambda _: '{"result": {"n": 1}, "ok": true}', {"wrong shape"}),
    "items that are none": (
        lambda _: '{"items": [1, {"question": ["x"]}, {"question": ""}]}',
        {"wrong shape", "not written"},
    ),
    "invented quotes": (changed(quotes=lambda _: ["Seagulls are fond of chips and ice."]), {"quote not found"}),
    "paraphrased quotes": (
        changed(quotes=lambda item: [" ".join(reversed(item["text"].split()))]),
        {"quote not found"},
    ),
    "nearly quoted": (changed(quotes=lambda item: [item["text"].replace("The ", "One ", 1).rstrip(".")]), set()),
    "repeated questions": (changed(question=lambda _: "What is renewed by the pilots?"), {"duplicate"}),
    "according to the passage": (
        changed(question=lambda item: f"According to the passage, {item['question'].lower()}"),
        {"stands_alone"},
    ),
    "prompt echo": (
        changed(answer=lambda item: f"The shortest complete answer: {item['answer']}"),
        {"supported", "prompt_echo"},
    ),
    "refusal": (lambda _: "I'm sorry, but I cannot help with this.", {"refusal"}),
    "empty": (lambda _: "  ", {"empty reply"}),
    "Korean for English": (changed(question=lambda _: "항만에서 점검한 배는 모두 몇 척입니까?"), {"language"}),
    "cut off": (sound, {"cut off"}),
    "too few": (lambda items: sound(items[:1]), {"not written"}),
    "too many": (lambda items: sound([*items, items[0]]), {"not asked for"}),
}  # fmt: skip
QUOTING = {"invented quotes", "paraphrased quotes"}
CHUNKS = [make_chunk(text_of(place, number), number) for number, place in enumerate(PLACES)]
FAULT_OF = {place: list(FAULTS)[number % len(FAULTS)] for number, place in enumerate(PLACES)}


class Misbehaving:
    """Answers about each place with its fault; "separate" answers have the faults of answers only."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        if "answer_1" in (request.reply_schema or {}).get("properties", {}):
            return ChatReply(text="Yes.", finish_reason="stop", prompt_tokens=1, completion_tokens=1)
        place = next(place for place in PLACES if place in request.messages[1].content)
        text = self.reply(request, place)
        ending = "length" if FAULT_OF[place] == "cut off" else "stop"
        return ChatReply(text=text, finish_reason=ending, prompt_tokens=1, completion_tokens=1)

    def reply(self, request: ChatRequest, place: str) -> str:
        items, change = items_about(place, PLACES.index(place)), FAULTS[FAULT_OF[place]][0]
        properties = (request.reply_schema or {}).get("properties", {})
        asked = re.search(r"^question: (.*)$", request.messages[1].content, re.MULTILINE)
        if "quotes" in properties and asked:
            wanted = [item for item in items if item["question"] == asked.group(1)] or items[:1]
            return (
                json.dumps(json.loads(change(wanted))["items"][0]) if FAULT_OF[place] in QUOTING else sound_item(wanted)
            )
        text = change(items)
        return text.replace('"items"', '"sentences"') if "items" in properties else by_sentence(text)


def sound_item(items: list[Item]) -> str:
    return json.dumps(items[0])


def by_sentence(text: str) -> str:
    """A reply of the recipe sentences from one of the recipe passages, where it has items."""
    start, end = text.find('{"items": ['), text.rfind("}") + 1
    try:
        items = json.loads(text[start:end])["items"]
    except ValueError:
        return text
    named = {f"sentence_{number}": item for number, item in enumerate(items, 1)}
    return text[:start] + json.dumps(named, ensure_ascii=False) + text[end:]


class Plugs:
    def __init__(self, recipe: str, mode: str) -> None:
        self.recipe, self.mode = recipe, mode

    def teacher(self) -> Teacher:
        return Teacher(
            "misbehaving", Misbehaving(), 3, reasoning=False, recipe=self.recipe, mode=self.mode, kinds={"number": 1.0}
        )

    judge = teacher

    def gates(self, stage: str, names: Any) -> list[Any]:
        return [load("gates", name)() for name in names]

    def verifiers(self, names: Any) -> list[Any]:
        return [load("verifiers", name)() for name in names]

    def retriever(self, name: str, language: str) -> Any:
        return load("retrievers", name)()


class Run:
    """Runs one stage after the other and keeps the rejects of each."""

    def __init__(self, folder: Path, recipe: str, mode: str) -> None:
        self.folder, self.plugs = folder, Plugs(recipe, mode)
        self.rejects: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, stage: Any, config: Any, *inputs: Any) -> Any:
        tools = make_tools(self.folder / stage.name, self.plugs)
        rows = rows_of(stage, tools, config, *inputs)
        path = self.folder / stage.name / "draft" / "rejects.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.rejects[stage.name] = [json.loads(line) for line in lines]
        return in_memory(stage.name, stage.row_type, rows)


WAYS = [("sentences", "combined"), ("passages", "combined"), ("passages", "separate")]


@pytest.mark.parametrize(("recipe", "mode"), WAYS)
def test_nothing_is_lost_and_every_fault_is_named(tmp_path: Path, recipe: str, mode: str) -> None:
    run = Run(tmp_path, recipe, mode)
    chunks = in_memory("chunk", Chunk, CHUNKS)
    questions = run(ask, AskConfig(), chunks)
    answers = run(answer, AnswerConfig(), questions, chunks)
    place_of = {chunk.id: place for chunk, place in zip(CHUNKS, PLACES, strict=True)}
    question_of = {question.id: question for question in questions}
    found: dict[str, set[str]] = {name: set() for name in FAULTS}
    counts: Counter[str] = Counter(question.chunk for question in questions)
    for row in run.rejects["ask"]:
        chunk = row["row"].split(":")[0]
        counts[chunk] += 1
        found[FAULT_OF[place_of[chunk]]].add(row["reason"])
    for row in run.rejects["answer"]:
        found[FAULT_OF[place_of[question_of[row["row"]].chunk]]].add(row["reason"])
    assert len(questions) == len(answers) + len(run.rejects["answer"])
    beyond = {"too many": 1} if recipe == "passages" else {}
    assert {place_of[chunk]: count for chunk, count in counts.items()} == {
        place: 3 + beyond.get(FAULT_OF[place], 0) for place in PLACES
    }
    for name, (_, reasons) in FAULTS.items():
        if named_by(name, recipe, mode):
            assert bool(found[name]) == bool(reasons), (name, found[name])
            assert found[name] <= reasons, name


def named_by(fault: str, recipe: str, mode: str) -> bool:
    """Whether a fault can occur there: the program itself quotes in one recipe, answers come later in one mode."""
    if recipe == "sentences":
        return fault not in QUOTING | {"too many", "items that are none"}
    return not (mode == "separate" and fault in {"prompt echo", "cut off"})


@pytest.mark.parametrize(("recipe", "mode"), WAYS)
def test_what_comes_out_passes_the_audit(tmp_path: Path, recipe: str, mode: str) -> None:
    run = Run(tmp_path, recipe, mode)
    chunks = in_memory("chunk", Chunk, CHUNKS)
    answers = run(answer, AnswerConfig(), run(ask, AskConfig(), chunks), chunks)
    verified = run(verify, VerifyConfig(), answers, chunks)
    assert all("unverified" in one.flags for one in verified)
    approved = run(review, ReviewConfig(), verified, in_memory("decisions", Decision, []), chunks)
    examples = run(assemble, AssembleConfig(distractors=2), approved, chunks)
    text_of_chunk = {chunk.id: chunk.text for chunk in CHUNKS}
    assert all(
        text_of_chunk[one.chunk][quote.start : quote.end] == quote.text for one in approved for quote in one.quotes
    )
    for split in ("train", "validation", "test"):
        rows = [json.dumps(row.to_row(), ensure_ascii=False) for row in examples if row.split == split]
        if rows:
            (tmp_path / f"{split}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = audit(sorted(tmp_path.glob("*.jsonl")), processes=1)
    assert report.rows == len(examples)
    assert report.rows + len(run.rejects["assemble"]) >= len(list(approved))
    assert not report.found(), report.found()
