"""Where a project stands: what each stage made, what it has cost, and what it was expected to."""

from dataclasses import asdict

from raftune.api import Project, files
from raftune.digest import Json
from raftune.ledger import Ledger
from raftune.overview import as_json, totals_of
from raftune.remembering.spending import Spending


def status(project: Project) -> list[dict[str, Json]]:
    """For each stage: rows, rejects by reason and seconds of its latest artifact; None where it was not run.

    `spent` is what it has asked models for in all runs, `estimate` what was expected of its latest one.

    The row of ingest has `files` and `totals` too, once it was run.
    """
    rows: list[dict[str, Json]] = []
    spent = spent_by_stage(project)
    for stage in project.settings.stages:
        key = str(project.journal.last(stage.name).get("key", ""))
        found = project.store.find(stage.name, key, stage.row_type) if key else None
        rows.append(
            {
                "stage": stage.name,
                "rows": None if found is None else len(found),
                "rejected": {} if found is None else dict(found.rejected),
                "seconds": None if found is None else project.journal.seconds(stage.name, key),
                "spent": asdict(spent[stage.name]) if stage.name in spent else None,
                "estimate": project.journal.estimate(stage.name, key),
            }
        )
        if stage.name == "ingest" and found is not None:
            known = files(project)
            rows[-1] |= {"files": [as_json(file) for file in known], "totals": asdict(totals_of(known))}
    return rows


def spent_by_stage(project: Project) -> dict[str, Spending]:
    """What each stage has asked models for, in all runs."""
    if not project.ledger.exists():
        return {}
    ledger = Ledger(project.ledger)
    try:
        return ledger.spent()
    finally:
        ledger.close()
