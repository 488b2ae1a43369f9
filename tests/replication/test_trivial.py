from raftune.parsing import parsed
from raftune.replication.course import Course
from raftune.replication.rows import example_of
from raftune.replication.trivial import CONSTANT, NEAREST, nearest, trivial_replies
from tests.replication.made import make_given


class Sentence:
    def guess(self, example, sentence, document):
        return f"{sentence} / {len(document)}"


def test_the_constant_is_that_of_the_slice():
    one = make_given()
    row = example_of(one, one.documents)
    replies = {made.system: parsed(made.reply) for made in trivial_replies(Sentence(), Course({"": "yes"}), [row])}
    assert replies[CONSTANT].final == "yes"
    course = Course({"a": "no", "b": "maybe"}, slices={one.answer.id: "b"})
    assert next(trivial_replies(Sentence(), course, [row])).reply == "<ANSWER>: maybe"


def test_the_nearest_sentence_is_quoted_and_guessed_from():
    one = make_given(3)
    row = example_of(one, one.documents)
    reply = parsed(
        next(made for made in trivial_replies(Sentence(), Course({}), [row]) if made.system == NEAREST).reply
    )
    assert reply.quotes[0] in row.documents[0].text
    assert reply.final == f"{row.documents[0].text} / {len(row.documents[0].text)}"


def test_nearest_shares_most_terms():
    assert nearest(["Dogs bark. Cats sleep.", "A cat sleeps long."], "Do cats sleep?") == (
        "Cats sleep.",
        "Dogs bark. Cats sleep.",
    )
