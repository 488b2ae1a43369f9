import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.sentences import is_heading, is_korean, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One port. Two ports! Three?", ["One port.", "Two ports!", "Three?"]),
        ("The U.S. Treasury paid $5.5 million. It was 2023.", ["The U.S. Treasury paid $5.5 million.", "It was 2023."]),
        ("Mr. J. Smith of Ports Inc. agreed.", ["Mr. J. Smith of Ports Inc. agreed."]),
        ("He said “All ports.” They agreed.", ["He said “All ports.”", "They agreed."]),
        ("항만은 73곳이다. 그중 9곳은 위험하다.", ["항만은 73곳이다.", "그중 9곳은 위험하다."]),
        ("# 1. Ports\n\nThe text.", ["# 1. Ports", "The text."]),
        ("- one port\n- two ports", ["- one port", "- two ports"]),
        ("see e.g. the port of call", ["see e.g. the port of call"]),
        ("See No. 5 and fig. 3. Wait... The ship came.", ["See No. 5 and fig. 3.", "Wait...", "The ship came."]),
        ("1. 항만은 73곳이다. 2. 그중 9곳은 위험하다.", ["1. 항만은 73곳이다.", "2. 그중 9곳은 위험하다."]),
        ("가. 부두는 좋다.\n나. 배도 좋다.\n① 하나", ["가. 부두는 좋다.", "나. 배도 좋다.", "① 하나"]),
        ("2023. 5. 1. 시행한다. 2024년에 고친다.", ["2023. 5. 1. 시행한다.", "2024년에 고친다."]),
        (
            "했습니다.그리고 갔어요.그런데 왜 그럴까?모른다.",
            ["했습니다.", "그리고 갔어요.", "그런데 왜 그럴까?", "모른다."],
        ),
        ("그는 “점검하였다.” 라고 말했다. 다음 날이다.", ["그는 “점검하였다.” 라고 말했다.", "다음 날이다."]),
        ("(끝났다.) 「법」 제3조. 정말… 그렇다.", ["(끝났다.)", "「법」 제3조.", "정말…", "그렇다."]),
        ("정말이다！그렇다。끝", ["정말이다！", "그렇다。", "끝"]),
        ("It was 2023. 5 ports closed.", ["It was 2023.", "5 ports closed."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet='aB가다.!?…。 \n#-•"”1)①「', max_size=200))
def test_spans_are_in_order_and_lose_nothing(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


def test_headings() -> None:
    assert is_heading("## 1 Ports")
    assert not is_heading("#hashtag")
    assert not is_heading("####### seven")


def test_a_fifth_of_hangul_is_korean() -> None:
    assert is_korean("항만 port")
    assert not is_korean("The port of 서울 is not by the sea at all")
    assert not is_korean("12 34")


def test_a_very_long_line_is_read_in_time() -> None:
    assert len(sentence_spans("a. " * 200_000)) == 1
    assert len(sentence_spans("One. " * 50_000)) == 50_000
