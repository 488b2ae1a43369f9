"""raftune plan: what a run would do, why, and what it would cost."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from raftune.cli.options import HERE, NONE, AsJson, Changes, Folder, Sample, with_sample

if TYPE_CHECKING:
    from raftune.estimating.estimate import Estimate
    from raftune.planning import Tuning

FREE_FIRST = "not known before chunk: `raftune run --until chunk` is free"
PAGES_FIRST = "not known before its pages are read once without a model"


def plan(
    project: Folder = HERE,
    changes: Changes = NONE,
    sample: Sample = None,
    why: Annotated[bool, typer.Option("--why", help="Name what changed since the last run.")] = False,
    tune_at: Annotated[str, typer.Option("--tune-at", help="Price tuning this model at its provider.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say for each stage whether it is stored or would run, and what those that ask an endpoint would cost."""
    from raftune import api, planning

    opened = api.open_project(project, with_sample(changes, sample))
    planner = api.planned(opened)
    with planning.foresight(opened, planner.artifacts) as foresight:
        estimates = foresight.estimates(planner.plans)
    tuning = planning.tuning_at(opened, tune_at) if tune_at else None
    if as_json:
        typer.echo(json.dumps(as_object(planner.plans, estimates, tuning)))
        return
    for one in planner.plans:
        words = details(one.rows, one.last_seconds)
        if one.stage in estimates:
            unknown = PAGES_FIRST if one.stage in ("ingest", "chunk") else FREE_FIRST
            words = cost_words(estimates[one.stage], unknown)
        typer.echo(f"{one.stage:<9} {one.status:<10} {words}".rstrip())
        for reason in one.why if why else ():
            typer.echo(f"          because {reason}")
    if estimates:
        typer.echo(total_words(list(estimates.values())))
    if tuning:
        typer.echo(tuning_words(tuning))


def details(rows: int | None, last_seconds: float | None) -> str:
    """How many rows are stored, or how long the stage took last time."""
    from raftune.cli.watch import duration

    if rows is not None:
        return f"{rows} rows"
    return "" if last_seconds is None else f"(took {duration(last_seconds)} last time)"


def cost_words(estimate: "Estimate | None", unknown: str = FREE_FIRST) -> str:
    """What a stage would take: 1,204 requests, 731k + 388k tokens (read and written), $0.34, 8 min 2 s."""
    from raftune.cli.watch import duration

    if estimate is None:
        return unknown
    usage = estimate.usage
    if not usage.requests:
        return f"nothing to pay: {estimate.by if estimate.by.startswith('answered') else 'the ledger has it all'}"
    time = "" if estimate.minutes is None else f", {duration(60 * estimate.minutes)}"
    asked = f"{usage.requests:,} request{'s' * (usage.requests > 1)}"
    tokens = f"{thousands(usage.prompt_tokens)} + {thousands(usage.completion_tokens)} tokens"
    return f"{asked}, {tokens}, {dollars(estimate.dollars)}{time}"


def total_words(estimates: "list[Estimate | None]") -> str:
    """The sum, and what the replies' lengths go by."""
    known = [estimate for estimate in estimates if estimate is not None]
    ways = dict.fromkeys(estimate.by for estimate in known if estimate.usage.requests)
    if not known:
        return "together  not known yet"
    spent = None if any(one.dollars is None for one in known) else sum(one.dollars or 0.0 for one in known)
    more = " and what is not known yet" if len(known) < len(estimates) else ""
    about = "" if spent is None else "about "
    words = f"together  {about}{dollars(spent)}{more}" + (f" (replies' lengths {', '.join(ways)})" if ways else "")
    share = min(estimate.share for estimate in known)
    return words if share == 1 else f"{words}\n          counted on {100 * share:.3g} % of the passages, and scaled"


def tuning_words(tuning: "Tuning") -> str:
    """What a provider takes for tuning."""
    hosting = "" if tuning.hosting is None else f"\n          then ${tuning.hosting:.2f} an hour to keep it ready"
    tokens = f"{tuning.tokens:,} tokens (by {tuning.counter}) x {tuning.epochs} epochs"
    return f"\ntuning    {tuning.model}: {tokens}, {dollars(tuning.dollars)}{hosting}"


def dollars(amount: float | None) -> str:
    """An amount for people; what is not known is never 0."""
    from raftune.remembering.spending import money

    return "price not known" if amount is None else money(amount)


def thousands(count: int) -> str:
    """A number of tokens: 950, 12k, 3.4M."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 1_000_000 else f"{count / 1_000_000:.1f}M"


def as_object(plans: Any, estimates: "dict[str, Estimate | None]", tuning: "Tuning | None") -> Any:
    """All of it as JSON: an estimate is null where the stage asks nobody, or cannot be estimated yet."""
    found = {name: asdict(estimate) if estimate else None for name, estimate in estimates.items()}
    rows = [{**asdict(one), "estimate": found.get(one.stage)} for one in plans]
    return [*rows, {"stage": "tuning", **asdict(tuning)}] if tuning else rows
