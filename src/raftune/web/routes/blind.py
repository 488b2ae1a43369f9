"""Blind grading: a test question with two replies, and nothing that tells which system wrote which."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from raftune.errors import ConfigError
from raftune.prompts.raft import without_marks
from raftune.report_records import Report, ReportRow
from raftune.web.blind_log import Choice, Grading, append_grading, digest_of_replies, gradings, in_order
from raftune.web.routes.results import latest
from raftune.web.visiting import TheVisit, Visit

router = APIRouter(prefix="/blind")
LOG = "gradings.jsonl"
Pair = tuple[ReportRow, tuple[str, str], tuple[str, str]]
"""A question, the systems in the order shown, and their replies."""


@router.get("")
def blind(visit: TheVisit, after: str = "") -> Response:
    """The next pair that this reviewer has not graded; with `after`, one behind that question."""
    return show(visit, after)


@router.post("/{example}")
def grade(visit: TheVisit, example: str, choice: Annotated[Choice, Form()]) -> Response:
    """Puts a choice into the log and shows the next pair."""
    found = next((one for one in pairs(latest(visit.project)) if one[0].example == example), None)
    if found is None:
        raise ConfigError(visit.words["blind"]["gone"], visit.words["refused"]["back"])
    _, systems, texts = found
    made = Grading(example, *systems, choice, visit.who, visit.now, digest_of_replies(texts))
    append_grading(visit.project.folder / LOG, made)
    return show(visit, example)


def pairs(report: Report | None) -> list[Pair]:
    """The questions to which both systems of a report replied something different.

    The marks of the format are taken out: they would tell who was trained to write them.
    """
    if report is None or report.base == report.tuned:
        return []
    found = []
    for row in report.rows:
        replies = {reply.system: without_marks(reply.text) for reply in row.replies}
        systems = in_order(row.example, (report.base, report.tuned))
        if all(one in replies for one in systems) and replies[systems[0]] != replies[systems[1]]:
            found.append((row, systems, (replies[systems[0]], replies[systems[1]])))
    return found


def show(visit: Visit, after: str) -> Response:
    """The page, or the part of it that changes."""
    all_pairs = pairs(latest(visit.project))
    known = gradings(visit.project.folder / LOG)
    mine = {(one.example, one.replies) for one in known if one.who == visit.session.who}
    left = [one for one in all_pairs if (one[0].example, digest_of_replies(one[2])) not in mine]
    names = [one[0].example for one in left]
    place = names.index(after) + 1 if after in names else 0
    pair = next(iter(left[place:] or left), None)
    tally: dict[str, int] = {}
    for one in known:
        tally[one.winner or one.choice] = tally.get(one.winner or one.choice, 0) + 1
    values: dict[str, Any] = {
        "pair": pair,
        "done": len(all_pairs) - len(left),
        "total": len(all_pairs),
        "tally": {} if left else tally,
        "missing_name": not visit.session.who,
    }
    return visit.page("blind_pair" if visit.partial else "blind", here="review", **values)
