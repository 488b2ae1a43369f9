"""What a system is shown with a question: the example's documents, none, the right one alone, k distractors, or what
the project's retriever finds.

A system is written "MODEL" or "MODEL:CONTEXT", as in "tuned:closed", "base:oracle", "tuned:k4", "tuned:k4-absent",
"tuned:k4-first", "dsf:r4". All contexts but the last are functions of the examples and the seed, so that they can be
made again for scoring; what was retrieved is kept with the prediction.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from raftune.comparison import contains_verbatim, normalise_answer
from raftune.digest import digest
from raftune.errors import ConfigError
from raftune.records import ContextDocument, Example

FORM = re.compile(r"k(\d{1,3})(?:-(absent|first|middle|last))?")
RETRIEVED = re.compile(r"r(\d{1,3})")
MODEL = re.compile(r"[a-z][a-z0-9_.-]*")
LEAST_REFERENCE = 4


@dataclass(frozen=True)
class System:
    """A model in a context: "base", "tuned", "dsf" or one of [models]; `name` is how it was written."""

    name: str
    model: str
    context: str = ""

    @property
    def retrieves(self) -> int:
        """How many passages the project's retriever finds for it; 0 where it shows something else."""
        found = RETRIEVED.fullmatch(self.context)
        return int(found[1]) if found else 0


def system_of(text: str) -> System:
    """The system written so. Raises ConfigError for a context that there is not, or no name of a model."""
    model, _, context = text.partition(":")
    forms = context in ("", "closed", "oracle") or FORM.fullmatch(context) or RETRIEVED.fullmatch(context)
    if not MODEL.fullmatch(model) or not forms or context == "r0":
        advice = (
            "Write base, tuned, dsf or a name of [models], alone or with :closed, :oracle, :k4, :k4-absent, :k4-first, "
            "-middle, -last, or :r4."
        )
        raise ConfigError(f"There is no system {text!r}.", advice)
    return System(text, model, context)


class Contexts:
    """Shows examples in other contexts. Distractors beyond an example's own come from the others' documents."""

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        self.examples, self.seed = examples, seed

    @cached_property
    def pool(self) -> dict[str, dict[str, ContextDocument]]:
        """All documents by language and chunk."""
        found: dict[str, dict[str, ContextDocument]] = {}
        for example in self.examples:
            known = found.setdefault(example.language, {})
            for document in example.documents:
                if document.chunk not in known:
                    known[document.chunk] = document.changed(tier="random")
        return found

    @cached_property
    def right(self) -> dict[str, set[str]]:
        """The chunks that are the right documents of each group's questions."""
        found: dict[str, set[str]] = {}
        for example in self.examples:
            if example.oracle is not None:
                found.setdefault(example.group, set()).add(example.documents[example.oracle].chunk)
        return found

    def shown(self, example: Example, context: str, found: Sequence[ContextDocument] = ()) -> Example | None:
        """The example as a context shows it; None where that cannot be: its right document is not known.

        Without its documents the right behaviour is still to answer (from memory); with the right one absent, to say
        that the documents do not hold the answer. `found` is what was retrieved, for contexts that do.
        """
        if not context:
            return example
        if context == "closed":
            return example.changed(documents=(), oracle=None, quotes=(), behaviour="answer")
        if context == "oracle":
            return self.with_distractors(example, 0, "first")
        if RETRIEVED.fullmatch(context):
            return self.retrieved(example, found)
        form = FORM.fullmatch(context)
        if form is None:
            raise ConfigError(f"There is no context {context!r}.", "See `raftune.contexts`.")
        return self.with_distractors(example, int(form[1]), form[2] or "")

    def retrieved(self, example: Example, found: Sequence[ContextDocument]) -> Example:
        """The example with what was found. The right document is that of the example, or another one of its group."""
        wanted = set(self.right.get(example.group, ()))
        if example.oracle is not None:
            wanted = {example.documents[example.oracle].chunk}
        at = next((place for place, document in enumerate(found) if document.chunk in wanted), None)
        if at is None:
            return example.changed(documents=tuple(found), oracle=None, quotes=(), behaviour="abstain")
        return example.changed(documents=tuple(found), oracle=at, behaviour="answer")

    def with_distractors(self, example: Example, count: int, place: str) -> Example | None:
        """The example with `count` distractors, or as many as there are; those of a smaller count are among them."""
        if place == "absent":
            documents = self.distractors(example, count)
            return example.changed(documents=tuple(documents), oracle=None, quotes=(), behaviour="abstain")
        if example.oracle is None:
            return None
        documents = self.distractors(example, count)
        at = self.position(example, len(documents), place)
        whole = (*documents[:at], example.documents[example.oracle], *documents[at:])
        return example.changed(documents=whole, oracle=at, behaviour="answer")

    def position(self, example: Example, distractors: int, place: str) -> int:
        """Where the right document stands among the distractors; anywhere by the seed unless a place is named."""
        if place == "":
            return self.random(example, f"position {distractors}").randint(0, distractors)
        return {"first": 0, "middle": (distractors + 1) // 2}.get(place, distractors)

    def distractors(self, example: Example, count: int) -> list[ContextDocument]:
        """The first `count` distractors: the example's own, then the others' that do not hold its answer and are not
        the right ones of its group: where the example's own is hidden, another question of the group may show it.
        """
        own = [document for place, document in enumerate(example.documents) if place != example.oracle]
        kept_out = {document.chunk for document in example.documents} | {quote.chunk for quote in example.quotes}
        kept_out |= self.right.get(example.group, set())
        others = [document for chunk, document in self.pool[example.language].items() if chunk not in kept_out]
        self.random(example, "distractors").shuffle(others)
        return list(islice(chain(own, (one for one in others if not answers(one.text, example))), count))

    def random(self, example: Example, what: str) -> random.Random:
        """A generator of its own for each example and purpose."""
        return random.Random(digest([self.seed, what, example.id]))  # noqa: S311 - sampling, not cryptography


def answers(text: str, example: Example) -> bool:
    """Whether a document might answer the question: it holds a quote or the reference (unless that is very short)."""
    if any(contains_verbatim(quote.text, text) for quote in example.quotes):
        return True
    reference = normalise_answer(example.reference, example.language)
    return len(reference) >= LEAST_REFERENCE and reference in normalise_answer(text, example.language)


def systems_of(names: Sequence[str]) -> list[System]:
    """The systems written so, each once. Raises ConfigError."""
    return [system_of(name) for name in dict.fromkeys(names)]
