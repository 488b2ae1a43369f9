import json

from raftune.artifact import Artifact, in_memory
from raftune.judging.told import JUDGED, judge_facts, judged_by
from raftune.records import Score


def test_what_the_judge_left_is_read_where_there_was_one(tmp_path):
    (tmp_path / "files").mkdir()
    grades = Artifact("grade", "d", 0, Score, tmp_path, ())
    assert judged_by(grades) == judged_by(in_memory("grade", Score, [])) == {}
    grades.file(JUDGED).write_text(json.dumps({"judge": "m", "requests": 9, "answers": 2}), encoding="utf-8")
    assert judge_facts(judged_by(grades)) == (("judge", "m"), ("judge_requests", "4.5"))
    assert judge_facts({}) == ()
