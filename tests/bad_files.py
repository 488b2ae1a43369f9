"""A folder of files that no program should be given, and every archive holds: how each of them is to end."""

import json
import os
import socket
from collections.abc import Collection
from pathlib import Path

from tests.bad_archives import bad_archives
from tests.bad_pdfs import PAGE, READ, bad_pdfs
from tests.pdf_files import pdf_bytes

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
PNG = bytes.fromhex("89504E470D0A1A0A0000000D49484452000000010000000108060000001F15C489") + bytes(64)
LONGEST_NAME = "항" * 83 + ".md"  # 252 bytes in UTF-8: file systems stop at 255
LINE_BYTES = 200_000_000
NOWHERE = "http://192.0.2.1/"  # kept for documentation (RFC 5737): nobody is there


def bad_files(address: str = NOWHERE) -> dict[str, tuple[bytes, str]]:
    """Plain files by name: bytes, and the reason each is refused by, or "read". Some ask for `address`."""
    return {**bad_pdfs(), **bad_archives(address), **bad_texts(), **wrong_kinds(), **bad_pages(address)}


def wrong_kinds() -> dict[str, tuple[bytes, str]]:
    """Files whose name says something else, and kinds that nothing here reads."""
    return {
        "pdf named.docx": (pdf_bytes([PAGE], title="named"), READ),
        "png named.pdf": (PNG, "unknown kind"),
        "old word.doc": (OLE, "unknown kind"),
        "hangul.hwp": (OLE + "HWP Document File".encode("utf-16-le"), "unknown kind"),
        "program.txt": (b"\x7fELF" + bytes(range(256)) * 16, "unknown kind"),
        "zeros.txt": (bytes(100_000), "unknown kind"),
        "empty.pdf": (b"", "no text"),
    }


def bad_texts() -> dict[str, tuple[bytes, str]]:
    """Text, tables and JSON."""
    korean = "제1조 이 규정은 항만의 안전을 위하여 필요한 사항을 정한다.\n"
    good = {"api_name": "alda.open", "description": "Opens the harbour."}
    return {
        "white space.txt": (b" \t\r\n" * 1000, "no text"),
        "mixed encodings.txt": (korean.encode() * 20 + korean.encode("cp949") * 20, READ),
        "korean of old.txt": (korean.encode("cp949") * 20, READ),
        "lone surrogates.txt": (b"A ferry \xed\xa0\x80 leaves at nine.\n" * 20, "unknown kind"),
        "lone surrogates in utf-16.txt": ("A ferry \ud800 leaves.".encode("utf-16", "surrogatepass"), "unknown kind"),
        "one line.txt": (b"harbour " * (LINE_BYTES // 8), "too large"),
        "only commas.csv": (b"," * 3_000_000, "no text"),
        "open quote.csv": (b'harbour,fee\nAlda,"12\n' + b"Brem,13\n" * 1000, READ),
        "deep.json": (b"[" * 100_000 + b"]" * 100_000, "damaged"),
        "huge number.json": (b'{"fee": ' + b"9" * 100_000 + b"}", "damaged"),
        "surrogate.jsonl": (json.dumps({**good, "description": "Opens \ud800 it."}).encode() + b"\n", READ),
        "cut.jsonl": (json.dumps(good).encode() + b'\n{"api_name": "al', READ),
    }


def bad_pages(address: str) -> dict[str, tuple[bytes, str]]:
    """HTML."""
    loads = (
        f'<link rel="stylesheet" href="{address}a.css"><script src="{address}a.js"></script>'
        f'<img src="{address}a.png"><iframe src="file:///etc/passwd"></iframe><base href="{address}">'
        f'<meta http-equiv="refresh" content="0;url={address}">'
    )
    return {
        "loads.html": (f"<!doctype html><title>Fees</title>{loads}<p>The fee is 12 coins.".encode(), READ),
        "script only.html": (b"<!doctype html><script>document.write('12 coins')</script>", "no text"),
        "deep.html": (b"<!doctype html>" + b"<div>" * 100_000 + b"The fee is 12 coins.", "no text"),
        "entities.html": (b"<!doctype html><p>&#xd800; &#0; &#x110000; The fee is 12 coins.", READ),
    }


def make_bad_files(folder: Path, address: str = NOWHERE, only: Collection[str] | None = None) -> dict[str, str]:
    """Fills an empty folder: path (as `list_sources` tells it) -> the reason it is refused by, or "read".

    `only` names the plain files wanted, if not all. The folder that links in it lead to is made beside it.
    """
    expected = {}
    for name, (data, reason) in bad_files(address).items():
        if only is None or name in only:
            (folder / name).write_bytes(data)
            expected[name] = reason
    return {**expected, **odd_names(folder), **odd_entries(folder)}


def odd_names(folder: Path) -> dict[str, str]:
    """Good files under odd names, each with a text of its own, so that none is a duplicate."""
    names = [b"a..b.md", b"line\nfeed.md", b"tab\tand \x1b[31mcolour.md", b"-rf.md", b"%2e%2e%2fx.md", b"con.md"]
    names += [LONGEST_NAME.encode(), "항만".encode() + b"/" + "규정.md".encode(), b"d/" * 40 + b"deep.md"]
    for name in [*names, b"caf\xe9.md"]:
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"The text of harbour {name.hex()} has its own fee.", encoding="utf-8")
    return {**{name.decode(): READ for name in names}, r"caf\xe9.md": "unreadable name"}


def odd_entries(folder: Path) -> dict[str, str]:
    """What is no file to read: links, hidden files, a FIFO, a socket; and the copy of a file."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("The secret of the harbour is here.", encoding="utf-8")
    (folder / "file link.md").symlink_to(outside / "secret.md")
    (folder / "folder link").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.md").symlink_to(outside / "nowhere.md")
    (folder / ".hidden.md").write_text("hidden", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "z copy.md").write_bytes((folder / "a..b.md").read_bytes())
    os.mkfifo(folder / "fifo.md")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(folder, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/socket.md")  # a socket's path may have 107 bytes only
        os.close(here)
    links = dict.fromkeys(["file link.md", "folder link", "loop", "dangling.md"], "symbolic link")
    others = {"fifo.md": "not a file", "socket.md": "not a file", "z copy.md": "duplicate file"}
    return {**links, **others, ".hidden.md": "hidden file", ".DS_Store": "hidden file"}
