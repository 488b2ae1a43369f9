"""What a judge is asked about numbered statements, and how its reply is read: what is missing is never made up."""

from collections.abc import Sequence
from typing import Any

from raftune.contracts import ChatMessage, ChatReply, ChatRequest
from raftune.errors import BadReply
from raftune.prompts import prompt_text
from raftune.records import Language
from raftune.teaching.replies import content_of
from raftune.verifying.items import numbered, text_of

YES, NO = ("yes", "true", "1", "예", "네"), ("no", "false", "0", "아니")
ADVICE = "Use a judge that supports JSON schemas."
MARGIN, PER_VERDICT, MOST_CLAIMS, PER_CLAIM = 80, 20, 40, 60


def request_for(
    model: str, prompt: str, language: Language, parts: Sequence[tuple[str, str]], schema: dict[str, Any], tokens: int
) -> ChatRequest:
    """A request whose user message has each part, such as ("ANSWER", text), between tags of its name."""
    shown = "\n".join(f"<{name}>\n{text}\n</{name}>" for name, text in parts)
    messages = (
        ChatMessage(role="system", content=prompt_text(prompt, language)),
        ChatMessage(role="user", content=shown),
    )
    return ChatRequest(model=model, messages=messages, max_tokens=tokens + MARGIN, reply_schema=schema)


def list_schema(name: str, most: int) -> dict[str, Any]:
    """An object with one list of texts."""
    texts = {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": most}
    return {"type": "object", "properties": {name: texts}, "required": [name], "additionalProperties": False}


def questions_schema(most: int) -> dict[str, Any]:
    """An object with a list of questions, and whether the answer they belong to is evasive."""
    schema = list_schema("questions", most)
    schema["properties"]["evasive"] = {"type": "string", "enum": ["yes", "no"]}
    return schema | {"required": ["questions", "evasive"]}


def verdict_schema(count: int) -> dict[str, Any]:
    """An object with yes or no for each of statement_1, statement_2, ..."""
    names = [f"statement_{number}" for number in range(1, count + 1)]
    kinds = {name: {"type": "string", "enum": ["yes", "no"]} for name in names}
    return {"type": "object", "properties": kinds, "required": names, "additionalProperties": False}


def texts_in(reply: ChatReply, name: str) -> list[str]:
    """The texts of a reply's list, none empty; also where the list stands alone. Raises BadReply for anything else."""
    content = content_of(reply)
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = content.get(name, lists[0] if len(lists) == 1 else None)
    if not isinstance(content, list):
        raise BadReply(f"The judge's reply has no {name}.", ADVICE, f"judge: no {name}")
    texts = [text for value in content if (text := text_of(value))]
    if len(texts) < len(content):
        raise BadReply(f"Some of the judge's {name} are not texts.", ADVICE, f"judge: no {name}")
    return texts


def claims_in(reply: ChatReply) -> list[str]:
    """The claims of a reply, each once. Raises BadReply for anything else.

    A bare yes or no claims nothing: judges write it where an answer orders them to.
    """
    found: dict[str, str] = {}
    for text in texts_in(reply, "claims"):
        found.setdefault(plain(text), text)
    return [text for word, text in found.items() if word not in (*YES, *NO)]


def plain(text: str) -> str:
    """A text without what does not change its meaning: capitals, quotation marks, the full stop at its end."""
    return text.casefold().strip(" .!\"'")


def verdicts_in(reply: ChatReply, count: int) -> list[bool]:
    """A verdict for each statement. Raises BadReply unless each has exactly one, and there are no others."""
    found: dict[int, bool] = {}
    for number, value in numbered(content_of(reply)):
        verdict = verdict_of(value)
        if verdict is None or number in found or not 1 <= number <= count:
            raise BadReply("The judge's verdicts cannot be read.", ADVICE, "judge: verdicts")
        found[number] = verdict
    if len(found) < count:
        raise BadReply(f"The judge gave {len(found)} verdicts on {count} statements.", ADVICE, "judge: verdicts")
    return [found[number] for number in range(1, count + 1)]


def flag_in(reply: ChatReply, name: str) -> bool:
    """A reply's yes or no under a name. Raises BadReply where it says neither."""
    content = content_of(reply)
    flag = verdict_of(content.get(name)) if isinstance(content, dict) else None
    if flag is None:
        raise BadReply(f"The judge does not say whether the answer is {name}.", ADVICE, f"judge: no {name}")
    return flag


def verdict_of(value: Any) -> bool | None:
    """Yes, no, or None for what is neither; objects may hold it as verdict."""
    if isinstance(value, dict):
        value = value.get("verdict", value.get("answer"))
    word = plain(text_of(value) or "")
    if word in YES or word.startswith(("yes,", "yes ", "예,", "네,")):
        return True
    return False if word in NO or word.startswith(("no,", "no ", "아니")) else None


def statements(texts: Sequence[str], first: int = 1) -> str:
    """Texts as lines numbered from `first`."""
    return "\n".join(f"statement_{number}: {text}" for number, text in enumerate(texts, first))
