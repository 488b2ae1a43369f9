"""Passages of one subject: exact, small enough, parted where the words change."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftune.contracts import Span, SplitOptions
from raftune.embedders.hashed import HashedEmbedder
from raftune.errors import ConfigError
from raftune.models.tokens import characters, estimated
from raftune.splitters import semantic
from raftune.splitters.semantic import gap_distances, plug
from tests.markdown_texts import MARKDOWN, check

EMBEDDER = HashedEmbedder(64)
PORTS = "The harbour is closed in winter. Ships wait in the harbour. A pilot brings ships into the harbour. "
BREAD = "Dough needs flour and yeast. The yeast makes the dough rise. Bake the dough with more flour. "


def split(text: str, maximum: int, minimum: int = 0, **options: Any) -> Sequence[Span]:
    made: dict[str, Any] = {"measure": characters, "embedder": EMBEDDER, **options}
    return asyncio.run(plug(SplitOptions(maximum, minimum, **made)).split(text))


def texts(text: str, maximum: int, minimum: int = 0, **options: Any) -> list[str]:
    return [text[span.start : span.end] for span in split(text, maximum, minimum, **options)]


@settings(max_examples=120, deadline=None)
@given(
    MARKDOWN, st.integers(20, 300), st.integers(0, 60), st.integers(0, 100), st.sampled_from([characters, estimated])
)
def test_spans_are_exact_in_order_small_enough_and_lose_nothing(
    text: str, maximum: int, minimum: int, percentile: int, measure: Any
) -> None:
    check(text, split(text, maximum, minimum, measure=measure, percentile=percentile), maximum, measure)


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(20, 100))
def test_any_text_can_be_split(text: str, maximum: int) -> None:
    check(text, split(text, maximum), maximum, characters)


@settings(deadline=None, max_examples=60)
@given(MARKDOWN, st.integers(40, 300), st.integers(0, 20))
def test_an_overlap_repeats_no_more_than_it_may(text: str, maximum: int, overlap: int) -> None:
    spans = split(text, maximum, overlap=overlap)
    covered = 0
    for before, span in zip([None, *spans], spans, strict=False):
        if before is not None:
            assert before.start < span.start
            assert before.end - span.start <= overlap
            assert before.end < span.end
        assert not text[covered : span.start].strip()
        assert span.end - span.start <= maximum
        covered = span.end
    assert not text[covered:].strip()


def test_an_overlap_is_the_last_whole_sentence() -> None:
    text = "One is here. Two is here. Three is here. Four is here. Five is here. Six is here."
    pieces = texts(text, 60, overlap=16, percentile=100)
    assert len(pieces) > 1
    assert all(later.split(". ")[0] in earlier for earlier, later in pairwise(pieces))


def test_passages_are_parted_where_the_subject_changes() -> None:
    text = PORTS * 2 + BREAD * 2 + PORTS * 2
    parts = texts(text.strip(), 400, 100, embedder=HashedEmbedder(), percentile=85)
    assert [("harbour" in part, "dough" in part) for part in parts] == [(True, False), (False, True), (True, False)]


def test_a_heading_begins_a_passage_and_keeps_its_text() -> None:
    text = f"{PORTS}\n\n# Bread\n\n## Dough\n\n{BREAD}"
    assert [part.split("\n")[0][:7] for part in texts(text, 400, 60)] == ["The har", "# Bread"]
    assert split(text, 400, 60)[1].headings == ("Bread",)


def test_a_short_passage_joins_its_neighbour() -> None:
    text = f"# One\n\nShort.\n\n# Two\n\n{PORTS}"
    assert len(texts(text, 400, 60)) == 1
    assert len(texts(text, 400, 0)) == 2


def test_lists_tables_and_code_stay_whole() -> None:
    blocks = [
        "- one port\n\n- two ports\n\n- three ports",
        "| port | ships |\n|---|---|\n| A | 1 |\n| B | 2 |",
        "```\n# code\nx = 1\n\ny = 2\n```",
    ]
    text = f"{PORTS}\n\n" + f"\n\n{BREAD}\n\n".join(blocks)
    parts = texts(text, 160, 0, percentile=50)
    assert all(any(block in part for part in parts) for block in blocks)


def test_distances_in_batches_are_those_of_one_batch_but_for_the_centre(monkeypatch: pytest.MonkeyPatch) -> None:
    class Turning:
        name = "turning"

        async def embed(self, texts: Sequence[str]) -> Any:
            angles = np.array([float(text) for text in texts])
            return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    rows = [str(number % 7) for number in range(70)]
    whole = asyncio.run(gap_distances(Turning(), rows))
    monkeypatch.setattr(semantic, "BATCH", 14)
    parts = asyncio.run(gap_distances(Turning(), rows))
    assert len(whole) == len(parts) == len(rows)
    assert whole[0] == parts[0] == 0
    assert np.corrcoef(whole, parts)[0, 1] > 0.9


def test_without_an_embedder_it_says_so() -> None:
    with pytest.raises(ConfigError, match="needs an embedder"):
        split("Text.", 100, embedder=None)


def test_a_text_of_white_space_has_no_passages() -> None:
    assert split(" \n\n ", 100) == []
