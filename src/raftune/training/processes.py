"""Several processes that train one adapter together, started by torchrun; or one alone, without torch.distributed."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import timedelta
from functools import partial, reduce
from typing import Any

from raftune.errors import ConfigError, TrainingError
from raftune.models.extras import optional
from raftune.training.tally import Tally

TIMEOUT = 900.0
NAMES = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")
FAILED = "failed"
ADVICE = "Look at that process's messages; the next run goes on from the last checkpoint."


@dataclass(frozen=True)
class Processes:
    """One of `count` processes: `rank` from 0, `local_rank` of `local_count` on its machine.

    `store` is what all of them can read and write beside their sums; None for a process alone, for which every method
    is there and changes nothing.

    All processes call the same methods in the same order. Each method raises TrainingError that names who failed or did
    not come, if another does not take part.
    """

    rank: int = 0
    count: int = 1
    local_rank: int = 0
    local_count: int = 1
    store: Any = None

    @property
    def is_first(self) -> bool:
        """Whether this process is the one that writes files and tells of progress."""
        return self.rank == 0

    @property
    def device(self) -> Any:
        """Where this process computes: a GPU of its own if there is one, else the CPU."""
        torch = optional("torch", "train")
        return torch.device("cuda", self.local_rank) if torch.cuda.is_available() else torch.device("cpu")

    def add_up(self, parameters: Iterable[Any]) -> None:
        """Puts the sum of all processes' gradients into every parameter's gradient; none counts as zeros.

        It is a sum and no mean: each process has divided by the weight of the whole step. Sums are made in fp32 at
        least, and have the same bytes everywhere.
        """
        import torch

        held = list(parameters)
        if self.count == 1 or not held:
            return
        kind = reduce(torch.promote_types, (parameter.dtype for parameter in held), torch.float32)
        parts = [torch.zeros_like(one) if one.grad is None else one.grad for one in held]
        flat = torch.cat([part.flatten().to(kind) for part in parts])
        self.together(lambda: torch.distributed.all_reduce(flat))
        for parameter, piece in zip(held, flat.split([one.numel() for one in held]), strict=True):
            parameter.grad = piece.view_as(parameter).to(parameter.dtype)

    def add_up_tally(self, tally: Tally) -> Tally:
        """The sum of all processes' tallies, in float64. Called before `add_up`, it tells of a process that failed
        in a sentence, where NCCL would only run into its timeout.
        """
        import torch

        if self.count == 1:
            return tally
        sums = torch.tensor(astuple(tally), dtype=torch.float64)
        self.together(lambda: torch.distributed.all_reduce(sums))
        loss, *counts = sums.tolist()
        return Tally(loss, *map(int, counts))

    def agree(self, flag: bool) -> bool:  # noqa: FBT001 - it is the only argument
        """Whether the flag is true in every process."""
        return self.least(int(flag)) == 1

    def least(self, number: int) -> int:
        """The smallest of the processes' numbers."""
        import torch

        if self.count == 1:
            return number
        held = torch.tensor(number, dtype=torch.int64)
        self.together(lambda: torch.distributed.all_reduce(held, torch.distributed.ReduceOp.MIN))
        return int(held)

    def broadcast(self, tensors: Iterable[Any]) -> None:
        """Overwrites the tensors with those of the first process; all have as many, of the same shapes and types."""
        import torch

        if self.count > 1:
            for tensor in tensors:
                self.together(partial(torch.distributed.broadcast, tensor.detach(), 0))

    def wait(self) -> None:
        """Returns once every process has called it, such as after the first one has written a file."""
        self.least(0)

    def together(self, collective: Callable[[], Any]) -> None:
        """Runs a collective of torch.distributed; counts it, so that others can tell who did not come."""
        try:
            self.store.add(f"calls-{self.rank}", 1)
            collective()
        except RuntimeError as error:
            raise TrainingError(self.who_is_missing(), ADVICE) from error

    def who_is_missing(self) -> str:
        """A sentence on why a collective failed: the process that said it failed, or those that called fewer."""
        try:
            if self.store.check([FAILED]):
                return str(self.store.get(FAILED).decode())
            calls = [self.store.add(f"calls-{rank}", 0) for rank in range(self.count)]
        except RuntimeError:  # the process that keeps the store is gone
            return "Process 0 is gone."
        missing = [str(rank) for rank, called in enumerate(calls) if called < calls[self.rank]]
        if not missing:
            return f"Process {self.rank} of {self.count} lost the connection to the others."
        return f"Process {' and '.join(missing)} of {self.count} did not come, or is gone."

    def tell_failure(self, error: BaseException) -> None:
        """Leaves word of what ended this process, unless another one was the first."""
        lines = str(error).strip().splitlines() or [""]
        sentence = f"Process {self.rank} of {self.count} failed: {type(error).__name__}: {lines[0]}"
        try:
            self.store.compare_set(FAILED, "", sentence)
        except RuntimeError:  # the store is gone, and with it everyone who would read this
            return


@contextmanager
def joined(timeout: float = TIMEOUT) -> Iterator[Processes]:
    """The processes that torchrun started, connected inside (gloo, and NCCL for tensors on GPUs); or this one alone.

    `timeout`: seconds that processes wait for one another at most. Raises ConfigError for an environment that is not
    whole, TrainingError when not all processes come.
    """
    asked = {name: os.environ.get(name, "") for name in NAMES}
    if int(asked["WORLD_SIZE"] or 1) == 1:
        yield Processes()
        return
    if missing := [name for name, value in asked.items() if not value]:
        raise ConfigError(f"The variable {missing[0]} is not set.", "Start several processes with torchrun.")
    found = connected(timeout, int(asked["LOCAL_RANK"]))
    try:
        yield found
    except BaseException as error:
        found.tell_failure(error)
        raise
    finally:  # closes the connections, which ends the waiting of all others
        optional("torch.distributed", "train").destroy_process_group()


def connected(timeout: float, local_rank: int) -> Processes:
    """The process among the others, once all have come. Raises TrainingError when some do not."""
    torch, distributed = optional("torch", "train"), optional("torch.distributed", "train")
    patience = timedelta(seconds=timeout)
    gpu = torch.cuda.is_available()
    if gpu:
        torch.cuda.set_device(local_rank)
    try:
        store, rank, count = next(distributed.rendezvous("env://", timeout=patience))
        distributed.init_process_group(
            "cpu:gloo,cuda:nccl" if gpu else "gloo", store=store, rank=rank, world_size=count, timeout=patience
        )
    except RuntimeError as error:
        came = f"Not all processes came within {timeout:.0f} seconds."
        raise TrainingError(came, "See whether all of them started, and whether they reach one another.") from error
    neighbours = int(os.environ.get("LOCAL_WORLD_SIZE", count))
    return Processes(rank, count, local_rank, neighbours, distributed.PrefixStore("raftune", store))
