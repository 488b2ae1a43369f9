from pathlib import Path

from raftune.engines import local
from raftune.replication.asking import Timed
from raftune.replication.course import Given
from raftune.replication.texts import answer, passage, quote_in
from raftune.runner import Journal, Runner
from raftune.stores.files import FileStore


class Plugs:
    """What assemble asks for."""

    def retriever(self, name, language):
        from raftune.retrievers.bm25 import plug

        return plug()

    def prepare(self, stage):
        pass


class Nobody:
    """Watches nothing."""

    def started(self, stage):
        return lambda *_: None

    def finished(self, stage, artifact, seconds):
        pass


def make_runner(folder: Path) -> Timed:
    return Timed(
        Runner(
            FileStore(folder / "objects"),
            Plugs(),
            local.plug,
            Journal(folder / "journal.jsonl"),
            Nobody(),
            0,
            lambda _: {},
        )
    )


def make_given(number: int = 0, split: str = "train", documents: int = 6) -> Given:
    """A question with two right documents, the first and the third."""
    chunks = [
        passage(f"{number} {place}", f"Page {place} of item {number} says word{place}.") for place in range(documents)
    ]
    right = [chunks[0], chunks[2]]
    made = answer(f"item {number}", f"What does item {number} say?", chunks[2], [], "word2")
    made = made.changed(quotes=tuple(quote_in(chunk, chunk.text) for chunk in right))
    return Given(split, made, tuple(chunks), frozenset(chunk.id for chunk in right))
