import pytest

from raftune.gates.stands_alone import plug
from tests.gates.candidates import candidate

GOOD = [
    "How many ports did the Agency inspect in 2021?",
    "Which documents must a harbour pilot carry?",
    "What is the purpose of the Harbour Act of 1987?",
    "Where did the temperature rise above 30 degrees in 2021?",
    'Regarding "Ports", which number completes "It is the text of ____ rules"?',
    "What information must a bank disclose?",
    "What does the Board say about its articles of association?",
]
BAD = [
    "What does the passage say about ports?",
    "What is the main point of sentence_3?",
    "How many ports are listed in this table?",
    "According to the above text, how many ports are there?",
    "Which ports are mentioned?",
    "What are they required to do?",
    "What are these requirements based on?",
    "It was inspected by which agency in 2021?",
    "Which agency is described in the document?",
    "How much does this report say ports cost?",
]
KOREAN_BAD = [
    "위 지문에 따르면 항만은 몇 곳입니까?",
    "이 문서에서 설명하는 항만은 무엇입니까?",
    "다음 표에 있는 항만은 몇 곳입니까?",
    "이는 무엇을 의미합니까?",
    "지문에서 언급한 면허는 무엇입니까?",
]
KOREAN_GOOD = [
    "2021년에 공단이 점검한 항만은 몇 곳입니까?",
    "선장이 출항 전에 제출해야 하는 문서는 무엇입니까?",
    '"항만"에 관한 설명 "다음 표는 ____곳이다"에서 빈칸에 들어갈 수치는 무엇입니까?',
]


@pytest.mark.parametrize("question", GOOD)
def test_questions_that_stand_alone_pass(question: str) -> None:
    assert plug().fault(candidate(question)) is None


@pytest.mark.parametrize("question", BAD)
def test_questions_that_point_at_something_do_not(question: str) -> None:
    assert plug().fault(candidate(question))


@pytest.mark.parametrize("question", KOREAN_GOOD)
def test_korean_questions_that_stand_alone_pass(question: str) -> None:
    assert plug().fault(candidate(question, language="ko")) is None


@pytest.mark.parametrize("question", KOREAN_BAD)
def test_korean_questions_that_point_at_something_do_not(question: str) -> None:
    assert plug().fault(candidate(question, language="ko"))


@pytest.mark.parametrize(
    "question",
    [
        "How much did Bank B pay in fees in 2021?",
        "What does this scenario require of the borrower?",
        "What happens in the example when the fee is not paid?",
        "Which fee applies to the first category?",
        "What must be done in this step?",
        "How many of the ports mentioned were unsafe?",
        "Which tiers are listed below?",
    ],
)
def test_invented_and_unseen_things_are_not_referred_to(question: str) -> None:
    assert plug().fault(candidate(question))


@pytest.mark.parametrize(
    "question",
    [
        "What did Bank of America pay in fees in 2021?",
        "What is the first step of the appeal under the Harbour Act?",
        "Which Vitamin C dose is permitted in the case of scurvy?",
        "Is it possible to appeal a decision of the Harbour Board?",
        "Was the Harbour Act mentioned in the Board's report of 2021?",
        "This Celtic ruler who was born in AD 43 ruled which island?",
        "What is the other name of the Harbour Act?",
    ],
)
def test_what_is_named_in_full_passes(question: str) -> None:
    assert plug().fault(candidate(question)) is None


@pytest.mark.parametrize(
    "question",
    [
        "B은행은 2021년에 수수료를 얼마나 냈습니까?",
        "이 사례에서 차주는 무엇을 제출해야 합니까?",
        "첫 번째 범주에 적용되는 수수료는 얼마입니까?",
        "앞서 언급한 기관은 어디입니까?",
        "상기 기준에 따른 한도는 얼마입니까?",
    ],
)
def test_korean_questions_do_not_refer_to_the_unseen(question: str) -> None:
    assert plug().fault(candidate(question, language="ko"))


@pytest.mark.parametrize(
    "question",
    [
        "고객이 내용을 바꾸려면 며칠 안에 신청해야 합니까?",
        "이의 신청 절차의 첫 번째 단계는 무엇입니까?",
        "미국 방문에 앞서 총재와 회견을 한 기자는 누구입니까?",
        "은행 앞에서 시위한 단체의 이름은 무엇입니까?",
        "회원이 표결에 참여하려면 무엇이 필요합니까?",
        "잭의 문장을 없앤 박사의 이름은 무엇입니까?",
    ],
)
def test_good_korean_questions_pass(question: str) -> None:
    assert plug().fault(candidate(question, language="ko")) is None
