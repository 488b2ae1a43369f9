from ast import unparse

from raftune.parsing import parsed
from raftune.replication.benchmarks.apibench import HUBS, plug
from raftune.replication.course import Sizes
from raftune.replication.replicate import excerpt_of
from tests.made_up import make_example

COURSE = plug.course(excerpt_of("apibench"), Sizes(6, 3, 300))
DOMAIN = COURSE.metrics[0]


def test_each_hub_has_its_documents_and_a_third_of_the_questions():
    assert [(part.name, part.split, len(part.answers)) for part in COURSE.parts] == [
        (name, split, count) for name in HUBS.values() for split, count in (("train", 2), ("test", 1))
    ]
    for part in COURSE.parts:
        texts = {chunk.id: chunk.text for chunk in part.chunks}
        for answer in part.answers:
            assert texts[answer.chunk].endswith(f"Call: {answer.final}")
            assert answer.quotes[0].text in texts[answer.chunk]
            assert COURSE.slices[answer.id] == part.name


def test_the_right_call_and_another_one_of_its_domain():
    part = COURSE.parts[1]
    example = make_example(reference=part.answers[0].final).changed(answer=part.answers[0].id, kind="call")
    same = [unparse(call) for domain, call in DOMAIN.documents if domain == DOMAIN.domains[example.answer]]
    others = [unparse(call) for domain, call in DOMAIN.documents if unparse(call) not in same]
    assert DOMAIN.score(example, parsed(f"<ANSWER>: {part.answers[0].final}")).value == 1
    assert all(DOMAIN.score(example, parsed(f"<ANSWER>: {call}")).value == 1 for call in same)
    assert not any(DOMAIN.score(example, parsed(f"<ANSWER>: {call}")).value for call in others)
    assert DOMAIN.score(example, parsed("<ANSWER>: torch.hub.load('nobody/nothing', 'none')")).value == 0
    assert DOMAIN.score(example, parsed("I do not know.")).value == 0


def test_the_nearest_document_is_answered_with_its_call():
    example = make_example()
    assert plug.guess(example, "A model.", "Name.\nA model.\nCall: a.load('b')") == "a.load('b')"


def test_no_question_is_learned_and_asked():
    learned, asked = (
        {answer.text for part in COURSE.parts if part.split == split for answer in part.answers}
        for split in ("train", "test")
    )
    assert not learned & asked
