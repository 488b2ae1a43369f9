"""Runs RAGAS on rows, in a Python of its own that has ragas and need not have raftune: the child of ragas_process.

Lines of JSON go over standard input and output. In comes first {"rows": [...], "metrics": [...], "at_once": n}, then a
reply to each line with an "id": a prompt of RAGAS with its JSON schema, or texts to embed. Out goes also the version,
and a line for each row and metric with its value, or why there is none, and the replies that it was made of. The child
has no key and may not open connections: whoever started it asks the models.
"""

import asyncio
import json
import math
import os
import queue
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import IO, Any

OFFLINE = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
ATTEMPTS = 3  # as often as instructor, which RAGAS uses, asks for a reply of the right shape


class Line:
    """Requests and replies of many threads over two files. `ask` waits for the reply to its own request."""

    def __init__(self, reading: IO[str], writing: IO[str]) -> None:
        self.reading, self.writing = reading, writing
        self.lock, self.numbers = threading.Lock(), count()
        self.waiting: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}

    def say(self, **message: Any) -> None:
        """Writes a line."""
        with self.lock:
            self.writing.write(json.dumps(message) + "\n")
            self.writing.flush()

    def ask(self, **message: Any) -> dict[str, Any]:
        """Writes a line with a number of its own; the line that comes back with it."""
        number, reply = next(self.numbers), queue.SimpleQueue[dict[str, Any]]()
        self.waiting[number] = reply
        self.say(id=number, **message)
        return reply.get()

    def listen(self) -> None:
        """Hands replies to those who wait; ends the process when nobody is there any more."""
        for line in self.reading:
            reply = json.loads(line)
            self.waiting.pop(reply["id"]).put(reply)
        os._exit(0)


class Unusable(Exception):
    """A judge's reply that has not the shape asked for; says why."""


class Judge:
    """What RAGAS takes for its language model, for one row and metric. `replies` are those that had the right shape."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.given: Counter[str] = Counter()
        self.replies: list[tuple[str, Any]] = []

    def generate(self, prompt: str, response_model: Any) -> Any:
        """A reply as that pydantic model; each time with another number, which the judge takes as its seed."""
        fault = ""
        for _ in range(ATTEMPTS):
            number = self.given[prompt]
            self.given[prompt] += 1
            reply = self.line.ask(prompt=prompt, schema=response_model.model_json_schema(), number=number)
            if "text" not in reply:
                fault = reply["fault"]
                continue
            try:
                found = response_model.model_validate_json(reply["text"])
            except ValueError as error:
                fault = str(error).splitlines()[0]
                continue
            self.replies.append((response_model.__name__, found.model_dump()))
            return found
        raise Unusable(fault)

    async def agenerate(self, prompt: str, response_model: Any) -> Any:
        """The same; each row has a thread of its own, which may wait."""
        return self.generate(prompt, response_model)


class Vectors:
    """What RAGAS takes for its embeddings, for texts in one language."""

    def __init__(self, line: Line, language: str) -> None:
        self.line, self.language = line, language

    def embed_texts(self, texts: Sequence[str], **_: Any) -> Any:
        """A vector for each text."""
        return self.line.ask(texts=list(texts), language=self.language)["vectors"]

    def embed_text(self, text: str, **_: Any) -> Any:
        """A text's vector."""
        return self.embed_texts([text])[0]

    async def aembed_texts(self, texts: Sequence[str], **_: Any) -> Any:
        """The same."""
        return self.embed_texts(texts)

    async def aembed_text(self, text: str, **_: Any) -> Any:
        """The same."""
        return self.embed_text(text)


def asked(metric: str, row: dict[str, Any], judge: Judge, vectors: Vectors) -> Any:
    """RAGAS's metric on a row, to be awaited."""
    from ragas.metrics import collections

    question, answer, reference = row["question"], row["answer"], row["reference"]
    if metric == "faithfulness":
        documents = {"user_input": question, "response": answer, "retrieved_contexts": row["documents"]}
        return collections.Faithfulness(llm=judge).ascore(**documents)
    if metric == "answer_relevancy":
        relevancy = collections.AnswerRelevancy(llm=judge, embeddings=vectors)
        return relevancy.ascore(user_input=question, response=answer)
    if metric == "answer_similarity":
        return collections.SemanticSimilarity(embeddings=vectors).ascore(reference=reference, response=answer)
    correctness = collections.AnswerCorrectness(llm=judge, embeddings=vectors)
    return correctness.ascore(user_input=question, response=answer, reference=reference)


def score(line: Line, metrics: Sequence[str], numbered: tuple[int, dict[str, Any]]) -> None:
    """Tells RAGAS's value of each metric for a row; what it raises for a row is its way to have no value."""
    number, row = numbered
    for metric in metrics:
        judge, vectors, note = Judge(line), Vectors(line, row["language"]), ""
        value: float | None = None
        try:
            value = float(asyncio.run(asked(metric, row, judge, vectors)).value)
        except (Unusable, ValueError, TypeError, RuntimeError, ArithmeticError) as error:
            note = str(error).splitlines()[0] if str(error) else type(error).__name__
        if value is not None and not math.isfinite(value):
            value, note = None, "not a number"
        line.say(row=number, metric=metric, value=value, note=note, replies=judge.replies)


def forbid_connections() -> None:
    """From here on this process reaches nobody, whatever a library tries: RAGAS would report how it is used."""

    def refuse(event: str, _: Any) -> None:
        if event in OFFLINE:
            raise PermissionError("This process may not open connections.")

    sys.addaudithook(refuse)


def main() -> None:
    """Reads the rows, scores them, ends."""
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    forbid_connections()
    line = Line(sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what libraries print must not come between
    work = json.loads(sys.stdin.readline())
    try:
        import ragas
        from ragas.embeddings.base import BaseRagasEmbedding
        from ragas.llms.base import InstructorBaseRagasLLM
    except ImportError as error:
        line.say(missing=str(error))
        return
    InstructorBaseRagasLLM.register(Judge)
    BaseRagasEmbedding.register(Vectors)
    line.say(version=ragas.__version__)
    threading.Thread(target=line.listen, daemon=True).start()
    with ThreadPoolExecutor(max(1, work["at_once"])) as threads:
        list(threads.map(partial(score, line, work["metrics"]), enumerate(work["rows"])))
    os._exit(0)


if __name__ == "__main__":
    main()
