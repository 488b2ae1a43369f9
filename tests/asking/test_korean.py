import pytest

from raftune.asking.korean import ask

CASES = [
    ("개인정보란 살아 있는 개인에 관한 정보를 말한다.", "개인정보는 무엇을 의미합니까?", "살아 있는 개인에 관한 정보"),
    (
        "위원회는 위원장 1명을 포함하여 9명 이내의 위원으로 구성한다.",
        (
            '"위원회"에 관한 설명 "위원회는 위원장 1명을 포함하여 ____의 위원으로 구성한다"에서 '
            "빈칸에 들어갈 수치는 무엇입니까?"
        ),
        "9명 이내",
    ),
    (
        "총자산은 전년보다 증가한 1조 2,345억 원을 기록하였습니다.",
        '"위원회"에 관한 설명 "총자산은 전년보다 증가한 ____을 기록하였습니다"에서 빈칸에 들어갈 수치는 무엇입니까?',
        "1조 2,345억 원",
    ),
    (
        "개인정보처리자는 개인정보가 유출되었음을 알게 된 경우 지체 없이 그 사실을 알려야 한다.",
        "개인정보처리자는 개인정보가 유출되었음을 알게 된 경우 어떻게 해야 합니까?",
        "지체 없이 그 사실을 알려야 한다",
    ),
]


@pytest.mark.parametrize(("sentence", "question", "answer"), CASES)
def test_korean_rules(sentence: str, question: str, answer: str) -> None:
    asked = ask(sentence, "위원회", sentence)
    assert asked is not None
    assert (asked.question, asked.answer) == (question, answer)


def test_a_long_definition_asks_for_the_term() -> None:
    meaning = "살아 있는 개인에 관한 정보로서 성명 및 영상 등을 통하여 개인을 알아볼 수 있는 정보"
    asked = ask(f"“개인정보”란 {meaning}를 말한다.", "", "")
    assert asked is not None
    assert (asked.question, asked.answer) == (f'"{meaning}"를 뜻하는 용어는 무엇입니까?', "개인정보")


@pytest.mark.parametrize(
    "sentence",
    [
        "이는 3명을 뜻한다.",
        "또한 3개의 항만을 점검한다.",
        "추가 설정이 3개 필요합니다. ( 3.6.6절.",
        "항만을 점검한다.",
        "제3조 참고) 항만은 3곳이다.",
    ],
)
def test_nothing_is_asked_about_what_is_not_clear(sentence: str) -> None:
    assert ask(sentence, "항만", sentence) is None
