"""A made-up description of a training set."""

from raftune.describing.lengths import spread_of
from raftune.report_records import CoveredStretch, DatasetDescription, DocumentCoverage, ExampleCount, FunnelStep


def make_description(files: int = 2) -> DatasetDescription:
    """142 examples from a few files, one of them Korean."""
    return DatasetDescription(
        counts=tuple(
            ExampleCount.model_validate(
                {"split": split, "behaviour": behaviour, "kind": kind, "language": language, "examples": count}
            )
            for split, behaviour, kind, language, count in (
                ("train", "abstain", "fact", "en", 20),
                ("train", "answer", "fact", "en", 51),
                ("train", "answer", "number", "ko", 29),
                ("train", "answer", "table", "en", 14),
                ("validation", "answer", "fact", "en", 14),
                ("test", "answer", "condition", "en", 14),
            )
        ),
        lengths=(
            spread_of("question", [20 + (7 * n) % 90 for n in range(142)], 20),
            spread_of("answer", [3 + n * n % 60 for n in range(142)], 20),
            spread_of("document", [900 + (13 * n) % 400 for n in range(710)], 20),
            spread_of("prompt", [4_800 + (31 * n) % 1_000 for n in range(142)], 20),
        ),
        positions=(25, 24, 23, 25, 25),
        hidden=20,
        shown=((5, 142),),
        tiers=(("oracle", 122), ("near", 294), ("random", 294)),
        flags=(("closed book", 4),),
        funnel=(
            FunnelStep(stage="chunk", rows=60, rejected=(("too short", 3),)),
            FunnelStep(stage="ask", rows=290, rejected=(("does not stand alone", 9), ("near-duplicate", 21))),
            FunnelStep(
                stage="answer", rows=214, rejected=(("quote not found", 30), ("not supported by its quotes", 46))
            ),
            FunnelStep(stage="verify", rows=160, rejected=(("second answer differs", 54),)),
            FunnelStep(stage="review", rows=142, rejected=(("rejected in review", 18),)),
            FunnelStep(stage="assemble", rows=142, rejected=()),
        ),
        coverage=tuple(make_coverage(number) for number in range(files)),
    )


def make_coverage(number: int) -> DocumentCoverage:
    """A document of three pages whose last page no question touches."""
    parts = (("used", 0, 1_200, (1,)), ("lost", 1_200, 1_500, (2,)), ("used", 1_500, 2_000, (2,)),
             ("untouched", 2_000, 2_900, (3,)), ("outside", 2_900, 3_000, (3,)))  # fmt: skip
    return DocumentCoverage(
        document=f"d{number}",
        name=["rules/fees-and-charges.pdf", "항만 위원회 규정.pdf"][number % 2],
        characters=3_000,
        pages=3,
        questions=120,
        examples=71,
        used=0.5667,
        stretches=tuple(
            CoveredStretch.model_validate({"state": state, "start": start, "end": end, "pages": pages})
            for state, start, end, pages in parts
        ),
        idle=("c9",),
        idle_pages=(3,),
    )
