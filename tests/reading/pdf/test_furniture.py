from raftune.reading.pdf.furniture import edge_keys, running_keys, without_running
from raftune.reading.pdf.segments import words_text
from raftune.reading.pdf.words import Layer, Word
from tests.reading.pdf.made_words import BLACK_STYLE, grid, line, lines

HEIGHT = 792.0
BODY = lines(["The office looks after piers", "and takes fees."], top=150)


def page(words: list[Word]) -> Layer:
    return Layer(612.0, HEIGHT, words, [BLACK_STYLE])


def split(*pages: list[Word]) -> list[tuple[str, str]]:
    running = running_keys([edge_keys(page(words)) for words in pages])
    found = [without_running(words, HEIGHT, running) for words in pages]
    return [(words_text(own), lines) for own, lines in found]


def test_lines_on_three_pages_and_page_numbers_run() -> None:
    pages = [[*line(f"Report of the year, page {n}", 40), *BODY, *line(str(n), 770, 300)] for n in range(1, 4)]
    body = words_text(BODY)
    assert split(*pages) == [(body, f"Report of the year, page {n}\n{n}") for n in range(1, 4)]


def test_a_line_on_two_pages_does_not_run_but_its_number_does() -> None:
    pages = [[*line("Report of the year", 40), *BODY, *line(f"- {n} -", 770, 300)] for n in range(1, 3)]
    assert [running for _, running in split(*pages)] == ["- 1 -", "- 2 -"]


def test_numbers_of_a_table_at_the_edge_stay() -> None:
    table = grid([["1957", "31,834", "0"], ["1958", "32,001", "19"]], [72, 200, 300], top=60)
    foot = grid([["1999", "34", "7"]], [72, 200, 300], top=770)
    assert [running for _, running in split(*[[*table, *BODY, *foot]] * 3)] == ["", "", ""]


def test_the_repeated_header_of_a_table_stays_with_its_rows() -> None:
    def one(number: int) -> list[Word]:
        rows = [["Bank", "Loans"], [f"Alda {'abc'[number]}", "12"], [f"Borg {'abc'[number]}", "7"]]
        return [*line("Report of the year", 40), *grid(rows, [72, 200], top=70), *BODY]

    assert [running for _, running in split(*map(one, range(3)))] == ["Report of the year"] * 3


def test_a_footnote_right_below_others_stays() -> None:
    def one(number: int) -> list[Word]:
        return [*BODY, *line(f"{number} On fees of {'abc'[number]}", 748), *line("2 See the rule of 1999", 760)]

    assert [running for _, running in split(*map(one, range(3)))] == ["", "", ""]


def test_text_sideways_in_the_margin_runs_where_it_is_repeated() -> None:
    margin = [word._replace(turned=3) for text in ("Set", "by", "printers") for word in line(text, 400, 20)]
    other = [word._replace(turned=3) for text in ("Only", "once") for word in line(text, 400, 20)]
    found = split(*[[*BODY, *margin]] * 3, [*BODY, *other])
    assert [running for _, running in found] == ["Set by printers"] * 3 + [""]
    assert found[3][0].endswith("Only once")


def test_a_page_of_nothing_but_running_lines_and_an_empty_page() -> None:
    assert split(line("7", 770, 300), []) == [("", "7"), ("", "")]


def test_running_lines_in_the_middle_of_pages_do_not_run() -> None:
    assert [running for _, running in split(*[line("Left blank on purpose", 400)] * 3)] == ["", "", ""]
