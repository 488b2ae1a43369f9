import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.comparison import contains_verbatim
from raftune.contexts import Contexts, answers, system_of, systems_of
from raftune.errors import ConfigError
from tests.made_up import make_example, make_examples


def own_chunks(example, number):
    """The example with names of chunks that no other has."""
    documents = [document.changed(chunk=f"{number}-{document.chunk}") for document in example.documents]
    return example.changed(documents=tuple(documents))


EXAMPLES = [own_chunks(example, number) for number, example in enumerate(make_examples(40))]
CONTEXTS = Contexts(EXAMPLES, 3)
WITH = [example for example in EXAMPLES if example.oracle is not None]
WITHOUT = [example for example in EXAMPLES if example.oracle is None]


def chunks(example):
    return [document.chunk for document in example.documents]


def without_oracle(example):
    return [document for place, document in enumerate(example.documents) if place != example.oracle]


@pytest.mark.parametrize(
    "text",
    ["tuned", "base:closed", "tuned:oracle", "tuned:k0", "base:k16-absent", "tuned:k4-first", "dsf:r4", "gpt-4.1"],
)
def test_systems_are_written_as_model_and_context(text):
    system = system_of(text)
    assert (system.name, f"{system.model}:{system.context}".rstrip(":")) == (text, text)


@pytest.mark.parametrize(
    "text", ["", "Tuned", "tuned:r", "tuned:r0", "tuned:k", "tuned:open", "base:k4-last-first", "tuned:k1000"]
)
def test_others_are_refused(text):
    with pytest.raises(ConfigError, match="no system"):
        system_of(text)


def test_each_system_is_asked_once():
    assert [system.name for system in systems_of(["base", "tuned", "base"])] == ["base", "tuned"]


def test_the_examples_own_context_is_left_alone():
    assert CONTEXTS.shown(EXAMPLES[0], "") is EXAMPLES[0]


def test_closed_book_shows_nothing_and_asks_for_the_answer():
    for example in (WITH[0], WITHOUT[0]):
        shown = CONTEXTS.shown(example, "closed")
        assert (shown.documents, shown.oracle, shown.behaviour) == ((), None, "answer")
        assert (shown.text, shown.reference) == (example.text, example.reference)


def test_the_oracle_alone():
    shown = CONTEXTS.shown(WITH[0], "oracle")
    assert shown.documents == (WITH[0].documents[WITH[0].oracle],)
    assert shown.oracle == 0
    assert CONTEXTS.shown(WITHOUT[0], "oracle") is None
    assert CONTEXTS.shown(WITHOUT[0], "k4") is None


@given(st.sampled_from(WITH), st.integers(0, 12), st.sampled_from(["", "-absent", "-first", "-middle", "-last"]))
def test_distractors_do_not_answer_and_grow_with_k(example, count, place):
    less, more = (CONTEXTS.shown(example, f"k{number}{place}") for number in (count, count + 1))
    assert without_oracle(less) == without_oracle(more)[:count]
    assert len(without_oracle(less)) == count
    assert len(set(chunks(less))) == len(less.documents)
    own = len(example.documents) - 1
    for document in without_oracle(less)[own:]:
        assert not any(contains_verbatim(quote.text, document.text) for quote in example.quotes)
    if place == "-absent":
        assert (less.oracle, less.behaviour, less.quotes) == (None, "abstain", ())
    else:
        assert less.documents[less.oracle] == example.documents[example.oracle]
        assert less.oracle == {"-first": 0, "-middle": (count + 1) // 2, "-last": count}.get(place, less.oracle)


def test_places_vary_and_do_not_change_from_run_to_run():
    places = [CONTEXTS.shown(example, "k4").oracle for example in WITH]
    assert set(places) == {0, 1, 2, 3, 4}
    again = Contexts(EXAMPLES, 3)
    assert [again.shown(example, "k4") for example in WITH] == [CONTEXTS.shown(example, "k4") for example in WITH]


def test_where_there_are_too_few_documents_all_of_them_are_shown():
    example = make_example()
    assert len(Contexts([example], 0).shown(example, "k8").documents) == 2


def test_a_document_with_the_reference_in_it_is_no_distractor():
    example = make_example(reference="the Registrar of District 3")
    assert answers("The registrar of District 3 keeps it.", example)
    assert not answers("Nobody keeps it.", example)
    assert not answers("It is 30.", make_example(reference="30"))


def test_a_hidden_right_document_is_not_shown_by_way_of_its_groups_other_questions():
    shown = make_example(reference="30", group="g", documents=("It is 30.", "Other."))
    hidden = make_example(reference="3", group="g", documents=("Third.",), oracle=None, behaviour="abstain")
    examples = [own_chunks(shown, 1), own_chunks(hidden, 2)]
    seen = Contexts(examples, 0).shown(examples[1], "k4-absent")
    assert [document.text for document in seen.documents] == ["Third.", "Other."]


def test_what_was_retrieved_holds_the_right_document_or_should_be_abstained_from():
    example = WITH[0]
    others = without_oracle(example)
    right = example.documents[example.oracle]
    found = CONTEXTS.shown(example, "r3", (*others[:2], right))
    assert (found.oracle, found.behaviour, found.quotes) == (2, "answer", example.quotes)
    missed = CONTEXTS.shown(example, "r3", tuple(others[:2]))
    assert (missed.oracle, missed.behaviour, missed.quotes) == (None, "abstain", ())
    assert system_of("tuned:r3").retrieves == 3
    assert system_of("tuned:k3").retrieves == 0
