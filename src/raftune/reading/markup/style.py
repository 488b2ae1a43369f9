"""Which elements of a web page no person sees, by their attributes and inline styles.

Style sheets are not evaluated: what they hide is often shown at a click.
"""

import re
from typing import Any

CHROME = frozenset(
    [
        "script",
        "style",
        "nav",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "head",
        "button",
        "input",
        "select",
        "textarea",
        "dialog",
        "audio",
        "video",
        "map",
        "datalist",
        "del",
        "rp",
    ]
)
CHROME_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "menu", "menubar", "complementary"])
WHITE = re.compile(r"(?:white|#fff(?:fff)?|rgba?\(255,255,255(?:,1(?:\.0)?)?\))$")
SIZE = re.compile(r"(-?[\d.]+)(px|pt|em|rem|%|)$")
SMALLEST = {"px": 2.0, "pt": 2.0, "em": 0.1, "rem": 0.1, "%": 10.0, "": 2.0}
FAR = -999.0


def is_chrome(element: Any) -> bool:
    """Whether an element is machinery or navigation, not content; what stands around a page's head and foot too."""
    if element.tag in CHROME or element.get("role") in CHROME_ROLES:
        return True
    return element.tag in {"header", "footer"} and element.getparent().tag == "body" and not titled(element)


def titled(element: Any) -> bool:
    """Whether a page's header holds its main heading."""
    return element.tag == "header" and element.find(".//h1") is not None


def is_hidden(element: Any) -> bool:
    """Whether an element is hidden by an attribute or its own style."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = declarations(element.get("style"))
    if not style and element.get("color") is None:
        return False
    colour = style.get("color", (element.get("color") or "").lower())
    return is_styled_away(style) or bool(WHITE.match(colour) and not on_colour(element))


def is_styled_away(style: dict[str, str]) -> bool:
    """Whether a style takes its element out of sight."""
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return True
    size = length(style.get("font-size", ""))
    if size is not None and size[0] < SMALLEST[size[1]]:
        return True
    offsets = [length(style.get(name, "")) for name in ("text-indent", "left", "top", "margin-left")]
    away = any(offset is not None and offset[0] <= FAR for offset in offsets)
    return away or style.get("opacity") in {"0", "0.0", ".0"} or style.get("clip", "").startswith("rect(0")


def declarations(style: str | None) -> dict[str, str]:
    """A style attribute as names and values, in lower case and without spaces."""
    pairs = (part.partition(":") for part in (style or "").lower().split(";"))
    return {name.strip(): "".join(value.replace("!important", "").split()) for name, _, value in pairs if value}


def length(value: str) -> tuple[float, str] | None:
    """A length as number and unit, or None."""
    match = SIZE.match(value)
    return (
        (float(match[1]), match[2]) if match and match[1].count(".") < 2 and match[1] not in {".", "-", "-."} else None
    )


def on_colour(element: Any) -> bool:
    """Whether an element or one around it says that it stands on another ground than white."""
    while element is not None:
        style = declarations(element.get("style"))
        grounds = [style.get("background-color"), style.get("background"), style.get("background-image")]
        grounds.append((element.get("bgcolor") or "").lower())
        if any(ground and ground not in {"none", "transparent"} and not WHITE.match(ground) for ground in grounds):
            return True
        element = element.getparent()
    return False
