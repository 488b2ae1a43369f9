import importlib
import json
import sys
from pathlib import Path

import pytest

from tests.bench.test_layout_questions import make_item
from tests.tiny_model import save_tiny

SUBJECTS = ("liver", "kidney", "heart", "lung", "skin", "bone", "blood", "brain")


@pytest.fixture
def layouts(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "bench")  # as for a script, which finds its siblings
    return importlib.import_module("layouts")


def run(layouts, monkeypatch, capsys, folder, *arguments):
    sizes = ["--examples", "6", "--held-out", "3", "--documents", "2", "--document-tokens", "150", "--threads", "1"]
    places = ["--student", str(folder / "tiny"), "--data", str(folder), "--keep", str(folder / "kept.jsonl")]
    monkeypatch.setattr(sys, "argv", ["layouts.py", *sizes, *places, "--json", *arguments])
    layouts.main()
    said = capsys.readouterr()
    return json.loads(said.out.splitlines()[-1]), said.err


def make_data(folder):
    (folder / "pubmedqa").mkdir()
    for name, count in (("train", 6), ("dev", 3)):
        items = []
        for number in range(count):
            subject = SUBJECTS[number] + name
            text = f"Of {number + 40} patients with {subject} disease, {number + 7} were better after treatment."
            asked = {
                "question": f"Is treatment of {subject} disease useful?",
                "contexts": [{"label": "", "text": text}],
            }
            items.append(make_item(f"{name}{number}", long_answer=text, **asked))
        lines = "".join(json.dumps(item) + "\n" for item in items)
        (folder / "pubmedqa" / f"{name}.jsonl").write_text(lines, encoding="utf-8")


def test_arms_see_the_same_questions_and_what_is_kept_is_not_run_again(layouts, monkeypatch, capsys, tmp_path):
    make_data(tmp_path)
    save_tiny(tmp_path / "tiny")
    first, said = run(layouts, monkeypatch, capsys, tmp_path, "--arms", "clustered")
    assert "clustered: 1/1" in said
    independent, clustered = first["arms"]["independent"], first["arms"]["clustered"]
    assert independent["examples_seen"] == clustered["examples_seen"] == 6
    assert clustered["tokens_read"] < independent["tokens_read"] <= independent["tokens"]
    assert "difference_loss" not in independent
    assert len(clustered["difference_loss"]) == len(first["base"]["difference_accuracy"]) == 3
    timed = {name: arm for name, arm in first["arms"].items() if name.endswith("@time")}
    assert all(arm["examples_seen"] > 6 for arm in timed.values())

    again, said = run(layouts, monkeypatch, capsys, tmp_path, "--arms", "clustered", "clustered+activated")
    assert "clustered+activated: 1/1" in said
    assert "independent: 1/1" not in said
    assert {name: again["arms"][name] for name in first["arms"]} == first["arms"]
