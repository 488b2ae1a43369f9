"""How readers report text that is in a file but that no person sees."""


def hidden_note(characters: int) -> tuple[str, ...]:
    """The warning for so many characters of hidden text; none for none."""
    if not characters:
        return ()
    return (f"{characters} character{'s' if characters > 1 else ''} of hidden text left out",)


def visible_length(text: str) -> int:
    """The characters of a text that would show, runs of white space counted as one."""
    return len(" ".join(text.split()))
