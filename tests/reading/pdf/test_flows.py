from raftune.reading.pdf.flows import Run, beside_figures, in_order, runs_of
from raftune.reading.pdf.segments import Segment, segments_of
from raftune.reading.pdf.tables import Table
from raftune.reading.pdf.words import Word
from tests.reading.pdf.made_words import line, lines

PROSE = [f"{number} The harbour office looks after all the piers" for number in range(5)]
LABELS = ["North pier", "South pier", "Old town"]


def in_file_order(*parts: list[Word]) -> list[Segment]:
    words = [word for part in parts for word in part]
    return segments_of(word._replace(order=number) for number, word in enumerate(words))


def test_prose_beside_a_figure_is_read_whole() -> None:
    block = in_file_order(lines(PROSE), lines(LABELS, top=106, left=400, pitch=20))
    assert [item.text for item in block if isinstance(item, Segment)] != PROSE + LABELS
    assert [item.text for item in beside_figures(block)] == PROSE + LABELS


def test_prose_alone_is_left_as_it_is() -> None:
    block = in_file_order(lines(PROSE))
    assert beside_figures(block) == block


def test_what_the_file_tears_apart_is_ordered_by_place() -> None:
    block = in_file_order(line("below", 300), lines(PROSE), line("beside", 124, 400))
    assert [item.text for item in beside_figures(block)] == [*PROSE, "beside", "below"]


def test_a_line_with_wide_spaces_is_one_line_of_its_run() -> None:
    words = [*line("The harbour office", 100), *line("looks after it", 100, 180), *line("all day long.", 112)]
    [run] = runs_of(in_file_order(words))
    assert len(run.items) == 3


def test_a_table_is_a_run_of_its_own() -> None:
    table = Table((), (), (), 72, 150, 400, 200, 10)
    block = [*in_file_order(lines(PROSE)), table]
    assert Run((table,)) in runs_of(block)


def test_each_run_comes_once_even_where_places_contradict() -> None:
    runs = [Run(tuple(segments_of(line("a" * 20, 100 + 3 * number, 72 + 50 * number)))) for number in range(6)]
    assert sorted(map(id, in_order(runs))) == sorted(map(id, runs))
