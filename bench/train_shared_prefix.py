"""Training with shared documents beside separate examples and TRL, on the same rows, each arm in a process of its own.

python bench/train_shared_prefix.py [--data FOLDER] [--documents 1500 3000] [--questions 5 25] [--arms ...]
    [--parts timing exact steps growth] [--repeats 1] [--plot FILE.svg] [--json]

Needs `pip install raftune[bench,train]`. Times are of one optimizer step after a small one that warms up, per example.
All arms take turns, `--repeats` times, so that a machine that gets faster or slower does so for all of them: seconds
are medians, ratios the medians of each turn's ratio. Each arm measures GEMM before and after its step; `at_equal_gemm`
are the ratios with each time multiplied by it. An example costs the same whether 5 or 25 share its documents when
each reads them, so the arms that do are timed on `--separate` and `--trl` examples.
Operations: 4 a weight and token (forward and input gradients; the weights are frozen), 14 a width, layer and pair of
tokens that attend (2 products forward, 5 backward), 4 a width, vocabulary and label; of a separate example for all arms
but the shared ones. `share_of_peak` is of the GEMM measured beside the arm.
"""

import argparse
import json
import multiprocessing
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from document_rows import document_rows
from growth import growth_chart
from noted_run import NotedRun
from raftune.models.student import find_student, safetensors_folder
from raftune.models.weights import load_model, load_tokenizer
from raftune.training.adapter import add_lora, trained
from raftune.training.options import LoraOptions
from raftune.training.rows import Row, document_sets, shared_tokens, tokens_and_pairs
from raftune.training.run_state import RunState
from raftune.training.schedule import Step, schedule
from raftune.training.shared_prefix import Way, prepare, run_group
from training_table import training_table
from trl_arm import timed_trl

STUDENT = "smollm2-135m-instruct"
ARMS = ("shared", "separate", "trl", "trl_packed", "activated", "activated_kept")
SIZES, QUESTIONS = (500, 1000, 1500, 3000), (1, 2, 5, 10, 25)
WEIGHTS, WIDTH, LAYERS, VOCABULARY = 106_168_320, 576, 30, 49152
Key = tuple[str, int, int]
Turn = dict[Key, dict[str, float]]


def student(options: LoraOptions, invocation: tuple[int, ...] = ()) -> Any:
    """The real student with LoRA whose second matrices are not zero, as in mid-training."""
    import torch

    torch.manual_seed(0)
    model = add_lora(load_model(safetensors_folder(find_student(STUDENT))), options, STUDENT, invocation).train()
    for name, parameter in trained(model).items():
        if "lora_B" in name:
            parameter.data = torch.randn_like(parameter) * 0.02
    return model


def real_rows(data: Path, documents: int, questions: int) -> list[Row]:
    return document_rows(data, load_tokenizer(safetensors_folder(find_student(STUDENT))), documents, questions)


def timed(arm: str, data: Path, documents: int, questions: int) -> dict[str, float]:
    """Seconds per example of an arm, the peak memory of this process in MB, GEMM in GFLOP/s before and after it."""
    gemm = gemm_peak()
    rows, small = real_rows(data, documents, questions), real_rows(data, 100, 2)
    if arm.startswith("trl"):
        tokenizer = load_tokenizer(safetensors_folder(find_student(STUDENT)))
        model = load_model(safetensors_folder(find_student(STUDENT)))
        seconds = timed_trl(model, tokenizer, rows, small, packing=arm == "trl_packed")
    else:
        seconds = timed_ours(arm, rows, small)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gemm = (gemm + gemm_peak()) / 2
    return {"seconds_per_example": seconds / len(rows), "peak_mb": peak, "gemm_gflops": gemm}


def timed_ours(arm: str, rows: Sequence[Row], small: Sequence[Row]) -> float:
    """Seconds of an optimizer step over `rows` after one over `small`; for kept documents, of a second."""
    import torch

    activated = arm.startswith("activated")
    model = student(LoraOptions(kind="activated" if activated else "lora"), (1, 2, 3) if activated else ())
    way = prepare(model, share=arm != "separate", invocation=3 if activated else None)
    optimizer = torch.optim.AdamW(trained(model).values(), lr=1e-4)
    seconds = 0.0
    for group in [small, *[rows] * (2 if arm == "activated_kept" else 1)]:
        began = time.perf_counter()
        run_group(model.get_base_model(), sorted(group, key=lambda row: len(row.tokens)), 1000, way)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds = time.perf_counter() - began
    return seconds


def operations(rows: Sequence[Row], *, share: bool) -> float:
    """Floating point operations per example."""
    tokens, pairs = tokens_and_pairs(rows, share=share)
    total = 4.0 * WEIGHTS * tokens + 14.0 * WIDTH * LAYERS * pairs
    return (total + 4.0 * WIDTH * VOCABULARY * sum(row.labels for row in rows)) / len(rows)


def gemm_peak() -> float:
    """Best of 8 fp32 products of 2048 x 2048 matrices, in GFLOP/s."""
    import torch

    left, right = torch.randn(2048, 2048), torch.randn(2048, 2048)
    best = 0.0
    for _ in range(8):
        began = time.perf_counter()
        left @ right
        best = max(best, 2 * 2048**3 / (time.perf_counter() - began) / 1e9)
    return best


def turns(arguments: argparse.Namespace) -> list[Turn]:
    """What each turn measured by arm, document tokens and examples."""
    keys = dict.fromkeys(
        (arm, documents, examples_of(arm, questions, arguments))
        for documents in arguments.documents
        for questions in arguments.questions
        for arm in arguments.arms
    )
    found: list[Turn] = []
    for _ in range(arguments.repeats):
        found.append({})
        for key in keys:
            found[-1][key] = apart(timed, key[0], arguments.data, *key[1:])
            print(f"  {key}: {found[-1][key]}", flush=True)
    return found


def examples_of(arm: str, questions: int, arguments: argparse.Namespace) -> int:
    """How many examples an arm is timed on."""
    chosen: dict[str, int] = {"separate": arguments.separate, "trl": arguments.trl, "trl_packed": arguments.trl}
    return chosen.get(arm, questions)


def setting(arguments: argparse.Namespace, documents: int, questions: int, found: list[Turn]) -> dict[str, Any]:
    """The figures of one size from what the turns found."""
    rows = real_rows(arguments.data, documents, questions)
    of_arm = {
        arm: [turn[arm, documents, examples_of(arm, questions, arguments)] for turn in found] for arm in arguments.arms
    }
    counts = {arm: operations(rows, share=arm == "shared") / 1e9 for arm in arguments.arms if "activated" not in arm}
    speeds = {arm: [count / one["seconds_per_example"] for one in of_arm[arm]] for arm, count in counts.items()}
    others = [arm for arm in arguments.arms if arm != "shared"]
    ratios = {arm: ratios_of(of_arm[arm], of_arm["shared"], lambda _: 1.0) for arm in others}
    at_equal = {arm: ratios_of(of_arm[arm], of_arm["shared"], lambda one: one["gemm_gflops"]) for arm in others}
    return {
        "document_tokens": documents,
        "q": questions,
        "shared_tokens": shared_tokens(rows),
        "suffix_tokens": round(sum(len(row.tokens) - shared_tokens(rows) for row in rows) / len(rows)),
        "seconds_per_example": {
            arm: middle([one["seconds_per_example"] for one in some], 3) for arm, some in of_arm.items()
        },
        "peak_mb": {arm: round(max(one["peak_mb"] for one in some)) for arm, some in of_arm.items()},
        **{f"ratio_to_{arm}": middle(some) for arm, some in ratios.items()},
        "ratios_of_turns": ratios,
        "at_equal_gemm": {arm: middle(some) for arm, some in at_equal.items()},
        "achieved_gflops": {arm: middle(some, 1) for arm, some in speeds.items()},
        "share_of_peak": {
            arm: middle([speed / one["gemm_gflops"] for speed, one in zip(some, of_arm[arm], strict=True)])
            for arm, some in speeds.items()
        },
    }


def ratios_of(
    some: list[dict[str, float]], shared: list[dict[str, float]], scale: Callable[[dict[str, float]], float]
) -> list[float]:
    """Each turn's seconds of an arm by those of the shared one, both multiplied by `scale`."""
    pairs = zip(some, shared, strict=True)
    times = [[one["seconds_per_example"] * scale(one) for one in pair] for pair in pairs]
    return [round(other / own, 2) for other, own in times]


def middle(numbers: Sequence[float], digits: int = 2) -> float:
    """The median, rounded."""
    return round(statistics.median(numbers), digits)


def exact(data: Path) -> dict[str, float]:
    """Gradients of shared documents beside those of the model's own code on separate examples, fp32, real rows."""
    import torch

    rows = real_rows(data, 600, 3)
    model = student(LoraOptions())
    causal, found = model.get_base_model(), []
    for way in (Way(share=False, flat=False), None):
        chosen = way or prepare(model)
        model.zero_grad()
        run_group(causal, rows, sum(row.weight for row in rows), chosen)
        found.append(torch.cat([one.grad.flatten() for one in trained(model).values()]).double())
    apart_, together = found
    cosine = float(apart_ @ together / apart_.norm() / together.norm())
    error = float((apart_ - together).norm() / apart_.norm())
    return {"gradient_cosine": cosine, "gradient_relative_error": error}


def losses(data: Path, steps: int, arm: str) -> list[float]:
    """The mean training loss of each of `steps` optimizer steps on real rows with short documents."""
    import torch

    rows = [replace(row, document_set=str(number // 3)) for number, row in enumerate(real_rows(data, 100, 12))]
    options = LoraOptions(
        epochs=-(-steps // 4), examples_per_step=3, sets_per_step=1, share_prefix=arm == "shared", save_every=1000
    )
    made: list[Step] = schedule(rows, options, 0)[:steps]
    torch.manual_seed(0)
    model = add_lora(load_model(safetensors_folder(find_student(STUDENT))), options, STUDENT).train()
    with tempfile.TemporaryDirectory() as folder:
        run = NotedRun(model, options, made, document_sets(()), Path(folder), lambda *_: None, RunState("bench"))
        run.train()
    return run.losses


def apart(function: Any, *arguments: Any) -> Any:
    """The function's result from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def growth(data: Path) -> list[dict[str, float]]:
    """Seconds per example by document length and questions on a document set; gains are at equal GEMM."""
    found = []
    for documents in SIZES:
        separate = apart(timed, "separate", data, documents, 2)
        for questions in QUESTIONS:
            shared = separate if questions == 1 else apart(timed, "shared", data, documents, questions)
            work, own = (one["seconds_per_example"] * one["gemm_gflops"] for one in (separate, shared))
            seconds, formula = shared["seconds_per_example"], token_ratio(real_rows(data, documents, questions))
            point = {"document_tokens": documents, "q": questions, "seconds_per_example": round(seconds, 3)}
            found.append(point | {"gain": round(work / own, 2), "formula": round(formula, 2)})
            print(f"  {found[-1]}", flush=True)
    return found


def token_ratio(rows: Sequence[Row]) -> float:
    """q(P + S) / (P + qS): tokens read for separate rows by those read where documents and instructions are shared."""
    shared, tokens = shared_tokens(rows) if len(rows) > 1 else 0, sum(len(row.tokens) for row in rows)
    return tokens / (tokens - (len(rows) - 1) * shared)


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """The object that is printed."""
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {multiprocessing.cpu_count()} cores",
        "student": STUDENT,
        "date": datetime.now(UTC).date().isoformat(),
        "timed_examples": {"separate": arguments.separate, "trl": arguments.trl},
        "turns": arguments.repeats,
    }
    if "exact" in arguments.parts:
        result |= apart(exact, arguments.data)
    if "timing" in arguments.parts:
        sizes = [(documents, questions) for documents in arguments.documents for questions in arguments.questions]
        found = turns(arguments)
        result["gemm_peak_gflops"] = round(max(one["gemm_gflops"] for turn in found for one in turn.values()), 1)
        result["settings"] = [setting(arguments, *size, found) for size in sizes]
    if "steps" in arguments.parts:
        pairs = zip(
            *(apart(losses, arguments.data, arguments.steps, arm) for arm in ("shared", "separate")), strict=True
        )
        result["loss_difference"] = max(abs(one - other) for one, other in pairs)
        result["loss_steps"] = arguments.steps
    if "growth" in arguments.parts:
        result["growth"] = growth(arguments.data)
        if arguments.plot:
            arguments.plot.write_text(growth_chart(result["growth"]), encoding="utf-8")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--documents", type=int, nargs="+", default=[1500, 3000])
    parser.add_argument("--questions", type=int, nargs="+", default=[5, 25])
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS[:4]))
    parser.add_argument("--separate", type=int, default=2)
    parser.add_argument("--trl", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=1, help="turns of which the medians are taken")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument(
        "--parts", nargs="+", choices=("exact", "timing", "steps", "growth"), default=["exact", "timing"]
    )
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = measured(arguments)
    print(json.dumps(result) if arguments.json else training_table(result))


if __name__ == "__main__":
    main()
