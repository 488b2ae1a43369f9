import json
from pathlib import Path

import pytest

from raftune.readers.api import plug
from raftune.readings import Reading
from tests.office_files import readings, reason

ENDPOINT = {
    "domain": "Video Classification",
    "api_name": "slow_r50",
    "api_arguments": {"pretrained": "True"},
    "python_environment_requirements": ["torch", "json"],
    "example_code": ["import torch", "model = torch.hub.load('slow_r50')"],
    "performance": {"dataset": "Kinetics 400", "accuracy": {"top_1": 74.58, "top_5": "N/A"}},
    "description": "A network for video.",
}
MARKDOWN = """# slow_r50

domain: Video Classification

api_arguments:

- pretrained: True

python_environment_requirements:

- torch
- json

example_code:

```
import torch
model = torch.hub.load('slow_r50')
```

performance:

- dataset: Kinetics 400
- accuracy:
  - top_1: 74.58

description: A network for video."""


def read(folder: Path, text: str, name: str = "a.json") -> list[tuple[str, str, str, tuple[str, ...]]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [shown(reading) for reading in readings(plug, path)]


def shown(reading: Reading) -> tuple[str, str, str, tuple[str, ...]]:
    [page] = reading.pages
    return reading.part, reading.title, page.page.text, page.page.warnings


def test_an_endpoint_is_a_document(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**ENDPOINT, "api_name": name}) for name in ("slow_r50", "x3d"))
    first, second = read(tmp_path, lines, "no ending")
    assert first == ("1", "slow_r50", MARKDOWN, ())
    assert second[:2] == ("2", "x3d")


def test_objects_in_a_list_or_under_one_name(tmp_path: Path) -> None:
    things = [{"title": "가", "text": "하나"}, {"title": "나"}]
    assert [item[:3] for item in read(tmp_path, json.dumps(things))] == [
        ("1", "가", "# 가\n\ntext: 하나"),
        ("2", "나", "# 나"),
    ]
    wrapped = read(tmp_path, json.dumps({"version": "2", "data": things}))
    assert [item[:2] for item in wrapped] == [("", "a"), ("1", "가"), ("2", "나")]


def test_other_values_are_one_document(tmp_path: Path) -> None:
    assert read(tmp_path, '{"a": 1, "b": [1, {"c": null, "d": true}]}') == [
        ("", "a", "a: 1\n\nb:\n\n- 1\n- d: true", ())
    ]
    assert read(tmp_path, "[1, [2, 3]]") == [("", "a", "- 1\n- - 2\n  - 3", ())]


def test_the_endpoints_of_openapi(tmp_path: Path) -> None:
    value = {"openapi": "3.1", "paths": {"/pets": {"get": {"summary": "List pets"}, "post": {}, "parameters": []}}}
    assert [item[1:3] for item in read(tmp_path, json.dumps(value))] == [
        ("GET /pets", "# GET /pets\n\nsummary: List pets"),
        ("POST /pets", "# POST /pets"),
    ]


def test_broken_lines_are_left_out_with_a_warning(tmp_path: Path) -> None:
    lines = '{bad\n{"name": "a"}\n{bad\n\n{"name": "b"}\n{"name": "c"}\nworse\n'
    found = readings(plug, write(tmp_path / "a.jsonl", '{"name": "0"}\n' + lines))
    assert [shown(reading)[0] for reading in found] == ["1", "3", "6", "7"]
    assert [shown(reading)[3] for reading in found] == [
        (),
        ("line 2 is no JSON and left out",),
        ("line 4 is no JSON and left out",),
        ("line 8 is no JSON and left out",),
    ]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a": ', "damaged"),
        ('{"a": 1}\nx\ny\nz', "damaged"),
        ("[" * 100_000, "damaged"),
        ("[]", "no text"),
        ('{"a": null}', "no text"),
        ('{"a": "\\u0000', "damaged"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, wanted: str) -> None:
    assert reason(plug, write(tmp_path / "a.json", text)) == wanted


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('{"a": 1}', True),
        ('[\n{"a": 1}]', True),
        ("{{ template }}", False),
        ("[link](x) words", False),
        ("[1] A source", False),
    ],
)
def test_json_is_told_by_its_text(tmp_path: Path, text: str, *, accepted: bool) -> None:
    path = write(tmp_path / "a.txt", text)
    assert plug.accepts(path, text.encode()) == accepted


def test_a_surrogate_alone_does_not_come_through(tmp_path: Path) -> None:
    [(_, _, text, _)] = read(tmp_path, '{"a": "x\\ud800y"}')
    text.encode()
