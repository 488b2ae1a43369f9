"""What test_processes and test_fully_sharded run in processes of torchrun: `two_processes.py SCENARIO FOLDER`.

Each process leaves what it found in FOLDER/SCENARIO-RANK.pt.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
STEPS, FEW = 20, 3


def launched(scenario, folder, processes=2):
    """Runs a scenario by torchrun; the finished process with its output."""
    return subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}",
         "--module", "tests.training.two_processes", scenario, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def found(scenario, folder, processes=2):
    """What each process left."""
    import torch

    done = launched(scenario, folder, processes)
    assert done.returncode == 0, done.stderr[-4000:]
    return [torch.load(folder / f"{scenario}-{rank}.pt") for rank in range(processes)]


def left_by(rank, scenario, folder):
    """What one of two processes left, without torchrun, which ends the others when one fails."""
    import torch

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.training.two_processes", scenario, str(folder)],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **where, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "RANK": str(number),
                 "LOCAL_RANK": str(number)},
        ) for number in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[1] for process in started]
    assert started[rank].returncode == 0, said[rank][-4000:]
    return torch.load(folder / f"{scenario}-{rank}.pt")


def tuned(dtype="float64"):
    """A tiny model with LoRA, the same in every process."""
    import torch

    from raftune.training.adapter import add_lora, trained
    from raftune.training.options import LoraOptions
    from tests.tiny_model import tiny_model

    model = add_lora(tiny_model().to(getattr(torch, dtype)), LoraOptions(rank=4), "tiny").train()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for parameter in trained(model).values():
            parameter.data = torch.randn_like(parameter) * 0.05
    return model


def groups():
    """Document sets of 4, 4, 3, 1 and 2 rows."""
    from raftune.prompts.raft import prompt_from
    from raftune.training.rows import document_sets, rows_of
    from tests.tiny_model import PROMPT, make_examples, tiny_tokenizer

    rows = rows_of(make_examples(5, 4), tiny_tokenizer(), prompt_from(PROMPT), 2048)
    return [group[:size] for group, size in zip(document_sets(rows), (4, 4, 3, 1, 2), strict=True)]


def learned(model, way, shares, processes, steps=STEPS):
    """Gradients of the first step and the adapter after `steps` steps of AdamW, with the first tally."""
    import torch

    from raftune.training.adapter import copies, trained
    from raftune.training.fully_sharded import is_real
    from raftune.training.shared_prefix import run_group
    from raftune.training.tally import Tally

    weight = sum(row.weight for group in groups() for row in group)
    optimizer = torch.optim.AdamW(trained(model).values(), lr=1e-3)
    first = None
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        made = [(group, run_group(model.get_base_model(), group, weight, way)) for group in shares[processes.rank]]
        tally = processes.add_up_tally(sum((tally for group, tally in made if is_real(group)), Tally()))
        processes.add_up(trained(model).values())
        first = first or (tally, {name: one.grad.clone() for name, one in trained(model).items()})
        torch.nn.utils.clip_grad_norm_(trained(model).values(), 1.0)
        optimizer.step()
    return {"tally": first[0], "gradients": first[1], "adapter": copies(trained(model))}


def plain(values):
    """With the tally as a tuple, which torch opens without running code."""
    from dataclasses import astuple

    return {**values, "tally": astuple(values["tally"])}


def gradients(processes):
    """One step and twenty, by shares."""
    from raftune.training.shared_prefix import prepare
    from raftune.training.sharing_out import shared_out

    model = tuned()
    return plain(learned(model, prepare(model), shared_out(groups(), processes.count), processes))


def first_steps(processes):
    """As `gradients`, with as many steps as `sharded_step`."""
    from raftune.training.shared_prefix import prepare

    model = tuned()
    return plain(learned(model, prepare(model), [groups()], processes, FEW))


def agreement(processes):
    """Every other method on small numbers."""
    import torch

    from raftune.training.tally import Tally

    rank = processes.rank
    ones, none, half = (torch.nn.Parameter(torch.zeros(2, 3, dtype=kind)) for kind in (None, None, torch.bfloat16))
    ones.grad, half.grad = torch.full_like(ones, rank + 1.0), torch.full_like(half, 0.5)
    none.grad = None if rank == 0 else torch.full_like(none, 7.0)
    processes.add_up([ones, none, half])
    tensors = [torch.full((2,), float(rank + 5)), torch.tensor(rank, dtype=torch.int64)]
    processes.broadcast(tensors)
    processes.wait()
    tally = processes.add_up_tally(Tally(0.1 + rank, 1, 2, 3, (1 << 40) + rank))
    return {
        "sums": [one.grad.tolist() for one in (ones, none, half)],
        "kinds": [str(one.grad.dtype) for one in (ones, none, half)],
        "tally": [tally.loss, tally.right, tally.labels, tally.tokens, tally.read],
        "agreed": [processes.agree(True), processes.agree(rank == 0), processes.least(rank + 3)],
        "sent": [tensor.tolist() for tensor in tensors],
        "first": processes.is_first,
        "device": str(processes.device),
    }


def failing(processes):
    """The second process ends with an error while the first waits for it."""
    processes.wait()
    if processes.rank == 1:
        raise ValueError("no such row\nwith details")
    return waited(processes)


def first_failing(processes):
    """The first process, which keeps what all can read, ends with an error."""
    processes.wait()
    if processes.rank == 0:
        raise ValueError("no such row")
    return waited(processes)


def killed(processes):
    """The second process is killed while the first waits for it."""
    processes.wait()
    if processes.rank == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return waited(processes)


def sleeping(processes):
    """The second process does not come in time."""
    processes.wait()
    if processes.rank == 1:
        time.sleep(8)
        return {}
    return waited(processes)


def waited(processes):
    from raftune.errors import TrainingError

    began = time.monotonic()
    try:
        processes.wait()
    except TrainingError as error:
        return {"said": str(error), "seconds": time.monotonic() - began}
    raise AssertionError("nobody failed")


def sharded_step(processes, *, twice=False, dtype="float64"):
    """As `gradients`, with the frozen weights divided, and what of them each process holds."""
    import torch

    from raftune.training.adapter import trained
    from raftune.training.fully_sharded import aligned, in_step, is_real, sharded
    from raftune.training.memory import compute_twice
    from raftune.training.shared_prefix import prepare
    from raftune.training.sharing_out import shared_out

    model = tuned(dtype)
    way = prepare(model, batch_tokens=300)
    if twice:
        compute_twice(model.get_base_model())
    whole = {name: tensor.detach().clone() for name, tensor in model.named_parameters()}
    sharded(model, processes.device)
    divided = {name: one for name, one in model.named_parameters() if hasattr(one, "full_tensor")}
    held = sum(one.to_local().numel() for one in divided.values())
    same = all(torch.equal(one.full_tensor(), whole[name]) for name, one in divided.items())
    shares = aligned([groups(), ()] if twice else shared_out(groups(), processes.count), way)
    made = learned(model, in_step(way), shares, processes, FEW)
    return plain(made) | {
        "divided": sum(whole[name].numel() for name in divided),
        "held": held,
        "same": same,
        "whole": not set(trained(model)) & set(divided),
        "again": all(torch.equal(one.full_tensor(), whole[name]) for name, one in divided.items()),
        "groups": [len(share) for share in shares],
        "real": [sum(map(is_real, share)) for share in shares],
    }


def sharded_twice(processes):
    """The same with layers computed twice, and nothing to do for the second process."""
    return sharded_step(processes, twice=True)


def sharded_saved(processes):
    """A checkpoint of a divided model by the first process, opened by all; the adapter folder as well."""
    import torch

    from raftune.training.adapter import copies, load_adapter, trained, write_adapter
    from raftune.training.fully_sharded import sharded
    from raftune.training.run_state import RunState, resume, save

    folder = Path(sys.argv[2])
    model, other = (sharded(tuned("float32"), processes.device) for _ in range(2))
    optimizer, another = (torch.optim.AdamW(trained(one).values(), lr=1e-3) for one in (model, other))
    for parameter in trained(model).values():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    if processes.is_first:
        save(folder / "work", RunState("run", step=1), model, optimizer, copies(trained(model)))
        write_adapter(model, folder / "adapter")
    processes.wait()
    state, best = resume(folder / "work", "run", other, another)
    third = sharded(tuned("float32"), processes.device)
    load_adapter(third, folder / "adapter")
    same = [
        all(torch.equal(a, b) for a, b in zip(trained(model).values(), trained(one).values(), strict=True))
        for one in (other, third)
    ]
    pairs = list(zip(trained(model).values(), trained(other).values(), strict=True))
    slots = [(optimizer.state[a], another.state[b]) for a, b in pairs]
    moments = all(len(a) == 3 and torch.equal(a[key], b[key]) for a, b in slots for key in a)
    return {"same": same, "moments": moments, "step": state.step, "best": len(best)}


def main():
    import pytest
    import torch

    from raftune.training.processes import joined
    from tests.exact_numbers import exact_numbers

    scenario, folder = sys.argv[1:]
    with joined(timeout=3 if scenario == "sleeping" else 60) as processes, pytest.MonkeyPatch.context() as patch:
        if scenario in ("gradients", "first_steps", "sharded_step", "sharded_twice"):
            exact_numbers(patch)
        torch.save(globals()[scenario](processes), Path(folder) / f"{scenario}-{processes.rank}.pt")


if __name__ == "__main__":
    main()
