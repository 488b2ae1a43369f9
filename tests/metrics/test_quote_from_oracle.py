from raftune.metrics.quote_from_oracle import plug
from tests.made_up import make_example, reply_of

EXAMPLE = make_example()


def test_a_quote_from_the_oracle():
    assert plug.score(EXAMPLE, reply_of("##begin_quote##monthly fee  is\n30 euros##end_quote##")).value == 1


def test_a_quote_from_a_distractor_is_0():
    assert plug.score(EXAMPLE, reply_of("##begin_quote##The office opens at nine.##end_quote##")).value == 0


def test_a_quote_that_is_too_short_is_no_evidence():
    assert plug.score(EXAMPLE, reply_of("##begin_quote##30##end_quote##")).value == 0


def test_a_quote_whose_end_mark_is_missing_counts_up_to_the_answer():
    assert plug.score(EXAMPLE, reply_of("##begin_quote##monthly fee is 30 euros\n<ANSWER>: 30")).value == 1


def test_korean():
    example = make_example(
        documents=("이 절은 모두에 적용한다.", "월 수수료는 계좌마다 30유로로 한다."), oracle=1, language="ko"
    )
    assert plug.score(example, reply_of("##begin_quote##월 수수료는 계좌마다 30유로로 한다.##end_quote##")).value == 1
    assert plug.score(example, reply_of("##begin_quote##월 수수료는 계좌마다 35유로로 한다.##end_quote##")).value == 0


def test_it_does_not_apply_without_oracle():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("")).state == "not_applicable"
