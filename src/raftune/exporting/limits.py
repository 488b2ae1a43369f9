"""What a reader of the card has to know before trusting or passing on the set, as names of sentences."""

from typing import Any

from raftune.exporting.tally import Tally

FEW = 100


def limits_of(tally: Tally, origin: dict[str, Any]) -> list[str]:
    """The names of the sentences that hold, in order."""
    rules = origin["teacher"].get("provider") == "extractive"
    memorised = sum(counts["memorise"] for counts in tally.behaviours.values())
    holds = {
        "rules": rules,
        "teacher": not rules,
        "review": not origin["reviewed"],
        "licence": any(not source["licence"] for source in origin["sources"]),
        "small": 0 < tally.rows["train"] < FEW,
        "untested": not tally.rows["test"],
        "memory": bool(memorised)
        and any(counts["abstain"] or counts["answer"] for counts in tally.behaviours.values()),
        "personal": True,
    }
    return [name for name, true in holds.items() if true]
