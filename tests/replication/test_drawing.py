import json
from xml.etree import ElementTree as ET

from raftune.replication.arms import TESTED, TRAINED, arms_of
from raftune.replication.drawing import height, pictures_of, write_pictures
from tests.replication.found import make_found, mean


def found_with_ablations():
    names = [name for arm in arms_of(["reasoning", "oracle-share", "distractors"]) for name in arm.systems]
    row = {"exact_match_lenient": mean(0.25), "format": mean(1.0)}
    return make_found(ablations={"systems": dict.fromkeys(("tuned", *names), row), "differences": [], "order": {}})


def test_a_picture_for_each_ablation_beside_its_numbers(tmp_path):
    written = write_pictures(tmp_path / "new", found_with_ablations())
    assert [path.name for path in written] == [
        "hotpotqa.json",
        "hotpotqa-reasoning.svg",
        "hotpotqa-oracle-share.svg",
        "hotpotqa-distractors-exact-match-lenient.svg",
    ]
    assert json.loads(written[0].read_text(encoding="utf-8")) == found_with_ablations()
    before = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in write_pictures(tmp_path / "new", found_with_ablations())] == before


def test_each_mean_is_a_dot_at_its_height_with_its_interval(tmp_path):
    *_, path = write_pictures(tmp_path, found_with_ablations())
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    dots = root.findall("{*}circle")
    assert len(dots) == len(TRAINED) * len(TESTED)
    assert {float(dot.get("cy")) for dot in dots} == {round(height(0.25), 1)}
    assert len(root.findall("{*}polyline")) == len(TRAINED)
    assert f"V{height(0.45):.1f}" in path.read_text(encoding="utf-8")


def test_without_ablations_there_is_no_picture(tmp_path):
    assert not list(pictures_of(make_found()))
    assert [path.name for path in write_pictures(tmp_path, make_found())] == ["hotpotqa.json"]


def test_names_are_escaped(tmp_path):
    _, path, *_ = write_pictures(tmp_path, {**found_with_ablations(), "student": "<a & b>"})
    assert "<a" not in path.read_text(encoding="utf-8")
    ET.fromstring(path.read_text(encoding="utf-8"))
