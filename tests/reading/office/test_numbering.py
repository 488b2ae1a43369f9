import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.reading.office.numbering import FORMATS, formatted, read_numbering
from raftune.reading.xml_parts import parse_xml
from tests.office_files import WORD


def level(number: int, form: str, text: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'  # noqa: E501


LISTS = (
    f"<w:numbering {WORD}>"
    f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "제%1조")}{level(1, "ganada", "%2.")}{level(2, "decimal", "%1.%3")}'  # noqa: E501
    f'</w:abstractNum><w:abstractNum w:abstractNumId="1">{level(0, "bullet", "")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'  # noqa: E501
    "</w:num></w:numbering>"
)


def test_lists_count() -> None:
    numbering = read_numbering(parse_xml(LISTS.encode(), "a"))
    labels = [numbering.label("1", depth) for depth in (0, 1, 1, 0, 1, 2)]
    assert labels == ["제1조", "가.", "나.", "제2조", "가.", "2.1"]
    assert [numbering.label("3", 0), numbering.label("3", 0)] == ["제7조", "제8조"]
    assert numbering.label("2", 0) == "•"


def test_unknown_lists() -> None:
    numbering = read_numbering(None)
    assert numbering.label("1", 0) is None
    assert read_numbering(parse_xml(LISTS.encode(), "a")).label("1", 8) is None


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (27, "lowerLetter", "aa"),
        (15, "ganada", "가"),
        (21, "koreanDigital", "이십일"),
        (10, "koreanCounting", "십"),
        (11, "chosung", "ㅋ"),
        (20, "decimalEnclosedCircle", "⑳"),
        (3, "unknown", "3"),
        (0, "lowerRoman", "0"),
    ],
)
def test_formats(number: int, form: str, text: str) -> None:
    assert formatted(number, form) == text


@given(st.integers(min_value=-5, max_value=10**9), st.sampled_from(sorted(FORMATS)))
def test_every_number_can_be_formatted(number: int, form: str) -> None:
    assert len(formatted(min(number, 10**5), form)) < 5000
