from pathlib import Path

import pytest

from raftune.readers.html import plug
from tests.office_files import pages, readings, reason

PAGE = """<!DOCTYPE html><html lang=ko><head><meta charset="{}"><title>운항 규정</title></head>
<body><nav>menu</nav><main><h1>여객선 운항 규정</h1><p>여객선은 아홉 시에 출발한다.</p>
<p style="display:none">secret</p></main><script>alert(1)</script><footer>copyright</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr", "utf-16", "utf-8-sig"])
def test_a_page_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(PAGE.format(encoding.removesuffix("-sig")).encode(encoding))
    [page] = pages(plug, path)
    assert page.text == "# 여객선 운항 규정\n\n여객선은 아홉 시에 출발한다."
    assert page.warnings == ("6 characters of hidden text left out",)
    assert readings(plug, path)[0].title == "운항 규정"
    assert "secret" in pages(plug, path, keep_hidden=True)[0].text


def test_a_part_of_a_page_is_told_by_its_name(tmp_path: Path) -> None:
    head = b"<p align=center>On ports"
    assert plug.accepts(tmp_path / "a.htm", head)
    assert not plug.accepts(tmp_path / "README.md", head)
    assert not plug.accepts(tmp_path / "a.html", b"just words")
    assert not plug.accepts(tmp_path / "a.html", b"\x00\x01<p>")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"<html><body><script>x</script></body></html>", "no text"),
        (b"<html><body>\xff\xfe\x00\x01", "damaged"),
        (b'<!DOCTYPE html [<!ENTITY a "b">]><html>&a;', "unsafe xml"),
        (b"<html>" + b"x" * (20 << 20), "too large"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    assert reason(plug, path) == wanted
