from itertools import pairwise

from raftune.reading.pdf.rules import Rules
from raftune.reading.pdf.segments import Segment, segments_of, words_text
from raftune.reading.pdf.tables import Table
from raftune.reading.pdf.unruled import unruled_tables
from raftune.reading.pdf.words import Word
from tests.reading.pdf.made_words import grid, line, lines

ROWS = [["Port", "2022", "2023"], ["Alda", "340", "390"], ["Borg", "95", "120"], ["Total", "1,245", "1,410"]]
LEFTS = [72, 300, 400]


def found(*parts: list[Word]) -> list[list[list[str]] | str]:
    result: list[list[list[str]] | str] = []
    for item in unruled_tables([segment for part in parts for segment in segments_of(part)], Rules()):
        if isinstance(item, Table):
            result.append([[words_text(cell) for cell in row] for row in (item.header, *item.rows)])
        else:
            result.append(item.text)
    return result


def test_rows_whose_gaps_stand_above_each_other_are_a_table() -> None:
    text = "These are the fees of the year."
    assert found(line(text, 80), grid(ROWS, LEFTS)) == [text, ROWS]


def test_a_table_of_many_rows_with_labels_of_several_words() -> None:
    rows = [
        ["Bank", "Loans", "Staff"],
        *([f"Bank of Alda {letter}", str(n), "3"] for n, letter in enumerate("abcdefghijklmno")),
    ]
    assert found(grid(rows, LEFTS)) == [rows]


def test_the_second_line_of_a_label_stays_in_the_table() -> None:
    rows = [*ROWS[:2], ["Cale and all the", "", ""], ["islands", "30", "33"], ROWS[3]]
    [table] = found(grid(rows, LEFTS, pitch=12))
    assert isinstance(table, list)
    assert [row[0] for row in table] == ["Port", "Alda", "Cale and all the", "islands", "Total"]


def test_text_below_is_left_out() -> None:
    text = "And the text goes on from here for quite a while, as it does in any report"
    assert found(grid(ROWS, LEFTS), line(text, 180)) == [ROWS, text]


def test_two_rows_are_no_table() -> None:
    assert found(grid(ROWS[:2], LEFTS)) == ["Port", "2022", "2023", "Alda", "340", "390"]


def test_lists_and_tables_of_contents_are_no_tables() -> None:
    marks = grid([[f"{number}.", "The ships pay their fees"] for number in range(1, 6)], [72, 100])
    assert not any(isinstance(item, Table) for item in unruled_tables(segments_of(marks), Rules()))
    contents = grid([[f"Chapter of ships ..........{number}", "12"] for number in range(1, 6)], [72, 300])
    assert not any(isinstance(item, Table) for item in unruled_tables(segments_of(contents), Rules()))


def test_prose_is_left_as_it_is() -> None:
    texts = [
        "The harbour office looks after all piers",
        "of the old town and keeps a list",
        "of every ship that comes in.",
    ]
    assert found(lines(texts)) == texts


def test_tables_that_are_there_stay_where_they_stand() -> None:
    table = Table((), (), (), 72, 90, 400, 110, 10)
    before, after = segments_of(line("before", 80))[0], segments_of(line("after", 140))[0]
    items: list[Segment | Table] = [before, table, after]
    assert unruled_tables(items, Rules()) == items
    assert all(one.top < other.top for one, other in pairwise(items))
