from raftune.metrics.quote_lenient import plug
from tests.made_up import make_example, reply_of

EXAMPLE = make_example()


def test_quotation_marks_count_where_the_marks_are_missing():
    assert plug.score(EXAMPLE, reply_of('It says "The monthly fee is 30 euros". So 30.')).value == 1
    assert plug.score(EXAMPLE, reply_of('It says "The monthly fee is 31 euros". So 31.')).value == 0
    assert plug.score(EXAMPLE, reply_of('It says "The office opens at nine."')).value == 0


def test_the_marks_win():
    reply = '##begin_quote##The fee is made up.##end_quote## "The monthly fee is 30 euros"'
    assert plug.score(EXAMPLE, reply_of(reply)).value == 0


def test_korean_quotation_marks():
    example = make_example(documents=("월 수수료는 30유로로 한다.",), language="ko")
    assert plug.score(example, reply_of("문서는 “월 수수료는 30유로로 한다.”라고 합니다.")).value == 1


def test_no_quote_is_0():
    assert plug.score(EXAMPLE, reply_of("The monthly fee is 30 euros")).value == 0
    assert plug.score(EXAMPLE, reply_of("")).value == 0


def test_it_does_not_apply_without_oracle():
    assert plug.score(make_example(oracle=None, behaviour="abstain"), reply_of("")).state == "not_applicable"
