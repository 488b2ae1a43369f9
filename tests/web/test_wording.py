"""Both languages have the same words, and places for the same values."""

import re
from typing import Any

import pytest

from raftune.records import Kind, Tier, Way
from raftune.web.review_views import REASONS
from raftune.web.visiting import PAGES
from raftune.web.wording import duration, language_of, words


def flat(table: dict[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def test_the_languages_match() -> None:
    english, korean = flat(words("en")), flat(words("ko"))
    assert english.keys() == korean.keys()
    for name, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", korean[name])), name
    same = {name for name, text in english.items() if text == korean[name]}
    assert same <= {"ways.ocr", "chat.waiting"}


def test_no_word_is_hidden_by_a_method_of_tables() -> None:
    names = {part for name in flat(words("en")) for part in name.split(".")}
    assert not names & set(dir(dict))


def test_every_name_that_can_come_has_words() -> None:
    from typing import get_args

    for language in ("en", "ko"):
        texts = words(language)  # type: ignore[arg-type]
        assert set(get_args(Kind)) == texts["kinds"].keys()
        assert set(get_args(Tier)) == texts["tiers"].keys()
        assert set(get_args(Way)) == texts["ways"].keys()
        assert set(REASONS) | {"bulk"} == texts["reasons"].keys()
        assert set(PAGES) <= texts["pages"].keys()


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("ko", "en", "ko"), ("", "ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("", "de,en;q=0.5", "en"), ("xx", "", "en")],
)
def test_the_language_is_chosen_or_the_browsers(chosen: str, accepted: str, language: str) -> None:
    assert language_of(chosen, accepted) == language


def test_durations_are_for_people() -> None:
    texts = words("en")
    assert [duration(one, texts) for one in (None, 0.42, 12, 200, 7300)] == [
        "",
        "0.4 s",
        "12 s",
        "3 min 20 s",
        "2 h 1 min",
    ]
