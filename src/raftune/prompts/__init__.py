"""Prompt texts, English and Korean, versioned by content, and the one prompt object made from them."""

from functools import cache
from importlib.resources import files

from raftune.digest import digest
from raftune.records import Language


@cache
def prompt_text(name: str, language: Language) -> str:
    """The text of `prompts/NAME.LANGUAGE.txt` without the line feed at its end."""
    return (files(__package__) / f"{name}.{language}.txt").read_text(encoding="utf-8").rstrip("\n")


def prompt_digest(name: str) -> str:
    """A digest of a prompt in all languages: it goes into the keys of the stages that use the prompt."""
    return digest([prompt_text(name, "en"), prompt_text(name, "ko")])
