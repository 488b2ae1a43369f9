from pathlib import Path

import httpx
import openai
import pytest
from openai.types import FileObject

from tests.serving.conforming import conforms
from tests.serving.running import TOKEN
from tests.serving.tuning import rows, tuning, upload


def test_a_file_comes_and_goes(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        made = client.files.create(file=("자료 하나.jsonl", rows(1, 2)), purpose="fine-tune")
        conforms(made, FileObject)
        assert (made.filename, made.bytes, made.status) == ("자료 하나.jsonl", len(rows(1, 2)), "processed")
        assert client.files.retrieve(made.id) == made
        assert client.files.content(made.id).read() == rows(1, 2)
        assert client.files.delete(made.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.files.retrieve(made.id)
        assert list((tmp_path / "tuning" / "files").iterdir()) == []


def test_files_are_listed_in_pages(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        made = {upload(client, name=f"{number}.jsonl") for number in range(5)}
        assert {file.id for file in client.files.list(limit=2)} == made
        assert len(client.files.list(limit=2).data) == 2
        assert client.files.list(purpose="fine-tune-results").data == []
        one_way = [file.id for file in client.files.list(order="asc")]
        assert one_way == [file.id for file in client.files.list(order="desc")][::-1]


def test_names_are_never_paths(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        made = client.files.create(file=("../../../escaped.jsonl", rows(1, 2)), purpose="fine-tune")
        assert not list(tmp_path.rglob("escaped*"))
        assert client.files.content(made.id).read() == rows(1, 2)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        for name in ("..%2f..%2fstudent%2fconfig.json", "../../student/config.json", "file-..", f"{made.id}.json"):
            answer = httpx.get(f"{up.url}/v1/files/{name}/content", headers=headers)
            assert answer.status_code == 404, name


def test_other_purposes_and_large_files_are_refused(tmp_path: Path) -> None:
    with tuning(tmp_path) as up, up.client() as client:
        with pytest.raises(openai.BadRequestError) as caught:
            client.files.create(file=("a.jsonl", rows(1, 2)), purpose="batch")
        assert caught.value.param == "purpose"
        object.__setattr__(up.service.config, "file_megabytes", 0.001)
        with pytest.raises(openai.APIStatusError) as large:
            client.files.create(file=("a.jsonl", rows(3, 4)), purpose="fine-tune")
        assert large.value.status_code == 413
        assert client.files.list().data == []
