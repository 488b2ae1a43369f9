"""What the card warns of."""

from typing import Any

from raftune.exporting.limits import limits_of
from raftune.exporting.tally import Tally
from tests.exporting.made_set import make_example


def warned(origin: dict[str, Any], **example: Any) -> set[str]:
    tally = Tally()
    tally.add(make_example(**example))
    return set(limits_of(tally, {"teacher": {}, "reviewed": True, "sources": [], **origin}))


def test_each_limit_is_said_where_it_holds() -> None:
    assert warned({}) == {"teacher", "small", "untested", "personal"}
    assert warned({}, split="test") == {"teacher", "personal"}
    assert "rules" in warned({"teacher": {"provider": "extractive"}})
    assert "review" in warned({"reviewed": False})
    assert "licence" in warned({"sources": [{"licence": "CC0"}, {"licence": ""}]})
