"""How many tokens a request has, as its model counts them, as far as that can be known without the model.

OpenAI's encodings come inside a package (`endpoint` extra), since tiktoken would fetch them when it runs. A model of
another family is counted by the tokenizer that the settings name, else by a rule of thumb that says that it is one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from raftune.contracts import ChatRequest
from raftune.digest import canonical_json
from raftune.models.tokens import tokens_of

ENCODINGS = {"o200k": "o200k_base", "cl100k": "cl100k_base"}
FAMILIES = (
    ("o200k", re.compile(r"^(?:ft:)?(?:gpt-4o|gpt-4\.1|gpt-4\.5|gpt-[5-9]|gpt-oss|chatgpt-|o[1-9](?:-|$))")),
    ("cl100k", re.compile(r"^(?:ft:)?(?:gpt-4|gpt-3\.5|gpt-35|text-embedding-)")),
)
MESSAGE_TOKENS = 3  # what OpenAI's chat format adds to a message, and once more for the reply
PICTURE_TOKENS = 1105  # a page of 1536 x 2048 pixels in OpenAI's tiles: 85 + 6 x 170
HANGUL = re.compile(r"[\uac00-\ud7a3\u3040-\u30ff\u4e00-\u9fff]")
LETTERS_A_TOKEN = 4.2
SYLLABLES_A_TOKEN = 1.6


@dataclass(frozen=True)
class Counter:
    """Counts the tokens of a text; `exact` is False for a rule of thumb. `name` says what counts."""

    name: str
    exact: bool
    count: Callable[[str], int]

    def __call__(self, text: str) -> int:
        """The number of tokens."""
        return self.count(text)


def counter_for(model: str, tokenizer: str | None = None, folder: Path | None = None) -> Counter:
    """What counts for a model: the tokenizer that is named, the model's family, or a rule of thumb.

    `tokenizer` is o200k, cl100k, or a tokenizer.json, a folder or a GGUF file, whose path counts from `folder`. Raises
    ConfigError where it is none.
    """
    if tokenizer and tokenizer not in ENCODINGS:
        measure = tokens_of(str((folder or Path()) / tokenizer)).measure
        return Counter(tokenizer, True, lambda text: len(measure(text)))
    name = tokenizer or next((name for name, names in FAMILIES if names.match(model)), "")
    encoding = encoding_of(ENCODINGS[name]) if name else None
    if encoding is None:
        return Counter("rule of thumb", False, rule_of_thumb)
    return Counter(name, True, lambda text: int(encoding.count(text.encode("utf-8", "replace").decode())))


@cache
def encoding_of(name: str) -> Any:
    """One of OpenAI's encodings, or None where the package is not installed."""
    try:
        import quicktok
    except ImportError:
        return None
    return quicktok.get_encoding(name)


def rule_of_thumb(text: str) -> int:
    """About as many tokens as o200k makes of English and Korean."""
    syllables = len(HANGUL.findall(text))
    return round(syllables / SYLLABLES_A_TOKEN + (len(text) - syllables) / LETTERS_A_TOKEN)


def request_tokens(request: ChatRequest, count: Callable[[str], int]) -> int:
    """The tokens of a request as the endpoint reads it: messages, pictures, and the schema of the reply."""
    texts = sum(count(message.content) + MESSAGE_TOKENS for message in request.messages) + MESSAGE_TOKENS
    pictures = sum(len(message.images) for message in request.messages) * PICTURE_TOKENS
    schema = count(canonical_json(request.reply_schema)) if request.reply_schema else 0
    return texts + pictures + schema
