"""APIBench (Patil et al. 2023, Gorilla): which call of a model hub does what is asked, from the hub's documentation.

TensorFlow Hub and Hugging Face have no training file here: part of their dev rows is learned from, the rest is asked.
"""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from raftune.calls import call_in, is_called
from raftune.comparison import lenient_answer
from raftune.contracts import Outcome, ParsedReply
from raftune.digest import Json
from raftune.prompts.raft import without_marks
from raftune.records import Answer, Chunk, Example, Split
from raftune.replication.course import Course, Part, Sizes, most_frequent
from raftune.replication.texts import Item, answer, beginning, drawn, enough, items_in, nearest_sentence, passage

HUBS = {"torchhub": "Torch Hub", "tensorflowhub": "TensorFlow Hub", "huggingface": "Hugging Face"}
ASKED = " Answer with the call."
EXPLANATION = re.compile(
    r"(?:<<<explanation>>>:?|'explanation':)\s*[\"']?\s*(?:1\.\s*)?(.*?)(?:<<<|[\"'], 'code'|$)", re.DOTALL
)
REASONING = 160
LEARNED = 0.6
"""The share of the dev rows that is learned from where there is no training file."""


SETTINGS: dict[str, Json] = {
    "assemble": {
        "distractors": 3,
        "layout": "clustered",
        "document_share": 0.0,
        "near_share": 1.0,
        "without_oracle": "memorise",
    },
    "train": {"epochs": 2, "sets_per_step": 1, "examples_per_step": 4},
    "predict": {"max_tokens": 128},
}
PAPER: dict[str, dict[str, float]] = {
    "api_domain, Torch Hub": {"base:closed": 0, "base": 8.60, "dsf:closed": 84.94, "dsf": 82.80, "tuned": 84.95,
                              "no reasoning": 86.56, "GPT-3.5 + RAG": 60.21},
    "api_domain, TensorFlow Hub": {"base:closed": 0, "base": 43.06, "dsf:closed": 86.56, "dsf": 60.29,
                                   "tuned": 86.86, "no reasoning": 83.21, "GPT-3.5 + RAG": 65.59},
    "api_domain, Hugging Face": {"base:closed": 0.22, "base": 26.43, "dsf:closed": 61.06, "dsf": 42.59,
                                 "tuned": 74.00, "no reasoning": 59.07, "GPT-3.5 + RAG": 29.08},
}  # fmt: skip


class ApiBench:
    """The folder with api_, train_ and dev_ files for the three hubs."""

    name = "apibench"
    title = "APIBench"
    metrics = ("api_domain", "api_call", "api_call_exact", "quote_supported", "format")
    main = ()
    sizes = Sizes(training=120, testing=60, characters=250)
    smoke = Sizes(training=6, testing=3, characters=120)
    settings = SETTINGS
    paper = PAPER

    def course(self, folder: Path, sizes: Sizes) -> Course:
        """A third of the questions from each hub; its documents are the passages."""
        parts: list[Part] = []
        slices, domains, constants = dict[str, str](), dict[str, str](), dict[str, str]()
        documents = {hub: items_in(folder / f"api_{hub}.jsonl") for hub in HUBS}
        for hub, title in HUBS.items():
            chunks = {item["id"]: passage_of(item, sizes.characters) for item in documents[hub]}
            known = {item["id"]: item for item in documents[hub]}
            for split, items in questions_of(folder, hub, sizes).items():
                rows = [(item, answer_of(item, known[item["gold_doc"]], chunks)) for item in items]
                slices |= {made.id: title for _, made in rows}
                domains |= {made.id: item["domain"] for item, made in rows}
                if split == "train":
                    constants[title] = most_frequent(constants_of(documents[hub], items))
                parts.append(Part(title, split, tuple(chunks.values()), tuple(made for _, made in rows)))
        official = ApiDomain(domains, [call for some in documents.values() for call in calls_of(some)])
        return Course(constants, tuple(parts), slices=slices, metrics=(official,))

    def guess(self, example: Example, sentence: str, document: str) -> str:  # noqa: ARG002
        """The call in the nearest document."""
        return document.rpartition("Call: ")[2]


@dataclass
class ApiDomain:
    """What Gorilla's official score asks: the reply calls what some document of the right domain calls.

    A call counts as a document's where it has the same function and all of its arguments. (The official program matches
    pieces of the text's syntax tree; right calls get 1.000, 0.961, 0.953 of it for Torch, TensorFlow, Hugging Face, and
    1.000, 1.000, 0.991 here.) Any call of a domain is as good as any other: `api_call` is whether it is the right one.
    """

    domains: Mapping[str, str]
    documents: list[tuple[str, ast.Call]]
    name: str = "api_domain"
    higher_is_better: bool = True

    def score(self, example: Example, reply: ParsedReply) -> Outcome:
        """Applies to every question of the benchmark."""
        plain = without_marks(reply.text)
        given = call_in(lenient_answer(reply.final, plain, reply.quotes)) or call_in(plain)
        wanted = self.domains[example.answer]
        right = given is not None and any(
            domain == wanted and is_called(given, call) for domain, call in self.documents
        )
        return Outcome(float(right))


def questions_of(folder: Path, hub: str, sizes: Sizes) -> dict[Split, list[Item]]:
    """A third of the questions that are wanted, by split; those whose document's call is no call are left out."""
    dev = drawn(readable(items_in(folder / f"dev_{hub}.jsonl")), name_of)
    path = folder / f"train_{hub}.jsonl"
    cut = 0 if path.exists() else round(LEARNED * len(dev))
    train = drawn(readable(items_in(path)), name_of) if path.exists() else dev[:cut]
    what = f"questions about {HUBS[hub]}"
    return {
        "train": enough(train, sizes.training // len(HUBS), f"{what} to learn from"),
        "test": enough(dev[cut:], sizes.testing // len(HUBS), f"{what} to ask"),
    }


def readable(items: Iterable[Item]) -> list[Item]:
    """The questions whose answer is a call that Python can read."""
    return [item for item in items if call_in(item["api_call"]) is not None]


def name_of(item: Item) -> str:
    """What tells an item apart."""
    return str(item["id"])


def calls_of(documents: Iterable[Item]) -> list[tuple[str, ast.Call]]:
    """The domain and the call of each document that has one."""
    found = ((item["domain"], call_in(item["api_call"])) for item in documents)
    return [(domain, call) for domain, call in found if call is not None]


def constants_of(documents: Iterable[Item], items: Sequence[Item]) -> list[str]:
    """The calls of the domain that most questions are about."""
    domain = most_frequent(item["domain"] for item in items)
    return [item["api_call"] for item in documents if item["domain"] == domain]


def passage_of(item: Item, characters: int) -> Chunk:
    """What a document says, as text that ends with its call."""
    lines = (f"{item['api_name']} ({item['framework']}).", f"Domain: {item['domain']}.", about(item, characters))
    return passage(item["id"], "\n".join([*lines, f"Call: {item['api_call']}"]))


def about(item: Item, characters: int) -> str:
    """The beginning of a document's description, or what it is for where it has none."""
    return beginning(item["description"], characters) if item["description"] else str(item["functionality"])


def answer_of(item: Item, document: Item, chunks: Mapping[str, Chunk]) -> Answer:
    """The call behind what the document says nearest to the question, and the beginning of the explanation."""
    chunk = chunks[document["id"]]
    found = EXPLANATION.search(item["reference"])
    reasoning = beginning(found[1].strip(), REASONING)[:REASONING] if found and found[1].strip() else ""
    quotes = [nearest_sentence(chunk.text.split("\n", 2)[2].rpartition("\nCall: ")[0], item["question"])]
    return answer(item["id"], item["question"] + ASKED, chunk, quotes, document["api_call"], reasoning, kind="call")


plug = ApiBench()
