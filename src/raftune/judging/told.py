"""judged.json: what the stage grade leaves about the judge, and what the report says of it."""

import json

from raftune.artifact import Artifact
from raftune.digest import Json
from raftune.records import Score

JUDGED = "judged.json"


def judged_by(grades: Artifact[Score]) -> dict[str, Json]:
    """Who judged, and what came of planted answers (judged.json); empty where nobody did."""
    if grades.folder is None or not grades.file(JUDGED).exists():
        return {}
    return dict(json.loads(grades.file(JUDGED).read_text(encoding="utf-8")))


def judge_facts(judged: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """The judge's name, and requests by answer."""
    if not judged:
        return ()
    return ("judge", judged["judge"]), ("judge_requests", f"{judged['requests'] / max(1, judged['answers']):.1f}")
