"""Calls of a programming interface in texts, compared as Python reads them, never run."""

import ast
import re

BEGIN = re.compile(r"[A-Za-z_][\w.]*\s*\(")
LONGEST = 2000
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


def call_in(text: str) -> ast.Call | None:
    """The first call in a text that Python can read, with all that is chained to it up to its closing bracket."""
    for match in BEGIN.finditer(text):
        piece = balanced(text[match.start() : match.start() + LONGEST])
        try:
            found = ast.parse(piece, mode="eval").body
        except BROKEN:
            continue
        if isinstance(found, ast.Call):
            return found
    return None


def balanced(text: str) -> str:
    """The beginning of a text up to the bracket that closes its first one; brackets in quotes do not count."""
    depth, quote = 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth == 0:
                return text[: place + 1]
    return text


def is_called(given: ast.Call, wanted: ast.Call, *, exactly: bool = False) -> bool:
    """Whether `given` calls the same function with all arguments of `wanted`; `exactly`: and no others.

    Names, order of keywords and shape of quotes do not matter; what a function does with an argument is not known, so
    one given by place is not the same as by name. After the AST match of Gorilla (arXiv 2305.15334, section 3.3).
    """
    if ast.dump(given.func) != ast.dump(wanted.func):
        return False
    places, names = arguments(given)
    wanted_places, wanted_names = arguments(wanted)
    if exactly:
        return places == wanted_places and names == wanted_names
    return places[: len(wanted_places)] == wanted_places and wanted_names.items() <= names.items()


def arguments(call: ast.Call) -> tuple[list[str], dict[str | None, str]]:
    """Arguments by place and by name, as text that is the same for the same value."""
    return [ast.dump(one) for one in call.args], {one.arg: ast.dump(one.value) for one in call.keywords}
