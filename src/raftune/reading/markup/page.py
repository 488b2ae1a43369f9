"""A whole page of HTML or XHTML: its encoding, its title, its main content."""

import codecs
import re
from typing import Any, NamedTuple

from raftune.errors import DocumentError
from raftune.models.extras import optional
from raftune.reading.decoding import Decoded, decode_as, decode_whole
from raftune.reading.joining import join_blocks, tidy
from raftune.reading.markup.blocks import Blocks, flat
from raftune.reading.markup.style import is_hidden
from raftune.reading.xml_parts import DECLARED, unsafe

CHARSET = re.compile(
    rb"""<meta[^>]{1,200}charset\s*=\s*["']?\s*([\w:.-]+)|<\?xml[^>]{1,80}encoding=["']([\w:.-]+)""", re.IGNORECASE
)
WIDER = {"euc_kr": "cp949", "ks_c_5601": "cp949", "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932"}
WIDER |= {"gb2312": "gb18030", "gbk": "gb18030"}
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
EMPTY = re.compile(r"<((?!br\b|hr\b|img\b|input\b|meta\b|link\b|col\b|wbr\b|area\b|source\b)[\w:-]+)((?:\s[^<>]*)?)/>")
MAIN_SHARE = 0.25


class Rendered(NamedTuple):
    """A page as Markdown; `title` is "" where it has none, `hidden` counts characters left out as unseen."""

    title: str
    text: str
    hidden: int


def decode_markup(data: bytes) -> Decoded | None:
    """A page's text: by its byte order mark, the encoding it names if that fits, else as any text is decoded."""
    declared = CHARSET.search(data, 0, 4096)
    if (
        declared
        and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and b"\0" not in data
    ):
        encoding = known(declared[1] or declared[2])
        text = decode_as(data, encoding, cut=False) if encoding else None
        if text is not None:
            return Decoded(text)
    return decode_whole(data)


def known(name: bytes) -> str | None:
    """Python's name of an encoding, the wider one where browsers take it for that; None for what is not for text."""
    try:
        found = codecs.lookup(name.decode("ascii", "replace")).name
    except LookupError:
        return None
    return None if found.startswith("utf-16") else WIDER.get(found, found)


def render(text: str, name: str, *, keep_hidden: bool, whole: bool = False) -> Rendered:
    """The page as Markdown: its main content, or `whole`. Raises DocumentError "unsafe xml" or "damaged"."""
    if DECLARED.search(text[: 1 << 16].encode()):
        raise unsafe(name)
    root = parsed(text, name)
    body = root.find("body") if root.find("body") is not None else root
    content = body if whole else main_content(body)
    blocks = Blocks(root, keep_hidden=keep_hidden)
    markdown = join_blocks(blocks.inside(content))
    return Rendered(title_of(root), markdown, blocks.hidden)


def parsed(text: str, name: str) -> Any:
    """The root element; the parser mends what is broken, as browsers do, and fetches nothing."""
    etree = optional("lxml.etree", "documents")
    # A tree may be huge, as a page is at most 20 MB; otherwise what is nested deeper than 256 elements would be lost.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    source = DECLARATION.sub("", text)
    if DECLARATION.match(text) or "http://www.w3.org/1999/xhtml" in text[:2000]:
        source = EMPTY.sub(r"<\1\2></\1>", source)  # HTML knows no empty form of such elements, and would not end them
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(name) from error
    if root is None:
        raise broken(name)
    return root


def broken(name: str) -> DocumentError:
    """The error for a page without any element."""
    return DocumentError(f"{name} is damaged: it holds no HTML.", "Save it again from the browser.", "damaged")


def main_content(body: Any) -> Any:
    """The one element that is marked as the main content and holds a fair share of the text; else the body."""
    marked = [*body.iter("main"), *body.xpath(".//*[@role='main']")] or list(body.iter("article"))
    if len(set(marked)) != 1 or is_hidden(marked[0]):
        return body
    share = len("".join(marked[0].itertext()).split()) / max(1, len("".join(body.itertext()).split()))
    return marked[0] if share >= MAIN_SHARE else body


def title_of(root: Any) -> str:
    """The title in the page's head, else its first main heading, else ""."""
    for path in ("head/title", ".//h1", ".//title"):
        element = root.find(path)
        if element is not None and (text := tidy(flat("".join(element.itertext())))):
            return " ".join(text.split())
    return ""
