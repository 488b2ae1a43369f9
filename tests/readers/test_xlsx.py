from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from raftune.readers.xlsx import plug
from tests.office_files import pages, readings, reason, relations, zipped

MAIN = {"_rels/.rels": relations(officeDocument="xl/workbook.xml")}


def rates(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "금리표"
    sheet["A1"] = "2024년 금리 현황"
    sheet.merge_cells("A1:D1")
    sheet.append(["구분", "기준일", "금리", "금액"])
    sheet.append(["예금", date(2024, 3, 1), 0.035, 1234567])
    sheet.append(["대출 | 신용", datetime(2024, 3, 2, 14, 30), 0.0425, -500])  # noqa: DTZ001 - sheets know no zones
    sheet.append(["합계", None, None, "=SUM(D3:D4)"])
    for row in (3, 4):
        sheet.cell(row, 3).number_format = "0.00%"
        sheet.cell(row, 4).number_format = '"₩"#,##0;[Red](#,##0)'
    sheet["A7"], sheet["B7"], sheet["C7"] = "seen", "unseen", "on black"
    sheet["B7"].font = sheet["C7"].font = Font(color="FFFFFF")
    sheet["C7"].fill = PatternFill("solid", fgColor="000000")
    sheet["A8"], sheet["Z7"] = "hidden row", "hidden column"
    sheet.row_dimensions[8].hidden = sheet.column_dimensions["Z"].hidden = True
    book.create_sheet("비밀")["A1"] = "secret"
    book["비밀"].sheet_state = "hidden"
    book.create_sheet("빈")
    book.save(path)
    return path


def test_a_workbook_as_a_person_sees_it(tmp_path: Path) -> None:
    first, second, third = pages(plug, rates(tmp_path / "a.bin"))
    assert first.text == (
        "# 금리표\n\n2024년 금리 현황\n\n| 구분 | 기준일 | 금리 | 금액 |\n| --- | --- | --- | --- |\n"
        "| 예금 | 2024-03-01 | 3.50% | ₩1,234,567 |\n| 대출 \\| 신용 | 2024-03-02 14:30:00 | 4.25% | (500) |\n"
        "| 합계 |  |  |  |\n\n| seen | on black |\n| --- | --- |"
    )
    assert first.warnings == (
        "1 formula without a kept value left out",
        "1 cell in a hidden column left out",
        "1 hidden row left out",
        "6 characters of hidden text left out",
    )
    assert (second.text, second.warnings) == ("", ("hidden sheet left out",))
    assert (third.number, third.text) == (3, "")


def test_what_is_hidden_can_be_kept(tmp_path: Path) -> None:
    text = "\n".join(page.text for page in pages(plug, rates(tmp_path / "a.xlsx"), keep_hidden=True))
    assert all(word in text for word in ("secret", "hidden row", "hidden column", "unseen"))


def test_values_of_all_kinds(tmp_path: Path) -> None:
    cells = (
        '<c r="A1" t="inlineStr"><is><t>글</t></is></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#N/A</v></c>'
        '<c t="str"><f>A1</f><v>formula</v></c><c r="F1" t="s"><v>99</v></c><c r="G1"><v>nonsense</v></c>'
        '<c r="H1" t="d"><v>2024-03-01T00:00:00</v></c>'
    )
    parts = {
        **MAIN,
        "xl/workbook.xml": '<w xmlns:r="u"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></w>',
        "xl/_rels/workbook.xml.rels": relations(worksheet="s.xml"),
        "xl/s.xml": f'<s><sheetData><row r="1">{cells}</row></sheetData></s>',
    }
    [page] = pages(plug, zipped(tmp_path / "a.xlsx", parts))
    assert page.text.split("\n")[2] == "| 글 | TRUE | #N/A | formula | nonsense | 2024-03-01 |"


def test_a_long_sheet_is_cut_with_a_warning(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(50_010):
        sheet.append([number, "x"])
    book.save(tmp_path / "a.xlsx")
    [page] = pages(plug, tmp_path / "a.xlsx")
    assert page.warnings == ("only the first 50000 rows read",)
    assert page.text.count("\n") == 50_000 + 2


@pytest.mark.parametrize(
    ("workbook", "wanted"),
    [("<w/>", "no text"), ("<w", "damaged"), ('<!DOCTYPE w [<!ENTITY a "b">]><w/>', "unsafe xml")],
)
def test_files_that_cannot_be_used(tmp_path: Path, workbook: str, wanted: str) -> None:
    assert reason(plug, zipped(tmp_path / "a.xlsx", {**MAIN, "xl/workbook.xml": workbook})) == wanted


def test_the_title_is_the_file_s_name(tmp_path: Path) -> None:
    assert readings(plug, rates(tmp_path / "금리.xlsx"))[0].title == "금리"
