"""Tunes on a platform with OpenAI's fine-tuning API: OpenAI, Azure OpenAI, or `raftune serve`."""

import asyncio
import codecs
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raftune.contracts import TrainingJob
from raftune.costs import Price
from raftune.digest import Json, digest, file_digest
from raftune.errors import TrainingError
from raftune.hosting.azure import Deployment, deploy
from raftune.hosting.platform import Manner, Platform, Wish
from raftune.hosting.results import lines_of
from raftune.hosting.rules import find_problems
from raftune.prompts.raft import prompt_from
from raftune.records import Conversation, CostQuote, Example, TrainedModel
from raftune.training.curves import write_curves
from raftune.training.metrics import COLUMNS, write_metrics

ADAPTER, HOSTED = "adapter", "hosted.json"
SHOWN = 3
MILLION = 1e6


@dataclass(frozen=True)
class HostedTrainer:
    """A platform and what is asked of it. `azure` platforms want a byte-order mark, and deploy what they tuned.

    `count` gives the tokens of a text; `price` is that of the model, where it is known; `checkpoint` is the one that is
    taken; `token` gives tokens for Azure's management.
    """

    platform: Platform
    model: str
    batch_size: Any
    learning_rate_multiplier: Any
    checkpoint: str
    manner: Manner
    azure: bool
    count: Callable[[str], int]
    price: Price | None
    deployment: Deployment | None
    token: Callable[[], Awaitable[str]]

    def quote(self, examples: Sequence[Example], student: str, prompt: Json, options: Json) -> CostQuote:  # noqa: ARG002
        """Tokens and dollars of training; dollars are None where the price is not known."""
        wanted = prompt_from(prompt)
        asked = [sum(self.count(text) for _, text in wanted.of_example(example)) for example in examples]
        answered = [self.count(wanted.target(example)) for example in examples]
        tokens = (sum(asked) + sum(answered)) * options["epochs"]
        rate = None if self.price is None else self.price.training
        least = 0.0 if self.price is None else self.price.training_minimum
        return CostQuote(
            examples=len(examples),
            prompt_tokens=sum(asked),
            answer_tokens=sum(answered),
            longest=max((one + other for one, other in zip(asked, answered, strict=True)), default=0),
            epochs=options["epochs"],
            flops=0.0,
            dollars=None if rate is None else max(least, tokens / MILLION * rate),
        )

    def train(self, job: TrainingJob) -> TrainedModel:
        """Finds or starts the job, follows it to its end, and notes what opens the model. Raises TrainingError."""
        return asyncio.run(self.tuned(job))

    async def tuned(self, job: TrainingJob) -> TrainedModel:
        """As `train`."""
        try:
            return await self.followed(job)
        finally:
            await self.platform.endpoint.aclose()

    async def followed(self, job: TrainingJob) -> TrainedModel:
        """The steps of a hosted job, in order."""
        files = [self.written(job, name) for name in ("training", "validation")]
        training = await self.platform.upload(files[0])
        validation = await self.platform.upload(files[1]) if job.validation else None
        wish = Wish(self.model, job.seed, job.options["epochs"], self.batch_size, self.learning_rate_multiplier)
        name = await self.platform.job(training, validation, wish, self.manner)
        done = await self.platform.follow(name, lambda event: self.tell(job, name, event), self.manner)
        model = await self.platform.chosen(done, self.checkpoint)
        lines = lines_of(await self.platform.results(done), COLUMNS)
        write_metrics(self.output(job) / "metrics.csv", lines)
        write_curves(job.output / "curves.svg", lines)
        if self.deployment is not None:
            job.progress(0, 0, f"deploying as {self.deployment.name}, {self.hosting()}")
            await deploy(self.deployment, model, self.token, self.manner.seconds)
        return self.noted(job, done, model, lines)

    def written(self, job: TrainingJob, name: str) -> Path:
        """A file of chat rows, checked by the platform's rules. Raises TrainingError that names what is wrong."""
        prompt, path = prompt_from(job.prompt), job.work / f"{name}.jsonl"
        rows = [row_of(one, prompt) for one in getattr(job, name)]
        job.work.mkdir(parents=True, exist_ok=True)
        mark = codecs.BOM_UTF8.decode() if self.azure else ""
        path.write_text(mark + "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        found = (
            list(find_problems(path, "azure" if self.azure else "openai", training=name == "training")) if rows else []
        )
        if found:
            faults = "; ".join(f"line {one.line}: {one.what}" if one.line else one.what for one in found[:SHOWN])
            raise TrainingError(f"{self.platform.place} would not take the {name} rows: {faults}.", found[0].advice)
        return path

    def tell(self, job: TrainingJob, name: str, event: Any) -> None:
        """Passes an event on. Where the run is stopped, the job goes on at the platform."""
        data = event.data if isinstance(event.data, dict) else {}
        step, total = (int(data.get(field) or 0) for field in ("step", "total_steps"))
        try:
            job.progress(step, total, str(event.message)[:200])
        except TrainingError as error:
            advice = "Run again to follow it; to end it, cancel it there."
            raise TrainingError(f"The job {name} goes on at {self.platform.place}.", advice) from error
        if step and isinstance(data.get("train_loss"), float):
            job.track(step, {"train_loss": data["train_loss"]})

    def output(self, job: TrainingJob) -> Path:
        """The folder for what is kept."""
        (job.output / ADAPTER).mkdir(parents=True, exist_ok=True)
        return job.output

    def hosting(self) -> str:
        """What an hour of the deployment costs."""
        rate = None if self.price is None else self.price.hosting
        return "its price is not known" if rate is None else f"{rate:.2f} dollars an hour until `raftune undeploy`"

    def noted(self, job: TrainingJob, done: Any, model: str, lines: Sequence[list[Json]]) -> TrainedModel:
        """Writes what opens the model: no key, only where it is and what it is called."""
        name = self.deployment.name if self.deployment is not None else model
        path = self.output(job) / ADAPTER / HOSTED
        facts = {"model": name, "tuned": model, "base": self.model, "job": done.id, "place": self.platform.place}
        path.write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        last: dict[str, Json] = dict(zip(COLUMNS, lines[-1], strict=True)) if lines else {}
        return TrainedModel(
            base=self.model,
            adapter=ADAPTER,
            adapter_sha256=file_digest(path),
            prompt=digest(job.prompt),
            steps=int(last.get("step") or 0),
            epochs=job.options["epochs"],
            train_loss=float(last.get("train_loss") or 0.0),
            validation_loss=last.get("full_valid_loss"),
        )


def row_of(example: Example | Conversation, prompt: Any) -> Json:
    """A row in chat form."""
    if isinstance(example, Conversation):
        return {"messages": [{"role": turn.role, "content": turn.text} for turn in example.turns]}
    messages = [{"role": role, "content": text} for role, text in prompt.of_example(example)]
    return {"messages": [*messages, {"role": "assistant", "content": prompt.target(example)}]}


plug = HostedTrainer
