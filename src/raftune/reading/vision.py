"""A page read by a model that looks at its picture, and held against the text that a program found on it.

The text layer (or OCR) is shown to the model as a hint and is the yardstick of its reply: one that lacks too much is
asked for once more, then the page stays as the program read it, and says so.
"""

import asyncio
import re
from dataclasses import dataclass

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.digest import digest
from raftune.errors import BadReply, Unavailable
from raftune.prompts import prompt_text
from raftune.reading.agreement import Agreement, agreement
from raftune.reading.alignment import carried_boxes
from raftune.readings import PageReading
from raftune.records import Language, Page
from raftune.stage import Vision

ATTEMPTS = 2
UNAVAILABLE_IN_A_ROW = 3
LONGEST_HINT = 40_000  # characters that are shown; all of the text is held against
MOST_NAMED = 60  # missing words and numbers that a second request lists
NAMED = 5  # numbers that a warning lists
OCR_SHARE = 0.75  # OCR misreads some words itself: a right reply cannot hold them
SOURCES = {"native": "text", "text": "text layer", "ocr": "OCR", "vision": "text"}
NO_OCR = "no OCR is installed"
BLANK = "<!-- blank page -->"

THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
INTRODUCTION = re.compile(r"\A[^\n]{0,200}[:\uff1a]\s*\n\s*(?=```(?:markdown|md)\b)", re.IGNORECASE)
OPENING = re.compile(r"\A```(markdown|md|text|)[ \t]*(?:\n|\Z)", re.IGNORECASE)
CLOSING = re.compile(r"(?:\A|\n)```\Z")
FENCE = re.compile(r"^```", re.MULTILINE)
BETWEEN = re.compile(r"\n```[ \t]*\n\s*```(?:markdown|md)[ \t]*\n", re.IGNORECASE)


@dataclass(frozen=True)
class Bounds:
    """The share of the hint's words and of its numbers that a reply must hold."""

    words: float
    numbers: float


@dataclass
class VisionReader:
    """Reads pages by a model; remembers how many in a row found the endpoint away."""

    vision: Vision
    bounds: Bounds
    lost: int = 0

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.vision.at_once)

    async def read(self, image_url: str, fallback: PageReading, language: Language) -> PageReading:
        """The page of the picture at a data URL: as the model read it, or `fallback` with a warning that says why.

        Raises ProviderError where the endpoint refuses the key or the model, Unavailable once it was away for several
        pages in a row, and OverBudget.
        """
        fault, again, tokens = "", "", self.vision.max_tokens
        for attempt in range(ATTEMPTS):
            request = page_request(self.vision.model, image_url, fallback.page, language, again, tokens)
            try:
                reply = await self.ask(request)
            except BadReply as error:
                return kept(fallback, error.reason)
            except Unavailable:
                if self.lost >= UNAVAILABLE_IN_A_ROW:
                    raise
                return kept(fallback, "the endpoint is not available")
            if reply.finish_reason == "length":
                fault, tokens = "the reply was cut off", 2 * tokens
                continue
            text = clean(reply.text)
            found = agreement(text, yardstick(fallback.page))
            fault = fault_of(found, bounds_for(fallback.page, self.bounds))
            if not fault:
                return seen(text, fallback, warnings_of(found, fallback.page, self.bounds, attempt))
            again = missing_note(found, language)
        return kept(fallback, fault)

    async def ask(self, request: ChatRequest) -> ChatReply:
        """The model's reply. Counts how often in a row the endpoint is away."""
        try:
            reply = await self.vision.chat.complete(request)
        except Unavailable:
            self.lost += 1
            raise
        self.lost = 0
        return reply


def page_request(
    model: str, image_url: str, page: Page, language: Language, again: str = "", max_tokens: int = 4096
) -> ChatRequest:
    """The request for a page; `again` is a note about what an earlier reply lacked."""
    text = "\n\n".join(part for part in (hint_text(page), again) if part)
    messages = (
        ChatMessage(role="system", content=prompt_text("read_page", language)),
        ChatMessage(role="user", content=text, images=(image_url,)),
    )
    return ChatRequest(model=model, messages=messages, max_tokens=max_tokens)


def hint_text(page: Page) -> str:
    """What a program found on a page, between marks that the page's own text cannot hold: they are made from it."""
    hint = page.text[:LONGEST_HINT]
    if not hint.strip():
        return "(no text found)"
    mark = f"page-text-{digest(hint, 12)}"
    return f"{SOURCES[page.way]}:\n<{mark}>\n{hint}\n</{mark}>"


def missing_note(found: Agreement, language: Language) -> str:
    """What a second request says about the first reply."""
    missing = list(dict.fromkeys([*found.missing_numbers, *found.missing_words]))[:MOST_NAMED]
    return f"{prompt_text('read_page_again', language)}\n{' '.join(missing)}"


def clean(reply: str) -> str:
    """A reply without what models put around a page: thoughts, an introduction, a code fence around all of it."""
    text = THOUGHT.sub("", reply.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")).strip()
    text = INTRODUCTION.sub("", text)
    if opening := OPENING.match(text):
        rest = text[opening.end() :]
        if opening.group(1) or len(FENCE.findall(rest)) <= 1:
            text = BETWEEN.sub("\n\n", CLOSING.sub("", rest))
    return re.sub(r"[ \t]+$", "", text.replace(BLANK, ""), flags=re.MULTILINE).strip()


def yardstick(page: Page) -> str:
    """The text that a reply is held against: none where OCR was needed and is not there."""
    return "" if any(NO_OCR in warning for warning in page.warnings) else page.text


def bounds_for(page: Page, bounds: Bounds) -> Bounds:
    """The bounds for a reply that is held against this page."""
    return Bounds(bounds.words * OCR_SHARE, bounds.numbers * OCR_SHARE) if page.way == "ocr" else bounds


def fault_of(found: Agreement, bounds: Bounds) -> str:
    """What is wrong with a reply, or nothing."""
    if found.numbers < bounds.numbers:
        return f"{percent(1 - found.numbers)} of its numbers are missing"
    if found.words < bounds.words:
        return f"{percent(1 - found.words)} of its words are missing"
    return ""


def percent(share: float) -> str:
    """A share in whole percent; a little is not nothing."""
    return f"{max(1, round(100 * share))} %"


def warnings_of(found: Agreement, hint: Page, bounds: Bounds, attempt: int) -> list[str]:
    """What may be amiss with a reply that is good enough."""
    warnings = ["vision: read twice"] if attempt else []
    if not yardstick(hint).strip():
        return [*warnings, "vision: not checked, there is no other text of the page"]
    source = SOURCES[hint.way]
    if found.missing_numbers and hint.way != "ocr":
        warnings.append(f"vision: numbers of the {source} that are missing: {named(found.missing_numbers)}")
    allowed = (1 - bounds_for(hint, bounds).numbers) * max(1, found.counted)
    if len(found.new_numbers) > max(1.0, allowed):
        warnings.append(f"vision: numbers that are not in the {source}: {named(found.new_numbers)}")
    return warnings


def named(numbers: tuple[str, ...]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return ", ".join(numbers[:NAMED]) + more


def seen(text: str, fallback: PageReading, warnings: list[str]) -> PageReading:
    """The page as the model read it, with the boxes of the words that the fallback has too."""
    before = fallback.page
    page = Page(number=before.number, text=text, way="vision", warnings=(*before.warnings, *warnings))
    words = carried_boxes(before.text, fallback.words, text)
    return PageReading(page, words, fallback.width, fallback.height)


def kept(fallback: PageReading, fault: str) -> PageReading:
    """The fallback with a warning."""
    page = fallback.page
    warning = f"vision: {fault}, {SOURCES[page.way]} used"
    return PageReading(
        page.changed(warnings=(*page.warnings, warning)), fallback.words, fallback.width, fallback.height
    )
