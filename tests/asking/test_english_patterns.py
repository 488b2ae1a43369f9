import pytest

from raftune.asking import english_patterns as patterns


@pytest.mark.parametrize(
    "sentence",
    ["They paid.", "In 2023, it paid.", "Two of these firms paid.", "Table 5.3 shows it.", "Of the total, 3 paid."],
)
def test_sentences_whose_subject_is_elsewhere(sentence: str) -> None:
    assert patterns.UNCLEAR.search(sentence)


def test_an_aside_is_found() -> None:
    assert patterns.ASIDE.sub("", "The Agency paid (see table 5.1) a lot [See box 2].") == "The Agency paid a lot."


def test_a_subject_holds_no_other_verb() -> None:
    assert patterns.ACTION.match("In 2022, the Agency proposed a rule on ports")
    assert not patterns.ACTION.match("In 2022, the Agency proposed and finalized a rule")


def test_every_verb_has_a_plain_form() -> None:
    for past, base in {**patterns.BASES, **patterns.DEEDS, **patterns.CHANGES, **patterns.TOTALS}.items():
        assert base != past
        assert not base.split()[0].endswith("ed")
