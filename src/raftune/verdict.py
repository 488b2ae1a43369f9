"""The first sentence of the report: better, worse, mixed, or no difference shown, with the numbers that say so."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from raftune.records import Language
from raftune.report_records import Difference

HEADLINE = ("quote_from_oracle", "token_f1_lenient")
FEW_QUESTIONS, FEW_GROUPS, MANY_FAILED = 200, 10, 0.05

Finding = Literal["better", "worse", "none", "unknown"]


@cache
def words(language: Language) -> dict[str, Any]:
    """The sentences of `verdict.LANGUAGE.toml`."""
    return tomllib.loads((files(__package__) / f"verdict.{language}.toml").read_text(encoding="utf-8"))


def finding(difference: Difference | None) -> Finding:
    """What a difference shows: its whole interval lies on one side of 0, or it shows nothing."""
    if difference is None or difference.low is None or difference.high is None:
        return "unknown"
    low, high = difference.low, difference.high
    if not difference.higher_is_better:
        low, high = -high, -low
    return "better" if low > 0 else "worse" if high < 0 else "none"


def verdict(
    differences: Mapping[str, Difference], questions: int, groups: int, language: Language
) -> tuple[bool | None, str]:
    """(helped, sentence).

    `helped` is True only where both headline metrics are better, and False where one is worse and none is
    better; a mixed result, or one that shows no difference, is None.
    """
    texts = words(language)
    found = {metric: finding(differences.get(metric)) for metric in HEADLINE}
    outcome = overall(list(found.values()))
    if outcome == "unknown":
        return None, texts["unknown"].format(questions=questions, groups=groups)
    clauses = [clause(differences[metric], found[metric], texts) for metric in HEADLINE]
    sentence = texts[outcome].format(questions=questions, groups=groups, clauses=texts["and"].join(clauses))
    return {"better": True, "worse": False}.get(outcome), sentence


def overall(found: Sequence[Finding]) -> str:
    """One word for the headline metrics together."""
    if "unknown" in found:
        return "unknown"
    if len(set(found)) == 1:
        return found[0]
    return "worse" if "better" not in found else "mixed"


def clause(difference: Difference, found: Finding, texts: Mapping[str, Any]) -> str:
    """One metric's part of the sentence."""
    return str(texts[difference.metric][found]).format(
        value=points(difference.value, signed=found == "none"),
        low=points(difference.low, signed=True),
        high=points(difference.high, signed=True),
        n=difference.n,
        detectable=points(difference.detectable),
    )


def points(share: float | None, *, signed: bool = False) -> str:
    """A share of 1 in hundredths with one decimal, without a sign or with a true one; a dash for None."""
    if share is None:
        return "–"
    hundredths = round(100 * share, 1) + 0.0
    sign = ("+" if hundredths > 0 else "−" if hundredths < 0 else "") if signed else ""
    return f"{sign}{abs(hundredths):.1f}"


def judge_warnings(judged: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    """What a reader has to know about the judge: `judged` as the stage grade writes it, empty without one."""
    texts = words(language)["warning"]
    checks = [check for some in judged.get("planted", {}).values() for check in some]
    wrong = sum(not check["right"] for check in checks)
    unusable = sum(judged.get("unusable", {}).values())
    found = (
        ("judge_teacher", bool(judged.get("is_teacher"))),
        ("judge_wrong", wrong > 0),
        ("judge_untried", bool(judged) and not checks),
        ("judge_unusable", unusable > 0),
    )
    counts = {"wrong": wrong, "checks": len(checks), "unusable": unusable, "judge": judged.get("judge", "")}
    return tuple(str(texts[name]).format(**counts) for name, holds in found if holds)


def warnings(questions: int, groups: int, failed: float, shared_groups: int, language: Language) -> tuple[str, ...]:
    """What a reader has to know first; `failed` is the largest share of replies that a system lacks."""
    texts = words(language)["warning"]
    found = (
        ("shared", shared_groups > 0),
        ("failed", failed > MANY_FAILED),
        ("questions", questions < FEW_QUESTIONS),
        ("groups", groups < FEW_GROUPS),
    )
    return tuple(
        str(texts[name]).format(questions=questions, groups=groups, failed=points(failed), shared=shared_groups)
        for name, holds in found
        if holds
    )
