"""raftune audit: every fault that training sets are known to have, looked for in files made anywhere."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from raftune.cli.options import HERE, NONE, AsJson, Folder
from raftune.errors import AuditFailed, ConfigError

if TYPE_CHECKING:
    from raftune.auditing.report import AuditReport

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Files or folders of one training set; without any, the project's own examples."),
]
Examples = Annotated[int, typer.Option("--examples", "-n", min=0, help="How many examples of each fault.")]
Share = Annotated[
    float | None, typer.Option("--oracle-share", min=0, max=1, help="The share of rows that should show their oracle.")
]
Only = Annotated[list[str], typer.Option("--only", metavar="CHECK", help="Run this check only; may be repeated.")]
Skip = Annotated[list[str], typer.Option("--skip", metavar="CHECK", help="Leave this check out; may be repeated.")]
Splits = Annotated[
    list[str], typer.Option("--split", metavar="FILE=SPLIT", help="The split of a file whose name does not tell.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Fail for warnings too.")]


def audit(  # noqa: PLR0917 - options of a command
    files: Files = None,
    examples: Examples = 1,
    oracle_share: Share = None,
    only: Only = NONE,
    skip: Skip = NONE,
    split: Splits = NONE,
    strict: Strict = False,
    project: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Look for faults in a training set: raftune's own, raft.py's, the Azure sample's, and the common chat forms.

    Ends with exit code 9 where an error was found (with --strict, also a warning), else with 0.
    """
    from raftune.audited import AuditOptions
    from raftune.auditing import audit as look
    from raftune.auditing.table import lines_of

    if not files:
        files, oracle_share = own_examples(project, oracle_share)
    options = AuditOptions(oracle_share, examples)
    report = look(files, options, only=only, skip=skip, splits=dict(map(pair, split)))
    for line in [json.dumps(report.to_json(), ensure_ascii=False)] if as_json else lines_of(report):
        typer.echo(line)
    judge(report, strict=strict)


def own_examples(folder: Path, share: float | None) -> tuple[list[Path], float | None]:
    """The files of the project's latest examples, and the oracle share its settings state."""
    from raftune import api

    opened = api.open_project(folder)
    stored = api.stored(opened, "assemble").folder
    config = opened.settings.assemble
    stated = config.oracle_share if config.without_oracle != "drop" else 1.0
    return sorted(stored.glob("rows-*.jsonl")) if stored else [], stated if share is None else share


def pair(text: str) -> tuple[Path, str]:
    """FILE=SPLIT taken apart. Raises ConfigError."""
    file, mark, split = text.rpartition("=")
    if not (file and mark and split):
        raise ConfigError(f"--split {text} names no split.", "Write it as in --split rows.jsonl=train.")
    return Path(file), split


def judge(report: "AuditReport", *, strict: bool) -> None:
    """Raises AuditFailed where there are errors, or warnings that count as such."""
    errors, warnings = report.count("error"), report.count("warning")
    if errors or (strict and warnings):
        what = f"{errors} checks found errors" if errors else f"{warnings} checks found warnings"
        raise AuditFailed(f"The training set has faults: {what}.", "Mend or drop these rows before you train on them.")
