"""The words of the pages: one file a language."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from raftune.records import Language


@cache
def words(language: Language) -> dict[str, Any]:
    """All words in a language, as in strings.en.toml."""
    return tomllib.loads((files(__package__) / f"strings.{language}.toml").read_text(encoding="utf-8"))


def language_of(chosen: str, accepted: str) -> Language:
    """The language that was chosen, else the first of ours in an Accept-Language header, else English."""
    if chosen in ("en", "ko"):
        return "ko" if chosen == "ko" else "en"
    wanted = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return "ko" if next((one for one in wanted if one in ("en", "ko")), "en") == "ko" else "en"


def duration(seconds: float | None, texts: dict[str, Any]) -> str:
    """Seconds for people, in their language; "" for None."""
    if seconds is None:
        return ""
    units = texts["units"]
    if seconds < 60:
        return f"{seconds:.1f} {units['s']}" if seconds < 10 else f"{seconds:.0f} {units['s']}"
    if seconds < 3600:
        return f"{seconds // 60:.0f} {units['min']} {seconds % 60:.0f} {units['s']}"
    return f"{seconds // 3600:.0f} {units['h']} {seconds % 3600 // 60:.0f} {units['min']}"
