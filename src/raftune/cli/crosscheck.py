"""raftune crosscheck: the judge's grades beside those of RAGAS."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raftune.cli.options import HERE, AsJson, Folder

if TYPE_CHECKING:
    from raftune.crosscheck import Checked
    from raftune.judging.agreement import Agreement

NAME, INDENT = 20, 4
WHY = {
    "empty answer": "an empty answer is 0 here; RAGAS scores a blank, or refuses",
    "abstention": "an answer that abstains is not split into claims here; RAGAS scores its words",
    "no documents": "nothing was shown, so faithfulness does not apply here",
    "no statements": "the judge found no statements: failed here, for RAGAS a full match",
    "verdicts missing": "a verdict is missing: RAGAS scores the rest, here it is asked for again, or failed",
    "no value from RAGAS": "RAGAS could not read the judge, or refuses the row",
    "no value from us": "the judge's reply to our prompt is incomplete or cannot be read",
    "evasive": "the judge calls it evasive in RAGAS's prompt, not in ours",
    "below zero": "a negative cosine is 0 here",
    "too many claims": "an answer has more claims than are looked at here",
    "repeated claims": "the judge wrote a claim twice; it counts once here",
    "judge said otherwise": "claims, verdicts or questions differ, since the prompts do",
}

Python = Annotated[str, typer.Option("--python", help="A Python that has ragas.", show_default="this one")]
Answers = Annotated[int, typer.Option("--answers", min=1, help="How many graded answers are taken.")]


def crosscheck(
    python: Python = sys.executable, answers: Answers = 50, project: Folder = HERE, as_json: AsJson = False
) -> None:
    """Set the judge's grades beside RAGAS's for the same answers, documents, judge and embedder.

    RAGAS needs a Python of its own: python -m venv ragas-env; ragas-env/bin/pip install "raftune[ragas]". It asks the
    judge up to 8 times an answer, through the ledger; it is given no key and opens no connection.
    """
    from raftune import api
    from raftune.cli.watch import Lines, quiet_progress
    from raftune.crosscheck import crosscheck as checked

    progress = quiet_progress if as_json else Lines(sys.stderr.write).started("crosscheck")
    found = checked(api.open_project(project), python, answers, progress)
    if as_json:
        typer.echo(json.dumps(facts(found), ensure_ascii=False))
        return
    for line in lines_of(found):
        typer.echo(line)


def facts(found: "Checked") -> dict[str, Any]:
    """All of it as one object: the metrics, and each pair that differs with its cause."""
    differing = [pair for pair in found.pairs if pair.cause]
    return {
        "ragas": found.version,
        "judge": found.judge,
        "answers": found.answers,
        "requests": found.requests,
        "new_requests": found.meter.usage.requests,
        "dollars": round(found.meter.dollars, 6),
        "metrics": [asdict(one) for one in found.agreements],
        "differences": [
            {
                "metric": pair.metric,
                "cause": pair.cause,
                "ours": pair.ours.value,
                "state": pair.ours.state,
                "ragas": pair.theirs.value,
                "note": pair.theirs.note,
                "question": pair.case.question,
                "answer": pair.case.answer,
            }
            for pair in differing
        ],
    }


def lines_of(found: "Checked") -> Iterator[str]:
    """A line for each metric, and below it one for each cause by which grades differ, in 80 columns."""
    from raftune.cli.layout import counted, harmless, wrapped
    from raftune.cli.run import spending

    yield from wrapped(
        harmless(f"RAGAS {found.version} beside our grades: {counted(found.answers, 'answer')}, judge {found.judge}."),
        0,
    )
    for one in found.agreements:
        yield line(one)
        for cause, count in sorted(one.causes.items(), key=lambda pair: (-pair[1], pair[0])):
            yield from wrapped(f"{cause}: {WHY[cause]}", 2 * INDENT, f"{count:>{INDENT + 2}}")
    yield spending(found.meter)


def line(one: "Agreement") -> str:
    """A metric in 80 columns."""
    same = f"{one.agreeing} of {one.compared} the same"
    correlation = "unknown" if one.correlation is None else f"{one.correlation:.3f}"
    return f"{one.metric:<{NAME}} {same:<18}  correlation {correlation}"
