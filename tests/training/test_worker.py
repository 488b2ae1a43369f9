import json

from raftune.training import worker
from raftune.training.launching import write_job
from tests.tiny_model import save_tiny
from tests.trainers.test_lora import make_job


def test_one_process_says_its_steps_and_what_it_made(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    job = make_job(tmp_path, save_tiny(tmp_path / "tiny"))
    write_job(job)
    assert worker.main(job.work) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["progress"][0] for one in said if "progress" in one] == [1, 2, 3, 4]
    assert [one["figures"][0] for one in said if "figures" in one] == [1, 2, 3, 4]
    assert said[-1]["made"]["adapter"] == "adapter"


def test_a_fault_is_said_in_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    job = make_job(tmp_path, save_tiny(tmp_path / "tiny"), targets=["nothing"])
    write_job(job)
    assert worker.main(job.work) == 1
    assert "no layer nothing" in json.loads(capsys.readouterr().out)["fault"]
