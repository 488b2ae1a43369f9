"""A page with its quotes lit, on its picture and in its text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.api import open_project, stored
from raftune.errors import ConfigError
from raftune.records import Answer
from raftune.web.library import Library
from raftune.web.page_views import page_view, pieces, quoted, text_with_quotes


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_pieces_are_the_text_again(text: str, marks: list[tuple[int, int]]) -> None:
    spans = [(min(pair), max(pair)) for pair in marks]
    cut = list(pieces(text, spans))
    assert "".join(part for part, _ in cut) == text
    lit = [position for position in range(len(text)) if any(start <= position < end for start, end in spans)]
    assert sum(len(part) for part, is_lit in cut if is_lit) == len(lit)


def test_quotes_are_lit_where_they_stand(project: Path) -> None:
    opened, library = open_project(project), Library(project / "ui")
    for answer in stored(opened, "verify"):
        assert isinstance(answer, Answer)
        chunk = library.chunk(opened, answer.chunk)
        assert chunk is not None
        view = page_view(opened, library, chunk.document, quoted(answer.quotes, chunk))
        lit = " ".join("".join(text for text, is_lit in view.pieces if is_lit).split())
        assert view.number == view.lit[0]
        assert lit == " ".join(" ".join(quote.text.split()) for quote in answer.quotes)
        assert bool(view.boxes) == view.drawn
        assert all(0 <= box.left < box.right <= view.size[0] for box in view.boxes)
        marked = [text for text, is_lit in text_with_quotes(chunk, answer.quotes) if is_lit]
        assert marked == [quote.text for quote in answer.quotes]
    library.close()


def test_other_pages_and_none(project: Path) -> None:
    opened, library = open_project(project), Library(project / "ui")
    document = next(row for row in stored(opened, "ingest") if row.path == "harbour-fees.pdf")  # type: ignore[attr-defined]
    view = page_view(opened, library, document.id, [], 3)
    assert (view.before, view.after, view.boxes) == (2, 4, ())
    assert view.size[0] > 100
    with pytest.raises(ConfigError, match="no page 99"):
        page_view(opened, library, document.id, [], 99)
    with pytest.raises(ConfigError, match="not stored"):
        page_view(opened, library, "0" * 20, [], 1)
    library.close()
