"""Faults in a completion that is otherwise sound: each changes it in place. They pass through streams as well."""

from typing import Any

from tests.servers.openai.chat import tool_call

Body = dict[str, Any]


def text_of(made: Body) -> str:
    """The reply's text, or the arguments of its tool call."""
    message = made["choices"][0]["message"]
    calls = message.get("tool_calls") or [{"function": {"arguments": ""}}]
    return str(message.get("content") or calls[0]["function"]["arguments"])


def say(made: Body, text: str | None, reason: str = "stop") -> None:
    """Puts another text in its place."""
    choice = made["choices"][0]
    choice["message"] = {"role": "assistant", "content": text, "refusal": None}
    choice["finish_reason"] = reason


def cut_off(made: Body) -> None:
    """finish_reason length, in the middle of the text."""
    text = text_of(made)
    say(made, text[: len(text) // 2], "length")


def filtered(made: Body) -> None:
    """finish_reason content_filter."""
    say(made, "", "content_filter")


def empty(made: Body) -> None:
    """No text."""
    say(made, "")


def null(made: Body) -> None:
    """Content null."""
    say(made, None)


def refusal(made: Body) -> None:
    """The field `refusal`, as with strict schemas."""
    say(made, None)
    made["choices"][0]["message"]["refusal"] = "I'm sorry, I cannot assist with that request."


def refusal_in_words(made: Body) -> None:
    """A refusal in the text."""
    say(made, "I'm sorry, but I cannot help with this.")


def thought(made: Body) -> None:
    """A thought before the text."""
    say(made, f'<think>They want {{"items": []}}, or do they?</think>\n\n{text_of(made)}')


def fenced(made: Body) -> None:
    """The text in a fence, with words around it."""
    say(made, f"Here you are:\n```json\n{text_of(made)}\n```\nCan I help you with anything else?")


def prose(made: Body) -> None:
    """Words where JSON was asked for."""
    say(made, "The harbour is a fine place, and there is a lot to be said about it.")


def broken_text(made: Body) -> None:
    """A text whose JSON breaks off, although the reply ended by itself."""
    say(made, text_of(made)[:-3] or "{")


def other_shape(made: Body) -> None:
    """JSON, but not what was asked for."""
    say(made, '{"result":{"count":1},"ok":true}')


def other_model(made: Body) -> None:
    """Another model's name."""
    made["model"] = "another-model-0301"


def uncalled_tool(made: Body) -> None:
    """A tool call instead of a text."""
    say(made, None, "tool_calls")
    made["choices"][0]["message"]["tool_calls"] = [tool_call({}, '{"query":"harbour"}')]


def unfinished(made: Body) -> None:
    """No finish_reason."""
    made["choices"][0]["finish_reason"] = None


def no_usage(made: Body) -> None:
    """No count of tokens."""
    made["usage"] = None


def half_a_pair(made: Body) -> None:
    """Half of a surrogate pair, which no file can hold."""
    say(made, text_of(made) + "\ud83d")
