import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.anatomy import CAUSES, anatomy, cause_of
from raftune.prompts.raft import default_prompt
from tests.made_up import make_example, make_prediction

PROMPT = default_prompt()
RIGHT = "##begin_quote##The monthly fee is 30 euros##end_quote##\n<ANSWER>: 30 euros"
OTHER = "##begin_quote##{}##end_quote##\n<ANSWER>: nine harbours"


def cause(reply, finish="stop", **changes):
    example = make_example(**changes)
    return cause_of(example, make_prediction(example, "tuned", reply).changed(finish_reason=finish), PROMPT)


def test_one_cause_each_by_hand():
    distractor = next(
        document.text for place, document in enumerate(make_example().documents) if place != make_example().oracle
    )
    assert cause(RIGHT) is None
    assert cause("", "stop") == "no_reply"
    assert cause("", "failed") == "no_reply"
    assert cause("It is 30 euros.") == "format"
    assert cause("<ANSWER>: I do not know") == "refused"
    assert cause(OTHER.format("The monthly fee is 30 euros")) == "misread"
    assert cause("<ANSWER>: nine harbours") == "misread"
    assert cause(OTHER.format(distractor[:40])) == "wrong_document"
    assert cause(OTHER.format("The moon is made of cheese")) == "invented_quote"
    assert cause("<ANSWER>: nine harbours", documents=(), oracle=None) == "by_heart"


@pytest.mark.parametrize(("reply", "expected"), [(RIGHT, "answered_anyway"), ("<ANSWER>: I do not know", None)])
def test_where_no_document_holds_the_answer_abstaining_is_right(reply, expected):
    assert cause(reply, behaviour="abstain", oracle=None) == expected


@given(st.lists(st.sampled_from([RIGHT, "", "30 euros", OTHER.format("x y z"), "<ANSWER>: nine"]), max_size=12))
def test_right_and_wrong_replies_are_all_of_them(replies):
    examples = [make_example(text=f"q{number}") for number in range(len(replies))]
    pairs = [
        (example, make_prediction(example, "base", reply)) for example, reply in zip(examples, replies, strict=True)
    ]
    found = anatomy(pairs, PROMPT)
    assert sum(one.count for one in found) == sum(cause_of(*pair, PROMPT) is not None for pair in pairs)
    assert all(one.n == len(replies) for one in found)
    assert [one.cause for one in found] == [cause for cause in CAUSES if cause in {one.cause for one in found}]


def test_the_example_is_one_that_the_report_shows():
    examples = [make_example(text=f"q{number}") for number in range(3)]
    pairs = [(example, make_prediction(example, "base", "30 euros")) for example in examples]
    (found,) = anatomy(pairs, PROMPT, [examples[2].id])
    assert (found.example, found.count, found.question) == (examples[2].id, 3, "q2")
