import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from raftune.contracts import TrainingJob
from raftune.digest import digest, file_digest
from raftune.errors import ConfigError, TrainingError
from raftune.trainers.lora import plug
from tests.tiny_model import PROMPT, make_examples, save_tiny, save_tiny_gguf

OPTIONS = {"epochs": 2, "learning_rate": 1e-2, "rank": 4, "save_every": 1, "threads": 1, "sets_per_step": 1}


def make_job(folder, student, progress=lambda *_: None, **options):
    return TrainingJob(
        training=make_examples(4, 3),
        validation=make_examples(1, 2, "validation"),
        student=str(student),
        prompt=PROMPT,
        options={**OPTIONS, **options},
        seed=5,
        work=folder / "work",
        output=folder / "output",
        progress=progress,
        track=lambda *_: None,
    )


def test_trains_and_says_what_it_made(tmp_path):
    model = plug.train(make_job(tmp_path, save_tiny(tmp_path / "tiny")))
    weights = tmp_path / "output" / "adapter" / "adapter_model.safetensors"
    assert (model.adapter, model.adapter_sha256) == ("adapter", file_digest(weights))
    assert model.prompt == digest(PROMPT)
    assert (model.steps, model.epochs) == (4, 2)
    lines = (tmp_path / "output" / "metrics.csv").read_text().splitlines()
    assert lines[0].startswith("step,train_loss,train_mean_token_accuracy,valid_loss,")
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4"]
    assert float(lines[4].split(",")[1]) < float(lines[1].split(",")[1])
    assert model.validation_loss == float(lines[4].split(",")[3])
    assert model.train_loss == round(model.train_loss, 6)
    assert sorted(path.name for path in weights.parent.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]


def test_gguf_student_gets_a_gguf_adapter(tmp_path, monkeypatch):
    monkeypatch.setenv("RAFTUNE_CACHE", str(tmp_path / "cache"))
    plug.train(make_job(tmp_path, save_tiny_gguf(tmp_path / "tiny.gguf"), epochs=1))
    adapter = tmp_path / "output" / "adapter"
    assert (adapter / "adapter.gguf").read_bytes()[:4] == b"GGUF"
    assert json.loads((adapter / "adapter_config.json").read_text())["base_model_name_or_path"] == "tiny"


def killed_after(folder, student, steps):
    """Trains in a process of its own that gets SIGKILL after `steps` steps."""
    code = (
        "import os, signal, sys; from pathlib import Path; from tests.trainers.test_lora import make_job, plug\n"
        "def stop(done, total, words):\n    if done == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        "plug.train(make_job(Path(sys.argv[1]), sys.argv[2], stop))"
    )
    arguments = [sys.executable, "-c", code, str(folder), str(student), str(steps)]
    home = Path(__file__).parents[2]
    return subprocess.run(arguments, check=False, cwd=home, env={**os.environ, "PYTHONPATH": str(home)})


def test_killed_and_resumed_gives_the_same_bytes(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    whole = plug.train(make_job(tmp_path / "whole", student))
    assert killed_after(tmp_path / "parts", student, 3).returncode == -signal.SIGKILL
    assert not (tmp_path / "parts" / "output").exists()
    said = []
    resumed = plug.train(make_job(tmp_path / "parts", student, lambda *words: said.append(words)))
    assert [done for done, _, _ in said] == [4]
    assert resumed == whole
    for name in ("adapter/adapter_model.safetensors", "adapter/adapter_config.json", "metrics.csv"):
        assert (tmp_path / "parts/output" / name).read_bytes() == (tmp_path / "whole/output" / name).read_bytes()


def test_torch_is_left_as_it_was(tmp_path):
    import torch

    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled(), torch.get_rng_state()
    plug.train(make_job(tmp_path, save_tiny(tmp_path / "tiny"), epochs=1))
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before[:2]
    assert torch.equal(torch.get_rng_state(), before[2])


def test_quote_counts_and_refuses_what_does_not_fit(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    examples = make_examples(2, 2)
    quote = plug.quote(examples, str(student), PROMPT, {})
    assert (quote.examples, quote.epochs, quote.dollars) == (4, 3, 0.0)
    config = json.loads((student / "config.json").read_text())
    (student / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 100}))
    with pytest.raises(TrainingError, match=examples[0].id):
        plug.quote(examples, str(student), PROMPT, {})


def test_wrong_options_and_empty_sets_are_refused(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    with pytest.raises(ConfigError, match="rank"):
        plug.quote([], str(student), PROMPT, {"rank": 0})
    job = make_job(tmp_path, student)
    with pytest.raises(TrainingError, match="no examples"):
        plug.train(TrainingJob(**{**vars(job), "training": []}))


@pytest.mark.parametrize("kind", ["rslora", "dora", "activated"])
def test_other_kinds_of_adapters_open_again_with_what_they_learned(tmp_path, kind):
    import torch

    from raftune.models.chat import full_text, invocation_tokens, token_ids
    from raftune.models.weights import load_model, load_tokenizer
    from raftune.prompts.raft import prompt_from

    student = save_tiny(tmp_path / "tiny")
    job = make_job(tmp_path, student, kind=kind, epochs=4, quote_weight=2.0)
    made = plug.train(job)
    tokenizer, prompt = load_tokenizer(student), prompt_from(PROMPT)
    example = job.validation[0]
    ids = token_ids(tokenizer, full_text(tokenizer, prompt.of_example(example), prompt.target(example)))
    start = len(ids) - len(token_ids(tokenizer, prompt.target(example))) - 2
    adapter = tmp_path / "output" / "adapter"
    with torch.no_grad():
        tuned, plain = (load_model(student, folder)(torch.tensor([ids])).logits[0] for folder in (adapter, None))
    losses = [
        torch.nn.functional.cross_entropy(one[start:-1], torch.tensor(ids[start + 1 :])) for one in (tuned, plain)
    ]
    assert losses[0] < losses[1]
    config = json.loads((adapter / "adapter_config.json").read_text())
    assert (config["use_rslora"], config["use_dora"]) == (kind == "rslora", kind == "dora")
    if kind == "activated":
        assert tuple(config["alora_invocation_tokens"]) == invocation_tokens(tokenizer)
        assert torch.allclose(tuned[: start - 30], plain[: start - 30], atol=1e-5)
    assert made.train_loss < 6


def test_goes_on_from_an_adapter(tmp_path):
    student = save_tiny(tmp_path / "tiny")
    first = plug.train(make_job(tmp_path / "first", student))
    adapter = str(tmp_path / "first" / "output" / "adapter")
    second = plug.train(make_job(tmp_path / "second", student, start_from=adapter, epochs=1))
    assert second.train_loss < first.train_loss
    with pytest.raises(ConfigError, match="does not fit"):
        plug.train(make_job(tmp_path / "third", student, start_from=adapter, rank=2))
    with pytest.raises(ConfigError, match="no adapter"):
        plug.train(make_job(tmp_path / "fourth", student, start_from=str(tmp_path)))
    with pytest.raises(ConfigError, match="no layer"):
        plug.train(make_job(tmp_path / "fifth", student, targets=["nothing"]))


@pytest.mark.slow
def test_killed_twenty_times_at_random_moments_gives_the_same_bytes(tmp_path):
    """Each process is killed up to 50 ms after a step that a seed chose: in a step, in a checkpoint, between them."""
    student = save_tiny(tmp_path / "tiny")
    options = {"epochs": 30, "examples_per_step": 3}
    whole = plug.train(make_job(tmp_path / "whole", student, **options))
    code = (
        "import os, random, signal, sys, threading; from pathlib import Path\n"
        "from tests.trainers.test_lora import make_job, plug\n"
        "steps, kill = [], random.Random(int(sys.argv[3]))\nwanted = kill.randint(1, 8)\n"
        "def stop(done, total, words):\n"
        "    steps.append(done)\n"
        "    if len(steps) == wanted:\n"
        "        threading.Timer(kill.random() / 20, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        f"plug.train(make_job(Path(sys.argv[1]), sys.argv[2], stop, **{options!r}))"
    )
    home = Path(__file__).parents[2]
    kills = 0
    for seed in range(60):
        arguments = [sys.executable, "-c", code, str(tmp_path / "parts"), str(student), str(seed)]
        done = subprocess.run(arguments, check=False, cwd=home, env={**os.environ, "PYTHONPATH": str(home)})
        kills += done.returncode == -signal.SIGKILL
        if kills >= 20 or not done.returncode:
            break
    assert kills >= 20
    assert plug.train(make_job(tmp_path / "parts", student, **options)) == whole
    for name in ("adapter/adapter_model.safetensors", "adapter/adapter_config.json", "metrics.csv"):
        assert (tmp_path / "parts/output" / name).read_bytes() == (tmp_path / "whole/output" / name).read_bytes()


def test_all_weights_are_trained_and_open_again(tmp_path):
    import torch

    from raftune.models.weights import load_model, trained_weights

    student = save_tiny(tmp_path / "tiny")
    said = []
    job = make_job(tmp_path, student, lambda *words: said.append(words[2]), kind="full", learning_rate=1e-3)
    made = plug.train(job)
    folder = tmp_path / "output" / "adapter"
    assert made.adapter_sha256 == file_digest(trained_weights(folder))
    assert ", x" in said[0]
    tuned, plain = load_model(student, folder), load_model(student)
    changed = [name for name, weight in plain.state_dict().items() if not torch.equal(weight, tuned.state_dict()[name])]
    assert set(changed) == set(plain.state_dict())
    lora, full = (plug.quote(job.training, job.student, PROMPT, {"kind": kind}).flops for kind in ("lora", "full"))
    assert full > lora * 1.1
