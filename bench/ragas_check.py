"""Our judged metrics beside those of RAGAS, on 50 answers and by one judge: a script, so only rules can differ.

python bench/ragas_check.py [--data FOLDER] [--python PYTHON] [--json]

PYTHON is an interpreter that has ragas; without one an environment with the extra [ragas] is made, in about a minute,
and kept in the user's cache. Questions are PubMedQA's and Korean ones; answers are right, partly right, wrong, long,
evasive, empty or abstain, and to some the script replies as bad judges do. The script knows the prompts of both sides,
and says the same about the same texts: it splits at full stops, and a statement is supported where the text holds it.

`ragas_compared`: pairs of a row and a metric where RAGAS has a value; `ragas_disagreements`: those of them that differ
from ours, or where we have none; `ragas_causes`: why; `ragas_unexplained`: those left without a reason in the row or in
the judge's replies; `ragas_sound_disagreements`: by cause, those where RAGAS's own definition supports its value.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import venv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from raftune.contracts import ChatReply, ChatRequest
from raftune.digest import Json
from raftune.embedders.hashed import plug as hashed
from raftune.judging.agreement import Pair, agreements, paired
from raftune.judging.grader import GRADED, Graded, Grader
from raftune.judging.ragas_process import Theirs, score_by_ragas
from raftune.stage import Judge

ROOT = Path(__file__).parents[1]
CACHE = Path.home() / ".cache" / "raftune" / "ragas-0.4.3"
ENGLISH, KOREAN = 38, 12
EVASIVE = {"en": "It depends on many things.", "ko": "경우에 따라 다릅니다."}
ABSTAINS = {"en": "The documents do not hold the answer.", "ko": "문서에 답이 없습니다."}
INVENTED = {"en": "The result was 4711 in every group.", "ko": "그 값은 모두 4711이었습니다."}


class Script:
    """A judge for both: splits at full stops, looks for statements in texts, and on some answers misbehaves."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults

    async def complete(self, request: ChatRequest) -> ChatReply:
        """A reply in the form that the request wants, spoiled by the fault of the answer that it is about."""
        prompt = request.messages[-1].content
        kind, content, about = theirs(prompt, request) if len(request.messages) == 1 else ours(prompt, request)
        text, ending = spoiled(self.fault(about), kind, content)
        return ChatReply(text=text, finish_reason=ending, prompt_tokens=1, completion_tokens=1)

    def fault(self, about: str) -> str:
        """The fault that belongs to the answer a request is about."""
        return next((fault for answer, fault in self.faults.items() if sentences(answer)[0] in about), "")


def ours(prompt: str, request: ChatRequest) -> tuple[str, Json, str]:
    """The kind of one of our requests, an honest reply, and the answer that it is about."""
    parts = dict(re.findall(r"<(\w+)>\n(.*?)\n</\1>", prompt, re.DOTALL))
    names = (request.reply_schema or {})["properties"]
    answer = parts.get("ANSWER", "")
    if "claims" in names:
        return "claims", {"claims": sentences(answer)}, answer
    if "questions" in names:
        evasive = "yes" if answer in EVASIVE.values() else "no"
        return "questions", {"questions": [question(answer, n) for n in range(3)], "evasive": evasive}, answer
    if "STATEMENTS" in parts:
        return "verdicts", verdicts(parts["STATEMENTS"], parts["TEXT"]), parts["STATEMENTS"]
    own, wanted = parts["FROM_ANSWER"], parts["FROM_REFERENCE"]
    return "verdicts", verdicts(own, parts["REFERENCE"]) | verdicts(wanted, answer), answer


def theirs(prompt: str, request: ChatRequest) -> tuple[str, Json, str]:
    """The same of one of RAGAS's requests."""
    given = json.loads(prompt.rpartition("\ninput: ")[2].rpartition("\nOutput:")[0])
    names = (request.reply_schema or {})["properties"]
    if "question" in names:
        answer = given["response"]
        content = {"question": question(answer, request.seed), "noncommittal": int(answer in EVASIVE.values())}
        return "questions", content, answer
    if "TP" in names:
        answer, reference = " ".join(given["answer"]), " ".join(given["ground_truth"])
        true = [one for one in given["answer"] if supported(one, reference)]
        false = [one for one in given["answer"] if one not in true]
        missing = [one for one in given["ground_truth"] if not supported(one, answer)]
        groups = {"TP": true, "FP": false, "FN": missing}
        return (
            "verdicts",
            {name: [{"statement": one, "reason": ""} for one in some] for name, some in groups.items()},
            answer,
        )
    if "context" in given:
        judged = [
            {"statement": one, "reason": "", "verdict": int(supported(one, given["context"]))}
            for one in given["statements"]
        ]
        return "verdicts", {"statements": judged}, " ".join(given["statements"])
    return "claims", {"statements": sentences(given["answer"])}, given["answer"]


def spoiled(fault: str, kind: str, content: Json) -> tuple[str, str]:
    """The text and the ending of a reply as a bad judge gives it."""
    text, ending = json.dumps(content, ensure_ascii=False), "stop"
    if fault == "no statements" and kind == "claims":
        text = json.dumps({name: [] for name in content})
    elif fault == "too few verdicts" and kind == "verdicts":
        text = json.dumps(fewer(content))
    elif fault == "prose" and kind == "verdicts":
        text = "All of that looks right to me."
    elif fault == "yes for 1" and kind == "verdicts":
        text = text.replace('"verdict": 1', '"verdict": "yes"').replace('"verdict": 0', '"verdict": "no"')
    elif fault == "cut off" and kind == "verdicts":
        text, ending = text[: len(text) // 2], "length"
    elif fault == "fenced":
        text = f"```json\n{text}\n```"
    elif fault == "thinks first":
        text = f"<think>Is {{this}} right? [1]</think>\n{text}"
    return text, ending


def fewer(content: Json) -> Json:
    """Verdicts without the last one."""
    if "statements" in content:
        return {"statements": content["statements"][:-1]}
    if "TP" in content:
        last = next(name for name in ("FP", "TP", "FN") if content[name])
        return content | {last: content[last][:-1]}
    return dict(list(content.items())[:-1])


def sentences(text: str) -> list[str]:
    """A text split at full stops."""
    return [piece for piece in re.split(r"(?<=[.!?])\s+", text.strip()) if piece]


def supported(statement: str, text: str) -> bool:
    """Whether a text holds a statement, whatever its white space."""
    return " ".join(statement.split()).rstrip(".") in " ".join(text.split())


def verdicts(lines: str, text: str) -> dict[str, str]:
    """Yes or no for each numbered statement."""
    numbered = (line.split(": ", 1) for line in lines.splitlines())
    return {name: "yes" if supported(statement, text) else "no" for name, statement in numbered}


def question(answer: str, number: int) -> str:
    """A question that an answer might answer; another one for each number."""
    words = answer.split()
    first = number % 3 * len(words) // 3
    return f"What about {' '.join(words[first : first + 6])}?"


Maker = Callable[[Graded, Graded], str]
KINDS: tuple[Maker, ...] = (
    lambda one, _: one.reference,
    lambda one, _: " ".join(sentences(one.reference)[:1]),
    lambda one, _: f"{one.reference} {sentences(one.documents[0])[0]}",
    lambda one, _: f"{one.reference} {INVENTED[one.language]}",
    lambda _, other: other.reference,
    lambda one, _: " ".join([*sentences(one.documents[0])[:3], INVENTED[one.language]]),
)
FAULTS = ("no statements", "too few verdicts", "prose", "yes for 1", "cut off", "fenced", "thinks first")


def rows(data: Path) -> tuple[list[Graded], dict[str, str]]:
    """50 answers, and the faults of the judge by answer."""
    asked = [*english(data, ENGLISH), *korean(data, KOREAN)]
    cases, faults = [], {}
    for number, one in enumerate(asked):
        answer = KINDS[number % len(KINDS)](one, asked[number - 1])
        cases.append(replace(one, answer=answer))
    for place, fault in enumerate(FAULTS):
        at = 2 + 5 * place
        cases[at] = replace(cases[at], answer=f"Case {place} is told apart. {cases[at].answer}")
        faults[cases[at].answer] = fault
    for at, changes in ((1, EVASIVE), (8, ABSTAINS), (ENGLISH + 1, EVASIVE), (ENGLISH + 2, ABSTAINS)):
        language = cases[at].language
        cases[at] = replace(cases[at], answer=changes[language], abstains=changes is ABSTAINS)
    cases[13], cases[19] = replace(cases[13], answer=""), replace(cases[19], documents=())
    return cases, faults


def english(data: Path, count: int) -> list[Graded]:
    """Questions of PubMedQA with their abstracts."""
    items = lines(data / "pubmedqa" / "train.jsonl")[:count]
    return [
        Graded(item["question"], "", item["long_answer"], tuple(part["text"] for part in item["contexts"]), "en")
        for item in items
    ]


def korean(data: Path, count: int) -> list[Graded]:
    """Korean questions with the pages that answer them."""
    folder = data / "korean_rag"
    pages = {page["id"]: page["text"] for page in lines(folder / "pages.jsonl")}
    items = lines(folder / "dev.jsonl")[:count]
    return [
        Graded(item["question"], "", item["answer"], tuple(pages[name] for name in item["gold_pages"]), "ko")
        for item in items
    ]


def lines(path: Path) -> list[Any]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def environment() -> str:
    """The interpreter of an environment that has ragas, made where there is none."""
    python = CACHE / "bin" / "python"
    if not (CACHE / "made").exists():
        venv.create(CACHE, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{ROOT}[ragas]"], check=True, stdout=sys.stderr)
        (CACHE / "made").touch()
    return str(python)


def compared(data: Path, python: str) -> tuple[list[Pair], dict[str, Any]]:
    """All pairs of rows and metrics, and the figures."""
    cases, faults = rows(data)
    judge, embedder = Judge("script", Script(faults), 8), hashed(0)

    async def both() -> tuple[list[Any], Any, int]:
        grader = Grader(judge, embedder)
        mine = [await grader.grade(case) for case in cases]
        return mine, await score_by_ragas(python, cases, GRADED, judge, {"en": embedder, "ko": embedder}), grader.calls

    mine, others, calls = asyncio.run(both())
    pairs = paired(cases, mine, others.outcomes)
    differing = [pair for pair in pairs if pair.theirs.value is not None and pair.cause]
    return pairs, {
        "ragas_version": others.version,
        "ragas_rows": len(cases),
        "ragas_compared": sum(pair.theirs.value is not None for pair in pairs),
        "ragas_disagreements": len(differing),
        "ragas_causes": dict(Counter(pair.cause for pair in differing)),
        "ragas_unexplained": sum(pair.cause == "judge said otherwise" for pair in pairs),
        "ragas_sound": sum(pair.sound for pair in pairs),
        "ragas_sound_disagreements": dict(Counter(pair.cause for pair in differing if pair.sound)),
        "ragas_without_value": sum(pair.theirs.value is None for pair in pairs),
        "ragas_correlation": {one.metric: one.correlation for one in agreements(pairs)},
        "ragas_calls_per_answer": median(calls_of(outcomes) for outcomes in others.outcomes),
        "ragas_requests": others.requests,
        "our_requests": calls,
    }


def calls_of(outcomes: dict[str, Theirs]) -> int:
    """How many replies of the judge went into RAGAS's values for a row."""
    return sum(len(one.replies) for one in outcomes.values())


def listed(pairs: Sequence[Pair]) -> list[str]:
    """A line for each pair that differs, and each without a value of RAGAS."""
    return [
        f"{pair.cause:<20} {pair.metric:<19} ours {shown(pair.ours.value, pair.ours.state):<14} "
        f"RAGAS {shown(pair.theirs.value, 'none')} {pair.theirs.note[:60]} | {pair.case.answer[:50]!r}"
        for pair in pairs
        if pair.cause
    ]


def shown(value: float | None, state: str) -> str:
    """A value in few digits, or what there is in its place."""
    return state if value is None else f"{value:.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--python", default="", help="an interpreter that has ragas")
    parser.add_argument("--json", action="store_true", help="print the object on one line, and nothing else")
    arguments = parser.parse_args()
    pairs, figures = compared(arguments.data, arguments.python or environment())
    if not arguments.json:
        print("\n".join(listed(pairs)))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
