import pytest

from raftune.asking.english import ask

PASSAGE = "The Agency inspects ports. Settlement activity and settlement files grew. Complaints rose."
NATURAL = [
    ("The Agency completed 365 examinations in 2023.", "How many examinations did the Agency complete in 2023?", "365"),
    (
        "Settlement file activity in 2023 decreased 2.2 percent from 2022, while entries rose.",
        "By how much did settlement file activity in 2023 decrease from 2022?",
        "2.2 percent",
    ),
    ("Complaints against banks totaled 6,115 in 2023.", "What did complaints against banks total in 2023?", "6,115"),
    (
        "The CRA is a landmark law enacted in 1977 that encourages banks to meet the credit needs of their towns.",
        "What is the CRA?",
        "a landmark law enacted in 1977",
    ),
    (
        "In 2023, the Board launched a pilot exercise to learn about the risks that large banks run with the climate.",
        'Regarding "Ports", what did the Board launch in 2023?',
        "a pilot exercise",
    ),
    ("An inspection may result in a fine.", 'Regarding "Ports", what may an inspection result in?', "a fine"),
    (
        "A pilot may not leave the port without a licence.",
        'Regarding "Ports", what may a pilot not do?',
        "leave the port without a licence",
    ),
]
UNCLEAR = [
    "They inspected 73 ports in 2021.",
    "As of December 31, 2023, they had about $425 billion in total assets.",
    "Two of these firms have assets greater than $100 billion.",
    "Of the total, 95 percent were closed.",
    "Designated utilities (8)",
    "The Agency likes ports.",
]


@pytest.mark.parametrize(("sentence", "question", "answer"), NATURAL)
def test_natural_questions(sentence: str, question: str, answer: str) -> None:
    asked = ask(sentence, "Ports", PASSAGE)
    assert asked is not None
    assert (asked.question, asked.answer) == (question, answer)


@pytest.mark.parametrize("sentence", UNCLEAR)
def test_nothing_is_asked_about_what_is_not_clear(sentence: str) -> None:
    assert ask(sentence, "Ports", PASSAGE) is None


def test_a_figure_to_fill_in() -> None:
    asked = ask("At year-end 2023, banks with assets of less than $1.564 billion were called small.", "Sizes", PASSAGE)
    assert asked is not None
    assert asked.answer == "$1.564 billion"
    statement = "At year-end 2023, banks with assets of less than ____ were called small"
    assert asked.question == f'Regarding "Sizes", which amount completes "{statement}"?'


def test_a_label_is_no_figure() -> None:
    asked = ask(
        "Under section 13, harbours with 40 berths or more have to employ a pilot (see table 5.1).", "", PASSAGE
    )
    assert asked is not None
    assert asked.answer == "40"
    assert "table" not in asked.question


def test_an_answer_is_not_given_away_by_the_heading() -> None:
    sentence = "In 2023, the Agency launched the Safe Ports Programme to enhance safety at sea."
    asked = ask(sentence, "Safe Ports Programme", PASSAGE)
    assert asked is None or "safe ports programme" not in asked.answer.lower()
