"""Charts of Office files -> tables of the values that they were last drawn from."""

from typing import Any

from raftune.reading.tables import markdown_table
from raftune.reading.xml_parts import attribute, child, local

MOST_POINTS = 10_000


def chart_blocks(root: Any) -> list[str]:
    """A chart's title and its values: categories down, series across. Nothing where it keeps no values."""
    title = next((text_of(one) for one in root.iter() if local(one) == "title"), "")
    series = [one for one in root.iter() if local(one) == "ser"]
    columns = [points(child(one, "val") if child(one, "val") is not None else child(one, "yVal")) for one in series]
    labels: dict[int, str] = {}
    for one in series:
        labels.update(points(child(one, "cat") if child(one, "cat") is not None else child(one, "xVal")))
    indexes = sorted({index for column in columns for index in column})
    if not indexes:
        return []
    names = [" ".join(points(child(one, "tx")).values()) for one in series]
    rows = [[labels.get(index, str(index + 1)), *(column.get(index, "") for column in columns)] for index in indexes]
    return [block for block in (title, markdown_table([["", *names], *rows])) if block]


def points(element: Any | None) -> dict[int, str]:
    """The kept values of a series, categories or name, by their index."""
    if element is None:
        return {}
    found: dict[int, str] = {}
    for point in element.iter():
        if local(point) == "pt" and (value := child(point, "v")) is not None and len(found) < MOST_POINTS:
            index = attribute(point, "idx", "0")
            found[int(index) if index.isdigit() else len(found)] = rounded(value.text or "")
    return found


def rounded(text: str) -> str:
    """A number without the noise of binary fractions; other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return " ".join(text.split())
    return f"{number:.10g}" if abs(number) < 1e10 else text


def text_of(title: Any) -> str:
    """The words of a chart's title."""
    return " ".join("".join(one.text or "" for one in title.iter() if local(one) == "t").split())
