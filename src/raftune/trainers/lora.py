"""Tunes a student on this machine: LoRA or all of it, answers only, documents read once a document set, resumable."""

from collections.abc import Sequence

from raftune.contracts import TrainingJob
from raftune.digest import Json
from raftune.errors import TrainingError
from raftune.models.student import find_student, safetensors_folder
from raftune.records import CostQuote, Example, TrainedModel
from raftune.training.cost import cost_quote
from raftune.training.job import check, do_job, tokenised
from raftune.training.launching import launch
from raftune.training.options import options_from
from raftune.training.processes import Processes


class LoraTrainer:
    """LoRA by torch and PEFT. On the CPU with the same threads, a resumed run gives the bytes of an undisturbed one."""

    def quote(self, examples: Sequence[Example], student: str, prompt: Json, options: Json) -> CostQuote:
        """Tokens and operations of training on `examples`; reads the tokenizer, no weights.

        Raises TrainingError naming examples that do not fit, ConfigError for a wrong student or option.
        """
        chosen = options_from(options)
        folder = safetensors_folder(find_student(student))
        rows = tokenised(examples, folder, prompt)
        return cost_quote(rows, folder, chosen.epochs, share=chosen.share_prefix, full=chosen.kind == "full")

    def train(self, job: TrainingJob) -> TrainedModel:
        """Trains in this process, or in as many as the options say. Raises TrainingError, ConfigError."""
        if not job.training:
            raise TrainingError("There are no examples to train on.", "Lower the shares of validation and test.")
        options = options_from(job.options)
        check(options)
        return do_job(job, Processes()) if options.processes == 1 else launch(job, options)


plug = LoraTrainer()
