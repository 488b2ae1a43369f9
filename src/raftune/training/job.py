"""A training job from its examples to the folder of an adapter, as one process of one or several does it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from raftune.contracts import TrainingJob
from raftune.digest import Json, digest, file_digest
from raftune.errors import ConfigError, TrainingError
from raftune.models.adapter_gguf import can_convert, write_adapter_gguf
from raftune.models.chat import invocation_tokens
from raftune.models.extras import optional
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.weights import load_tokenizer, trained_weights
from raftune.prompts.raft import prompt_from
from raftune.records import Conversation, Example, TrainedModel
from raftune.training.adapter import WEIGHTS, trainable, write_trained
from raftune.training.curves import write_curves
from raftune.training.loop import Run
from raftune.training.metrics import write_metrics
from raftune.training.opening import open_student
from raftune.training.options import LoraOptions, options_from
from raftune.training.processes import Processes
from raftune.training.rows import Row, document_sets, rows_of
from raftune.training.run_state import RunState
from raftune.training.schedule import schedule

ADAPTER = "adapter"
UNLIMITED = 1 << 30
NO_GGUF = ("dora", "full")  # an adapter in GGUF has no place for lengths
HOW_FAST = {"save_every", "threads", "processes", "divide_weights"}


def do_job(job: TrainingJob, processes: Processes) -> TrainedModel:
    """Trains, or goes on from the last checkpoint in `job.work`. All processes get the result; the first one writes to
    `job.output`: metrics.csv, curves.svg and folder `adapter` (PEFT, and adapter.gguf where the student has a GGUF; or
    all weights).

    `steps`, `epochs` and losses of the result are those of the chosen epoch. Raises TrainingError, ConfigError.
    """
    options = options_from(job.options)
    check(options)
    student = find_student(job.student)
    folder = safetensors_folder(student)
    with settled(options.threads):
        run = prepared(job, options, student, folder, processes)
        run.train()
        if processes.is_first:
            write(run, job.output, student, folder)
    processes.wait()
    return TrainedModel(
        base=student.fingerprint,
        adapter=ADAPTER,
        adapter_sha256=file_digest(trained_weights(job.output / ADAPTER)),
        prompt=digest(job.prompt),
        steps=run.state.chosen["step"],
        epochs=run.state.chosen["epoch"],
        train_loss=run.state.chosen["train"],
        validation_loss=run.state.chosen["validation"],
    )


def check(options: LoraOptions) -> None:
    """Raises ConfigError for options that do not go together."""
    if options.kind == "full" and (options.quantize != "no" or options.precision == "bf16" or options.start_from):
        advice = (
            "Leave precision, quantize and start_from out; to go on from all weights, name their folder as student."
        )
        raise ConfigError("All weights are trained in fp32, from the student's own.", advice)
    if not options.divide_weights:
        return
    if options.processes == 1:
        raise ConfigError("One process has nobody to divide weights with.", "Set processes under [train].")
    if options.kind in ("activated", "full") or options.quantize != "no":
        raise ConfigError(
            "Only frozen weights that are not 4-bit can be divided, and not with activated LoRA.",
            "Set divide_weights to false.",
        )


def prepared(job: TrainingJob, options: LoraOptions, student: Student, folder: Path, processes: Processes) -> Run:
    """The run of a job: rows, steps, and the student with what is trained of it drawn from the job's seed."""
    torch = optional("torch", "train")
    training = tokenised(job.training, folder, job.prompt, options.quote_weight)
    validation = tokenised(job.validation, folder, job.prompt)
    rows = [[asdict(row) for row in some] for some in (training, validation)]
    invocation = invocation_tokens(load_tokenizer(folder)) if options.kind == "activated" else ()
    if any(row.tokens[row.start - len(invocation) : row.start] != invocation for row in training if invocation):
        raise TrainingError("The answers do not follow the mark that begins them.", 'Set kind to "lora".')
    torch.manual_seed(job.seed)
    model = trainable(open_student(folder, options, processes.device), options, student.name, invocation)
    identity = [student.fingerprint, options.model_dump(exclude=HOW_FAST), job.seed]
    if options.start_from:
        identity.append(file_digest(Path(options.start_from).expanduser() / WEIGHTS))
    return Run(
        model=model.train(),
        options=options,
        steps=schedule(training, options, job.seed),
        validation=document_sets(validation),
        work=job.work,
        progress=job.progress,
        state=RunState(run=digest([identity, rows])),
        invocation=len(invocation) or None,
        processes=processes,
        track=job.track,
        epochs=job.output if job.keep_epochs else None,
    )


def write(run: Run, output: Path, student: Student, folder: Path) -> None:
    """What was trained, as GGUF too where the student is one, and the metrics."""
    write_trained(run.model, output / ADAPTER)
    write_metrics(output / "metrics.csv", run.state.lines)
    write_curves(output / "curves.svg", run.state.lines)
    if student.gguf is not None and can_convert(folder) and run.options.kind not in NO_GGUF:
        write_adapter_gguf(output / ADAPTER, folder, output / ADAPTER / "adapter.gguf")


def tokenised(
    examples: Sequence[Example | Conversation], folder: Path, prompt: Json, quote_weight: float = 1.0
) -> list[Row]:
    """The rows of examples for the model in `folder`. Raises TrainingError naming those that do not fit."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    context = config.get("text_config", config).get("max_position_embeddings") or UNLIMITED
    return rows_of(examples, load_tokenizer(folder), prompt_from(prompt), context, quote_weight)


@contextmanager
def settled(threads: int) -> Iterator[None]:
    """Fixed threads and deterministic kernels inside; torch's settings and random state as before after it."""
    torch = optional("torch", "train")
    before, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(threads or before)
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with torch.random.fork_rng():
            yield
    finally:
        torch.use_deterministic_algorithms(strict)
        torch.set_num_threads(before)
