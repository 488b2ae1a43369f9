"""Tunes a student with LoRA on this machine: answers only, documents read once a document set, resumable."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from raftune.contracts import TrainingJob
from raftune.digest import Json, digest, file_digest
from raftune.errors import TrainingError
from raftune.models.adapter_gguf import can_convert, write_adapter_gguf
from raftune.models.chat import invocation_tokens
from raftune.models.extras import optional
from raftune.models.student import Student, find_student, safetensors_folder
from raftune.models.weights import load_tokenizer
from raftune.prompts.raft import prompt_from
from raftune.records import CostQuote, Example, TrainedModel
from raftune.training.adapter import WEIGHTS, add_lora, write_adapter
from raftune.training.cost import cost_quote
from raftune.training.loop import Run
from raftune.training.metrics import write_metrics
from raftune.training.opening import open_student
from raftune.training.options import LoraOptions, options_from
from raftune.training.rows import Row, document_sets, rows_of
from raftune.training.run_state import RunState
from raftune.training.schedule import schedule

ADAPTER = "adapter"
UNLIMITED = 1 << 30


class LoraTrainer:
    """LoRA by torch and PEFT. On the CPU with the same threads, a resumed run gives the bytes of an undisturbed one."""

    def quote(self, examples: Sequence[Example], student: str, prompt: Json, options: Json) -> CostQuote:
        """Tokens and operations of training on `examples`; reads the tokenizer, no weights.

        Raises TrainingError naming examples that do not fit, ConfigError for a wrong student or option.
        """
        chosen = options_from(options)
        folder = safetensors_folder(find_student(student))
        rows = tokenised(examples, folder, prompt)
        return cost_quote(rows, folder, chosen.epochs, share=chosen.share_prefix)

    def train(self, job: TrainingJob) -> TrainedModel:
        """Trains, or goes on from the last checkpoint in `job.work`, and writes to `job.output`: folder `adapter`
        (PEFT, and adapter.gguf where the student has a GGUF) and metrics.csv. Raises TrainingError.

        `steps`, `epochs` and losses of the result are those of the chosen epoch.
        """
        if not job.training:
            raise TrainingError("There are no examples to train on.", "Lower the shares of validation and test.")
        options = options_from(job.options)
        student = find_student(job.student)
        folder = safetensors_folder(student)
        with settled(options.threads):
            run = prepared(job, options, student, folder)
            run.train()
            weights = write_adapter(run.model, job.output / ADAPTER)
        write_metrics(job.output / "metrics.csv", run.state.lines)
        if student.gguf is not None and can_convert(folder) and options.kind != "dora":  # GGUF cannot hold lengths
            write_adapter_gguf(job.output / ADAPTER, folder, job.output / ADAPTER / "adapter.gguf")
        return TrainedModel(
            base=student.fingerprint,
            adapter=ADAPTER,
            adapter_sha256=file_digest(weights),
            prompt=digest(job.prompt),
            steps=run.state.chosen["step"],
            epochs=run.state.chosen["epoch"],
            train_loss=run.state.chosen["train"],
            validation_loss=run.state.chosen["validation"],
        )


def prepared(job: TrainingJob, options: LoraOptions, student: Student, folder: Path) -> Run:
    """The run of a job: rows, steps, and the student with fresh LoRA matrices drawn from the job's seed."""
    torch = optional("torch", "train")
    training = tokenised(job.training, folder, job.prompt, options.quote_weight)
    validation = tokenised(job.validation, folder, job.prompt)
    rows = [[asdict(row) for row in some] for some in (training, validation)]
    invocation = invocation_tokens(load_tokenizer(folder)) if options.kind == "activated" else ()
    if any(row.tokens[row.start - len(invocation) : row.start] != invocation for row in training if invocation):
        raise TrainingError("The answers do not follow the mark that begins them.", 'Set kind to "lora".')
    torch.manual_seed(job.seed)
    model = add_lora(open_student(folder, options), options, student.name, invocation)
    identity = [student.fingerprint, options.model_dump(exclude={"save_every", "threads"}), job.seed]
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
    )


def tokenised(examples: Sequence[Example], folder: Path, prompt: Json, quote_weight: float = 1.0) -> list[Row]:
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


plug = LoraTrainer()
