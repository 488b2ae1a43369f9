import logging

import pytest

from raftune.errors import TrainingError
from raftune.prompts.raft import prompt_from
from raftune.training import loop, memory, trial
from raftune.training.adapter import add_lora, copies, trained
from raftune.training.loop import Run
from raftune.training.options import LoraOptions
from raftune.training.rows import document_sets, rows_of
from raftune.training.run_state import RunState
from raftune.training.schedule import schedule
from raftune.training.tally import Tally
from tests.tiny_model import PROMPT, make_examples, tiny_model, tiny_tokenizer


def make_run(work, validation=0, progress=lambda *_: None, **options):
    import torch

    chosen = LoraOptions(**{"rank": 2, "learning_rate": 1e-2, "sets_per_step": 1, **options})
    prompt = prompt_from(PROMPT)
    rows, held_out = (
        rows_of(examples, tiny_tokenizer(), prompt, 2048)
        for examples in (make_examples(4, 2), make_examples(1, validation, "validation"))
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = add_lora(tiny_model(), chosen, "tiny").train()
    steps = schedule(rows, chosen, 0)
    return Run(model, chosen, steps, document_sets(held_out), work, progress, RunState("run"))


def test_loss_goes_down_and_is_written(tmp_path):
    said = []
    run = make_run(tmp_path, progress=lambda *words: said.append(words), epochs=4, examples_per_step=4)
    run.train()
    losses = [line[1] for line in run.state.lines]
    assert len(losses) == 8
    assert losses[-1] < losses[0] / 1.5
    assert [done for done, _, _ in said] == list(range(1, 9))
    assert said[0][1] == 8
    assert said[0][2].startswith("loss ")
    assert " tokens/s, x" in said[0][2]
    assert len((tmp_path / "speed.csv").read_text().splitlines()) == 9


class Stopped(Exception):
    pass


@pytest.mark.parametrize("after", [1, 3, 4])
def test_resumed_run_is_bitwise_the_same(tmp_path, after):
    import torch

    options = {"epochs": 2, "examples_per_step": 3, "save_every": 1}

    def stop(done, total, words):
        if done == after:
            raise Stopped

    whole = make_run(tmp_path / "whole", validation=8, **options)
    whole.train()
    with pytest.raises(Stopped):
        make_run(tmp_path / "parts", validation=8, progress=stop, **options).train()
    resumed = make_run(tmp_path / "parts", validation=8, **options)
    resumed.train()
    assert all(
        torch.equal(a, b) for a, b in zip(trained(whole.model).values(), trained(resumed.model).values(), strict=True)
    )
    assert vars(whole.state) == vars(resumed.state)


@pytest.mark.parametrize(("validation", "epoch"), [(8, 2), (7, 3), (0, 3)])
def test_best_epoch_where_enough_rows_tell_else_the_last(tmp_path, monkeypatch, validation, epoch):
    import torch

    losses = iter([3.0, 1.0, 2.0])
    monkeypatch.setattr(Run, "validate", lambda self: Tally(next(losses), 0, 1))
    held = {}

    def hold(done, total, words):
        held[done] = copies(trained(run.model))

    run = make_run(tmp_path, validation=validation, progress=hold, epochs=3, examples_per_step=8)
    run.train()
    assert run.state.chosen["epoch"] == run.state.chosen["step"] == epoch
    assert all(torch.equal(held[epoch][name], tensor) for name, tensor in trained(run.model).items())


def test_one_line_when_documents_cannot_be_shared(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(trial, "same_gradients", lambda *_: False)
    run = make_run(tmp_path, epochs=1)
    with caplog.at_level(logging.WARNING):
        run.train()
    assert len(caplog.records) == 1
    assert run.way.share is run.way.flat is False
    assert run.state.way["share"] is False


def test_infinite_gradients_stop_the_run(tmp_path):
    import torch

    run = make_run(tmp_path, epochs=1, share_prefix=False)
    with torch.no_grad():
        next(iter(trained(run.model).values())).fill_(float("inf"))
    with pytest.raises(TrainingError, match="not finite"):
        run.train()


def test_logits_changed_after_the_head_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "head_fits", lambda model, row: False)
    with pytest.raises(TrainingError, match="logits"):
        make_run(tmp_path).train()


def test_validates_every_n_steps_and_stops_when_it_gets_worse(tmp_path, monkeypatch):
    losses = iter([3.0, 1.0, 2.0, 1.5, 0.5])
    monkeypatch.setattr(Run, "validate", lambda self: Tally(next(losses), 0, 1))
    run = make_run(tmp_path, validation=8, epochs=4, examples_per_step=2, validate_every=1, patience=2)
    run.train()
    assert (run.state.step, run.state.stopped) == (4, True)
    assert run.state.chosen["step"] == 2
    assert [line[5] for line in run.state.lines] == [3.0, 1.0, 2.0, 1.5]


def test_memory_that_runs_out_is_met_once_and_said(tmp_path, monkeypatch, caplog):
    import torch

    calm = make_run(tmp_path / "calm", epochs=1)
    calm.train()
    learned, failed = loop.run_group, []

    def short(model, rows, weight, way):
        if not failed:
            failed.append(way)
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.")
        return learned(model, rows, weight, way)

    monkeypatch.setattr(loop, "run_group", short)
    run = make_run(tmp_path / "short", epochs=1)
    run.train()
    assert "smaller passes" in caplog.text
    assert run.way.checkpointing
    assert run.way.batch_tokens == failed[0].batch_tokens // 4
    for one, other in zip(trained(calm.model).values(), trained(run.model).values(), strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-5)


def test_too_little_memory_is_said_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda device, processes: 1e5)
    with pytest.raises(TrainingError, match="GB of memory"):
        make_run(tmp_path).train()
