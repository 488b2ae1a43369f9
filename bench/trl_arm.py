"""TRL's SFTTrainer as a careful user sets it on a CPU, on given token ids and labels."""

import tempfile
import time
from collections.abc import Sequence
from typing import Any

from raftune.models.extras import optional
from raftune.training.adapter import PROJECTIONS
from raftune.training.rows import Row


def timed_trl(model: Any, tokenizer: Any, rows: Sequence[Row], small: Sequence[Row], *, packing: bool) -> float:
    """Seconds of an optimizer step over all `rows`, after a pass over `small` ones that is not counted.

    fp32, no checkpointing, answers only, LoRA of rank 16; TRL's default loss makes logits a few at a time.

    Raises ValueError when TRL would learn other tokens than ours.
    """
    datasets, peft, trl = (optional(name, "bench") for name in ("datasets", "peft", "trl"))
    from transformers import TrainerCallback

    class Clock(TrainerCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            self.began = self.seconds = 0.0

        def on_step_begin(self, *_: Any, **__: Any) -> None:
            self.began = time.perf_counter()

        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.seconds = time.perf_counter() - self.began

    warm_up(model, small)
    longest = max(len(row.tokens) for row in rows)
    table = [
        {"input_ids": list(row.tokens), "labels": [-100] * row.start + list(row.tokens[row.start :])} for row in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        settings = trl.SFTConfig(
            output_dir=folder,
            max_length=longest * (2 if packing else 1),
            packing=packing,
            per_device_train_batch_size=1,
            gradient_accumulation_steps=len(rows),
            num_train_epochs=1,
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            train_sampling_strategy="group_by_length",
            dataset_kwargs={"skip_prepare_dataset": not packing},
        )
        lora = peft.LoraConfig(
            r=16, lora_alpha=32, lora_dropout=0.0, target_modules=list(PROJECTIONS), task_type="CAUSAL_LM"
        )
        clock = Clock()
        trainer = trl.SFTTrainer(
            model=model,
            args=settings,
            train_dataset=datasets.Dataset.from_list(table),
            processing_class=tokenizer,
            peft_config=lora,
            callbacks=[clock],
        )
        learned = sum(int((batch["labels"] != -100).sum()) for batch in trainer.get_train_dataloader())
        if learned != sum(row.labels for row in rows):
            raise ValueError(f"TRL learns {learned} tokens, not {sum(row.labels for row in rows)}")
        trainer.train()
    return clock.seconds


def warm_up(model: Any, rows: Sequence[Row]) -> None:
    """A pass forward and backward, as the first ones in a process are slower; leaves no gradients."""
    import torch

    for row in rows:
        ids = torch.tensor([row.tokens])
        model(input_ids=ids, labels=ids).loss.backward()
    model.zero_grad(set_to_none=True)
