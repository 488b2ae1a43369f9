"""A description for drawing."""

import re

from raftune.describing.lengths import spread_of
from raftune.render.dataset import MOST_BOXES, MOST_DOCUMENTS, bars, coverage_view, dataset_view, length_view, ranges
from raftune.render.page import html, strings
from raftune.report_records import CoveredStretch, DatasetDescription
from tests.made_description import make_coverage, make_description
from tests.render.test_page import made_up


def test_the_largest_bar_is_full() -> None:
    assert [bar.percent for bar in bars([("a", 4), ("b", 1), ("c", 0)])] == [100.0, 25.0, 0.0]
    assert bars([("a", 0)])[0].percent == 0.0


def test_a_histogram_stands_on_its_axis() -> None:
    view = length_view(spread_of("answer", [0, 1, 1, 3], 20))
    assert [(box.left, box.top, box.height) for box in view.boxes] == [(0, 50, 50), (25, 0, 100), (75, 50, 50)]
    assert view.end == 4


def test_a_map_is_as_wide_as_its_document() -> None:
    view = coverage_view(make_coverage(0))
    assert [(box.state, box.left, box.width) for box in view.boxes] == [
        ("used", 0, 40),
        ("lost", 40, 10),
        ("used", 50, 16.67),
        ("untouched", 66.67, 30),
        ("outside", 96.67, 3.33),
    ]
    assert view.idle_pages == ((3, 3),)


def test_a_document_that_changes_often_is_drawn_coarser() -> None:
    states = ["used", "untouched"]
    stretches = tuple(
        CoveredStretch.model_validate({"start": 10 * n, "end": 10 * n + 10, "pages": (1,), "state": states[n % 7 > 3]})
        for n in range(3_000)
    )
    view = coverage_view(make_coverage(0).changed(stretches=stretches, characters=30_000))
    assert len(view.boxes) <= MOST_BOXES
    assert abs(sum(box.width for box in view.boxes) - 100) < 1
    assert view.boxes[0].left == 0


def test_of_many_documents_some_are_counted() -> None:
    view = dataset_view(make_description(MOST_DOCUMENTS + 5))
    assert (len(view.coverage), view.more) == (MOST_DOCUMENTS, 5)
    assert dataset_view(make_description()).more == 0


def test_an_empty_description_is_drawn() -> None:
    bare = DatasetDescription(
        counts=(), lengths=(spread_of("answer", [], 20),), positions=(), hidden=0, shown=(), tiers=(), flags=(),
        funnel=(), coverage=(),
    )  # fmt: skip
    view = dataset_view(bare)
    assert (view.examples, view.hidden.count, view.used) == (0, 0, 0.0)
    assert 'id="dataset"' in html(made_up().model_copy(update={"description": bare}), {})


def test_the_section_shows_every_part_in_both_languages() -> None:
    for language in ("en", "ko"):
        page = html(made_up(language), {})
        texts = strings(language)
        for key in ("dataset", "steps", "kinds", "places", "tiers", "lengths", "coverage"):
            assert texts[key] in page
        assert "항만 위원회 규정.pdf" in page
        assert len(re.findall(r'<rect class="(?:used|lost|untouched|outside)" x=', page)) == 10
    assert 'id="dataset"' not in html(made_up().model_copy(update={"description": None}), {})


def test_ranges() -> None:
    assert ranges([1, 2, 4]) == [(1, 2), (4, 4)]
