from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from raftune.readers.pptx import plug
from tests.office_files import pages, readings, reason, relations, zipped

MAIN = {"_rels/.rels": relations(officeDocument="ppt/presentation.xml")}


def results(path: Path) -> Path:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "분기 실적"
    frame = slide.placeholders[1].text_frame
    frame.text = "매출 증가"
    for text, level in (("국내 10%", 1), ("비용 감소", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = "발표자 메모"
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Tables"
    for text, left in (("right", 5), ("left", 1), ("beside", 30)):
        slide.shapes.add_textbox(Inches(left), Inches(2), Inches(2), Inches(1)).text_frame.text = text
    run = slide.shapes[2].text_frame.paragraphs[0].add_run()
    run.text, run.font.color.rgb = "white", RGBColor(255, 255, 255)
    table = slide.shapes.add_table(2, 3, Inches(1), Inches(4), Inches(6), Inches(2)).table
    for index, text in enumerate(("구분", "금액", "", "매출", "10", "20")):
        table.cell(index // 3, index % 3).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Secret"
    slide._element.set("show", "0")
    slide = show.slides.add_slide(show.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["1분기", "2분기"]
    data.add_series("매출", (1.5, 0.1 + 0.2))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(5), Inches(3), data)
    show.save(str(path))
    return path


def test_a_presentation(tmp_path: Path) -> None:
    [reading] = readings(plug, results(tmp_path / "a.docx"))
    first, second, third, fourth = (page.page for page in reading.pages)
    assert reading.title == "분기 실적"
    assert first.text == "# 분기 실적\n\n- 매출 증가\n   - 국내 10%\n- 비용 감소\n\nNotes:\n\n발표자 메모"
    assert second.text == "# Tables\n\nleft\n\nright\n\n| 구분 | 금액 | 금액 |\n| --- | --- | --- |\n| 매출 | 10 | 20 |"
    assert second.warnings == ("11 characters of hidden text left out",)
    assert (third.text, third.warnings) == ("", ("hidden slide left out",))
    assert fourth.text == "|  | 매출 |\n| --- | --- |\n| 1분기 | 1.5 |\n| 2분기 | 0.3 |"


def test_what_is_hidden_can_be_kept(tmp_path: Path) -> None:
    text = "\n".join(page.text for page in pages(plug, results(tmp_path / "a.pptx"), keep_hidden=True))
    assert all(word in text for word in ("Secret", "beside", "white"))


@pytest.mark.parametrize(
    ("main", "wanted"), [("<p/>", "no text"), ("<p", "damaged"), ('<!DOCTYPE p [<!ENTITY a "b">]><p/>', "unsafe xml")]
)
def test_files_that_cannot_be_used(tmp_path: Path, main: str, wanted: str) -> None:
    assert reason(plug, zipped(tmp_path / "a.pptx", {**MAIN, "ppt/presentation.xml": main})) == wanted


def test_a_slide_that_is_not_there(tmp_path: Path) -> None:
    main = '<p xmlns:r="u"><sldIdLst><sldId id="256" r:id="r1"/><sldId id="257" r:id="r2"/></sldIdLst></p>'
    slide = (
        "<s><cSld><spTree><sp><nvSpPr><nvPr/></nvSpPr><txBody><p><r><t>글</t></r></p></txBody></sp></spTree></cSld></s>"
    )
    parts = {
        **MAIN,
        "ppt/presentation.xml": main,
        "ppt/_rels/presentation.xml.rels": relations(slide="s.xml", other="gone.xml"),
        "ppt/s.xml": slide,
    }
    first, second = pages(plug, zipped(tmp_path / "a.pptx", parts))
    assert (first.text, second.warnings) == ("글", ("slide missing from the file",))
