"""Asks the tuned model and its base the same question; both are opened when they are first asked, in one thread."""

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal

from raftune.answering import GroundedReply
from raftune.api import Project
from raftune.consulting import Consulted, consulted, with_exact_pages
from raftune.digest import ID_LENGTH, digest
from raftune.errors import ConfigError, RaftuneError
from raftune.records import Chunk, Decision

log = logging.getLogger(__name__)

Side = Literal["tuned", "base"]
SIDES: tuple[Side, ...] = ("tuned", "base")
MOST_TURNS = 200
LONGEST = 2_000  # characters of a question


@dataclass
class Reply:
    """What one model has said so far; `grounded` once it is whole, `fault` where it could not be asked."""

    text: str = ""
    shown: tuple[Chunk, ...] = ()
    grounded: GroundedReply | None = None
    fault: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        return self.grounded is not None or bool(self.fault)


@dataclass
class Turn:
    """A question, and what each model replies."""

    name: str
    question: str
    replies: dict[Side, Reply] = field(default_factory=lambda: {side: Reply() for side in SIDES})
    votes: dict[Side, str] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether both have replied."""
        return all(reply.done for reply in self.replies.values())


@dataclass
class Asker:
    """The conversation, and the two models; those are opened anew after another run."""

    project: Callable[[], Project]
    turns: OrderedDict[str, Turn] = field(default_factory=OrderedDict)
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "asking"))
    lock: threading.Lock = field(default_factory=threading.Lock)
    opened: dict[Side, Consulted] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    version: object = None

    def ask(self, question: str) -> Turn:
        """Begins a turn. Raises ConfigError for a question that is empty or too long."""
        text = question.strip()
        if not text or len(text) > LONGEST:
            raise ConfigError("The question is empty or too long.", f"Write 1 to {LONGEST:,} characters.")
        turn = Turn(secrets.token_hex(8), text)
        with self.lock:
            self.turns[turn.name] = turn
            while len(self.turns) > MOST_TURNS:
                self.turns.popitem(last=False)
        self.thread.submit(self.answer, turn).add_done_callback(note_failure)
        return turn

    def answer(self, turn: Turn) -> None:
        """Has both models reply, one after the other: they share the processor."""
        for side in SIDES:
            reply = turn.replies[side]

            def hear(piece: str, reply: Reply = reply) -> None:
                reply.text += piece

            try:
                model = self.model(side)
                shown, grounded = model.ask(turn.question, hear)
                reply.shown = tuple(shown)
                reply.grounded = with_exact_pages(self.project(), grounded)
            except RaftuneError as error:
                reply.fault = str(error)
            except Exception as error:
                for one in turn.replies.values():
                    one.fault = one.fault or ("" if one.done else f"The model failed ({type(error).__name__}).")
                raise

    def model(self, side: Side) -> Consulted:
        """A model, open. Raises ConfigError before a run."""
        project = self.project()
        version = (project.journal.last("train").get("key"), project.journal.last("chunk").get("key"), project.settings)
        if version != self.version:
            self.stack.close()
            self.opened.clear()
            self.version = version
        if side not in self.opened:
            self.opened[side] = self.stack.enter_context(consulted(project, tuned=side == "tuned"))
        return self.opened[side]

    def close(self) -> None:
        """Closes the models once the reply that is being written is whole."""
        self.thread.submit(self.stack.close)
        self.thread.shutdown(wait=True, cancel_futures=False)


def note_failure(answered: Future[None]) -> None:
    """Writes an error that nobody expected to the log; the page has told of it in a sentence."""
    if error := answered.exception():
        log.error("A question could not be answered.", exc_info=error)


def opinion(turn: Turn, side: Side, verdict: Literal["up", "down"], note: str, who: str, when: str) -> Decision:
    """What a person thinks of a reply, for the log of decisions. Raises ConfigError before the reply is whole."""
    reply = turn.replies[side].grounded
    if reply is None:
        raise ConfigError("There is no whole reply yet.", "Wait for it.")
    placed: Sequence[str] = [quote.text for quote in reply.quotes if quote.verified]
    chunk = next((quote.chunk for quote in reply.quotes if quote.verified), None)
    return Decision(
        answer=digest(["chat", turn.question, side, reply.text], ID_LENGTH),
        verdict=verdict,
        reason=note,
        who=who,
        when=when,
        text=turn.question,
        final=reply.said,
        quotes=tuple(placed),
        chunk=chunk,
    )
