from pathlib import Path

from raftune.reading.office.package import open_package
from raftune.reading.office.slide_shapes import Box, Shape
from raftune.reading.office.slide_text import SlideText
from raftune.reading.xml_parts import parse_xml
from tests.office_files import zipped

SIZE = Box(0, 0, 1000, 1000)


def said(
    folder: Path, body: str, role: str | None = None, box: Box | None = None, *, ground: bool = False
) -> tuple[list[str], int]:
    element = parse_xml(f"<sp><nvSpPr><cNvPr/></nvSpPr><spPr/><txBody>{body}</txBody></sp>".encode(), "a")
    with open_package(zipped(folder / "a.pptx", {"a": ""})) as package:
        text = SlideText(package, {}, SIZE, keep_hidden=False, ground=ground)
        return text.blocks(Shape(element, box, role)), text.hidden


def p(text: str, properties: str = "", run: str = "") -> str:
    return f"<p>{properties}<r>{run}<t>{text}</t></r></p>"


def test_bullets_by_role_and_by_mark(tmp_path: Path) -> None:
    body = p("a") + p("b", '<pPr lvl="1"/>') + p("c", "<pPr><buNone/></pPr>")
    assert said(tmp_path, body, "body")[0] == ["- a", "   - b", "c"]
    assert said(tmp_path, p("a") + p("b", "<pPr><buChar/></pPr>"))[0] == ["a", "- b"]


def test_numbers_count_and_begin_again(tmp_path: Path) -> None:
    number = "<pPr><buAutoNum/></pPr>"
    body = p("a", number) + p("b", number) + p("x") + p("c", number)
    assert said(tmp_path, body)[0] == ["1. a", "2. b", "x", "1. c"]


def test_what_nobody_sees(tmp_path: Path) -> None:
    white = '<rPr><solidFill><srgbClr val="FFFFFF"/></solidFill></rPr>'
    assert said(tmp_path, p("ab", run=white)) == ([], 2)
    assert said(tmp_path, p("ab", run=white), ground=True) == (["ab"], 0)
    assert said(tmp_path, p("tiny", run='<rPr sz="100"/>')) == ([], 4)
    assert said(tmp_path, p("beside"), box=Box(2000, 0, 10, 10)) == ([], 6)


def test_a_title_is_one_line(tmp_path: Path) -> None:
    assert said(tmp_path, p("분기") + p("실적"), "ctrTitle")[0] == ["# 분기 실적"]


def test_raised_figures(tmp_path: Path) -> None:
    assert said(tmp_path, '<p><r><t>m</t></r><r><rPr baseline="30000"/><t>2</t></r></p>')[0] == ["m²"]
