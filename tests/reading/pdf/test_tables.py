from collections.abc import Sequence

from raftune.reading.pdf.rules import Rules, read_rules
from raftune.reading.pdf.segments import words_text
from raftune.reading.pdf.tables import Table, frames, ruled_tables
from raftune.reading.pdf.words import Word, read_layer, viewer
from tests.pdf_files import Drawn, Item, Printed, across, cells, down
from tests.reading.pdf.made_words import opened

LEFTS = [80, 200, 280, 360, 440]
ROWS = [
    ["Port", "Ships", "Fees", "Ships", "Fees"],
    ["Alda", "12", "340", "15", "390"],
    ["Borg", "7", "95", "9", "120"],
    ["Cale", "30", "810", "33", "900"],
]
GROUPS = [Printed("2022", 712, x=240), Printed("2023", 712, x=400)]
BOX: list[Drawn] = [*across([724, 708, 694, 680, 666, 652], 72, 500), *down([72, 190, 350, 500], 652, 724)]
WALLS = down([270, 430], 652, 708)


def tables_of(page: Sequence[Item]) -> tuple[list[Table], list[Word]]:
    with opened(page) as only:
        return ruled_tables(read_layer(only).words, read_rules(only, viewer(only, 0)))


def texts(table: Table) -> list[list[str]]:
    return [[words_text(cell) for cell in row] for row in (table.header, *table.rows)]


def test_a_ruled_table_with_headings_over_groups_of_columns() -> None:
    [table], rest = tables_of([*GROUPS, *cells(ROWS, LEFTS, 698), *BOX, *WALLS])
    found = texts(table)
    assert found[0] == ["", "2022", "2022", "2023", "2023"]
    assert found[1:] == ROWS
    assert rest == []


def test_lines_across_alone_show_a_table() -> None:
    [table], _ = tables_of([*cells(ROWS, LEFTS, 698), *across([710, 694, 680, 666, 652], 72, 500)])
    assert texts(table) == ROWS


def test_words_outside_stay_outside() -> None:
    outside = [Printed("Text above", 760), Printed("Text below", 600)]
    [_], rest = tables_of([*outside, *cells(ROWS, LEFTS, 698), *across([710, 694, 680, 666, 652], 72, 500)])
    assert words_text(rest) == "Text above Text below"


def test_notes_in_the_frame_are_left_out_of_the_table() -> None:
    note = Printed("Note: ships that came in during the year are counted once, whatever their size.", 638)
    [table], rest = tables_of([*cells(ROWS, LEFTS, 698), note, *across([710, 694, 680, 666, 652, 630], 72, 500)])
    assert texts(table) == ROWS
    assert words_text(rest) == note.text


def test_a_title_in_the_frame_is_the_caption() -> None:
    title = Printed("Table 3. Ships and fees of the northern harbours", 716, bold=True)
    [table], _ = tables_of([title, *cells(ROWS, LEFTS, 698), *across([728, 710, 694, 680, 666, 652], 72, 500)])
    assert [words_text(line) for line in table.caption] == [title.text]
    assert texts(table) == ROWS


def test_cells_of_several_lines() -> None:
    rows = [
        ["Rule", "What it says"],
        ["Fees", "Ships pay a fee for each day"],
        ["", "that they lie at a pier"],
        ["Boats", "Fishing boats are free of fees"],
    ]
    lines = [*across([712, 694, 666, 652], 72, 400), *down([72, 190, 400], 652, 712)]
    [table], _ = tables_of([*cells(rows, [80, 200], 698), *lines])
    assert texts(table) == [
        ["Rule", "What it says"],
        ["Fees", "Ships pay a fee for each day that they lie at a pier"],
        ["Boats", "Fishing boats are free of fees"],
    ]


def test_a_korean_table() -> None:
    rows = [["항만", "선박", "요금"], ["부산", "12", "340"], ["인천", "7", "95"]]
    page = [*cells(rows, LEFTS[:3], 698), *across([712, 694, 680, 666], 72, 340), *down([72, 190, 270, 340], 666, 712)]
    [table], _ = tables_of(page)
    assert texts(table) == rows


def test_a_frame_around_prose_is_no_table() -> None:
    lines = [
        "The harbour office looks after all piers",
        "of the old town and keeps a list",
        "of every ship that comes in.",
    ]
    page = [
        *(Printed(text, 700 - 12 * row) for row, text in enumerate(lines)),
        Drawn(60, 660, 400, 720, (0.9, 0.9, 0.9)),
    ]
    tables, rest = tables_of(page)
    assert tables == []
    assert words_text(rest) == " ".join(lines)


def test_lines_far_apart_that_nothing_ties_are_no_frame() -> None:
    lines = ((100.0, 72.0, 400.0), (300.0, 72.0, 400.0), (500.0, 72.0, 400.0))
    assert list(frames(Rules(horizontal=lines))) == []
    assert len(list(frames(Rules(horizontal=lines, vertical=((72.0, 100.0, 500.0),))))) == 1
