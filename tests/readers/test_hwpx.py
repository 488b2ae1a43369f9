from pathlib import Path

import pytest

from raftune.readers.hwpx import plug
from tests.office_files import pages, readings, reason, zipped

HEADER = """<h><charPr id="0" height="1000" textColor="#000000" shadeColor="none"/>
<charPr id="1" height="1000" textColor="#FFFFFF" shadeColor="none"/><charPr id="2" height="100" textColor="#000000"/>
<charPr id="3" height="1000" textColor="#FFFFFF" shadeColor="#000000"/><style id="2" name="개요 1"/><style id="3" name="바탕글"/></h>"""  # noqa: E501


def run(text: str, shape: int = 0) -> str:
    return f'<run charPrIDRef="{shape}"><t>{text}</t></run>'


def cell(text: str, column: int, columns: int = 1, rows: int = 1) -> str:
    return (
        f'<tc><subList><p>{run(text)}</p></subList><cellAddr colAddr="{column}" rowAddr="0"/>'
        f'<cellSpan colSpan="{columns}" rowSpan="{rows}"/></tc>'
    )


def hangul(path: Path, *sections: str) -> Path:
    parts = {f"Contents/section{number}.xml": f"<sec>{content}</sec>" for number, content in enumerate(sections)}
    return zipped(path, {"mimetype": "application/hwp+zip", "Contents/header.xml": HEADER, **parts})


def test_headings_lines_and_hidden_text(tmp_path: Path) -> None:
    body = (
        f'<p styleIDRef="2">{run("제1장 총칙")}</p>'
        f"<p>{run('이 규정은<lineBreak/>둘째 줄<tab/>탭')}{run('흰글', 1)}{run('작은글', 2)}{run('이다.', 3)}</p>"
    )
    [page] = pages(plug, hangul(tmp_path / "a.hwp", body))
    assert page.text == "# 제1장 총칙\n\n이 규정은\n둘째 줄 탭이다."
    assert page.warnings == ("5 characters of hidden text left out",)


def test_tables_and_frames(tmp_path: Path) -> None:
    table = f"<tbl><tr>{cell('구분', 0, rows=2)}{cell('금리', 1, columns=2)}</tr><tr>{cell('담보', 2)}{cell('신용', 1)}</tr></tbl>"  # noqa: E501
    frame = f"<tbl><tr>{cell('상자', 0)}</tr></tbl>"
    [page] = pages(plug, hangul(tmp_path / "a.hwpx", f"<p><run>{table}</run></p><p><run>{frame}</run></p>"))
    assert page.text == "| 구분 | 금리 | 금리 |\n| --- | --- | --- |\n| 구분 | 신용 | 담보 |\n\n상자"


def test_notes_boxes_and_running_headers(tmp_path: Path) -> None:
    note = f"<ctrl><footNote><subList><p>{run('각주')}</p></subList></footNote></ctrl>"
    header = f"<ctrl><header><subList><p>{run('머리말')}</p></subList></header></ctrl>"
    box = f"<rect><drawText><subList><p>{run('글상자')}</p></subList></drawText></rect>"
    formula = "<equation><script>x over y</script></equation>"
    body = f"<p>{run('본문')}<run>{note}{header}{box}{formula}</run>{run('이다.')}</p>"
    [page] = pages(plug, hangul(tmp_path / "a.hwpx", body))
    assert page.text == "본문이다.\n\n[^1]: 각주\n\n글상자\n\nx over y"


def test_sections_are_pages_in_their_order(tmp_path: Path) -> None:
    path = hangul(tmp_path / "규정.hwpx", *(f"<p>{run(f'제{number}장')}</p>" for number in range(12)))
    assert [page.text for page in pages(plug, path)] == [f"제{number}장" for number in range(12)]
    assert readings(plug, path)[0].title == "규정"


@pytest.mark.parametrize(
    ("section", "wanted"),
    [("<sec/>", "no text"), ("<sec", "damaged"), ('<!DOCTYPE s [<!ENTITY a "b">]><s/>', "unsafe xml")],
)
def test_files_that_cannot_be_used(tmp_path: Path, section: str, wanted: str) -> None:
    assert reason(plug, zipped(tmp_path / "a.hwpx", {"Contents/section0.xml": section})) == wanted


def test_a_file_with_a_password(tmp_path: Path) -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    path = zipped(tmp_path / "a.hwpx", {"META-INF/manifest.xml": manifest, "Contents/section0.xml": "\x01\x02"})
    assert reason(plug, path) == "encrypted"
