import pytest

from raftune.asking.blanks import BLANK, fill_in


@pytest.mark.parametrize(
    ("plain", "kind", "answer"),
    [
        ("In 2023, services cost $81.1 million, an increase of $7.6 million", "amount", "$7.6 million"),
        ("Net payments fell, a 35.0 percent decrease", "percentage", "35.0 percent"),
        ("The Agency inspected 73 ports", "number", "73"),
        ("The rule was issued in October 2023", "date", "October 2023"),
        ("In 2023, all services recovered their cost", "year", "2023"),
        ("Rules are found in the Harbour Safety Act of the state", "name", "Harbour Safety Act"),
    ],
)
def test_the_most_telling_part_is_left_out(plain: str, kind: str, answer: str) -> None:
    asked = fill_in(plain, plain + ".", "Ports", plain)
    assert asked is not None
    assert asked.answer == answer
    assert asked.question.startswith(f'Regarding "Ports", which {kind} completes "')
    assert asked.question.count(BLANK) == 1


def test_a_figure_that_stands_there_twice_gives_nothing_away() -> None:
    assert fill_in("The 73 ports were 73 ports", "The 73 ports were 73 ports.", "Ports", "") is None


def test_a_figure_of_the_heading_is_not_asked_for() -> None:
    assert fill_in("The plan has 12 parts", "The plan has 12 parts.", "The 12 parts", "") is None


def test_a_long_statement_ends_at_a_boundary() -> None:
    plain = (
        "The Agency inspected 73 ports of the north" + ", and it wrote a report about each of them for the ministry" * 3
    )
    asked = fill_in(plain, plain + ".", "", plain)
    assert asked is not None
    assert asked.question.endswith(' …"?')
    assert asked.question.startswith('Which number completes "')
