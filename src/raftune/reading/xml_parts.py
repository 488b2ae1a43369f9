"""XML without its dangers: no entity is expanded, nothing is fetched, and what tries to is refused."""

import re
from collections.abc import Iterator
from typing import IO, Any

from raftune.errors import DocumentError
from raftune.models.extras import optional

SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
DECLARED = re.compile(rb"<\0?!\0?(?:\0?E\0?N\0?T\0?I\0?T\0?Y)")


def parse_xml(data: bytes, name: str) -> Any:
    """The root element (of lxml) of a part of the file `name`. Raises DocumentError: "unsafe xml" or "damaged"."""
    etree = optional("lxml.etree", "documents")
    try:
        root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True, **SAFE))
    except (etree.XMLSyntaxError, ValueError) as error:
        if DECLARED.search(data):
            raise unsafe(name) from error
        raise damaged(name, error) from error
    if declares_entities(root.getroottree()):
        raise unsafe(name)
    return root


def stream_xml(file: IO[bytes], tags: tuple[str, ...], name: str) -> Iterator[Any]:
    """Each element of one of `tags` ("{*}row") once it is complete, emptied after use. Raises DocumentError."""
    etree = optional("lxml.etree", "documents")
    try:
        for _, element in etree.iterparse(file, events=("end",), tag=tags, remove_comments=True, **SAFE):
            if declares_entities(element.getroottree()):
                raise unsafe(name)
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise damaged(name, error) from error


def declares_entities(tree: Any) -> bool:
    """Whether a document brings entities of its own: no honest writer of office files does."""
    definition = tree.docinfo.internalDTD
    return definition is not None and any(True for _ in definition.iterentities())


def local(element: Any) -> str:
    """An element's name without its namespace: the two dialects of Office files differ in that only."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: Any, name: str, default: str = "") -> str:
    """An attribute by its name without namespace."""
    plain = element.get(name)
    if plain is not None:
        return str(plain)
    for key, value in element.items():
        if key.endswith(name) and key[key.rfind("}") + 1 :] == name:
            return str(value)
    return default


def child(element: Any, *path: str) -> Any | None:
    """The first descendant along a path of names without namespace, or None."""
    for name in path:
        for inner in element:
            tag = inner.tag
            if isinstance(tag, str) and tag[tag.rfind("}") + 1 :] == name:
                element = inner
                break
        else:
            return None
    return element


def unsafe(name: str) -> DocumentError:
    """The error for XML that brings entities."""
    message = f"{name} declares XML entities, which no reader needs and attacks use."
    return DocumentError(message, "Remove it, and ask where it comes from.", "unsafe xml")


def damaged(name: str, error: Exception) -> DocumentError:
    """The error for XML that is broken."""
    return DocumentError(
        f"{name} is damaged ({error}).", "Open it in the program it comes from and save it again.", "damaged"
    )
