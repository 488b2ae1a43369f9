from pathlib import Path

import pytest

from raftune.readers.epub import plug
from tests.office_files import pages, readings, reason, zipped

CONTAINER = '<c xmlns="u"><rootfiles><rootfile full-path="OEBPS/b.opf"/></rootfiles></c>'
ITEM = '<item id="{}" href="{}" media-type="application/xhtml+xml"{}/>'
CHAPTER = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def book(path: Path, spine: str = "nba", **more: str) -> Path:
    items = (
        ITEM.format("n", "n.xhtml", ' properties="nav"')
        + ITEM.format("a", "ch%201.xhtml", "")
        + ITEM.format("b", "../OEBPS/b.xhtml", "")
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/b.opf": f'<p xmlns="u" xmlns:dc="d"><metadata><dc:title> 우리\n책 </dc:title></metadata><manifest>{items}</manifest><spine>{order}</spine></p>',  # noqa: E501
        "OEBPS/n.xhtml": CHAPTER.format("contents"),
        "OEBPS/ch 1.xhtml": CHAPTER.format("<h1>Second</h1><p>x &nbsp;&amp; y<br/>z</p><script/><p>after</p>"),
        "OEBPS/b.xhtml": CHAPTER.format("<h1>첫 장</h1><p>본문</p>"),
    }
    return zipped(path, {**parts, **{name.replace("_", "/"): content for name, content in more.items()}})


def test_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = book(tmp_path / "a.zip")
    first, second = pages(plug, path)
    assert first.text == "# 첫 장\n\n본문"
    assert second.text == "# Second\n\nx & y\nz\n\nafter"
    assert readings(plug, path)[0].title == "우리 책"


def test_a_chapter_that_is_not_there(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.epub", {
        "mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER.replace("OEBPS/", ""),
        "b.opf": f'<p><manifest>{ITEM.format("a", "gone.xhtml", "")}{ITEM.format("b", "b.xhtml", "")}</manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="zzz"/></spine></p>',  # noqa: E501
        "b.xhtml": "<p>본문",
    })  # fmt: skip
    first, second = pages(plug, path)
    assert (first.warnings, second.text) == (("chapter missing from the file",), "본문")


def test_a_protected_book(tmp_path: Path) -> None:
    def encryption(name: str) -> str:
        return f'<e xmlns="u"><CipherData><CipherReference URI="{name}"/></CipherData></e>'

    assert (
        reason(plug, book(tmp_path / "a.epub", **{"META-INF_encryption.xml": encryption("OEBPS/b.xhtml")}))
        == "encrypted"
    )
    assert reason(plug, book(tmp_path / "b.epub", **{"META-INF_encryption.xml": encryption("fonts/a.otf")})) == ""


@pytest.mark.parametrize(
    ("container", "wanted"),
    [
        ("<c/>", "damaged"),
        ("<c", "damaged"),
        (CONTAINER.replace("b.opf", "z.opf"), "damaged"),
        ('<!DOCTYPE c [<!ENTITY a "b">]><c/>', "unsafe xml"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, container: str, wanted: str) -> None:
    assert reason(plug, zipped(tmp_path / "a.epub", {"META-INF/container.xml": container})) == wanted


def test_a_chapter_with_entities_of_its_own(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.epub", {
        "META-INF/container.xml": CONTAINER, "OEBPS/b.opf": f'<p><manifest>{ITEM.format("a", "a.xhtml", "")}</manifest><spine><itemref idref="a"/></spine></p>',  # noqa: E501
        "OEBPS/a.xhtml": '<!DOCTYPE html [<!ENTITY a "b">]><p>&a;</p>',
    })  # fmt: skip
    assert reason(plug, path) == "unsafe xml"


def test_an_empty_book(tmp_path: Path) -> None:
    assert reason(plug, book(tmp_path / "a.epub", spine="n")) == "no text"


def test_other_archives_with_a_container(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.hwpx", {"mimetype": "application/hwp+zip", "META-INF/container.xml": CONTAINER})
    assert not plug.accepts(path, path.read_bytes())
