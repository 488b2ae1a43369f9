from pathlib import Path

from raftune.readers.docx import plug
from tests.office_files import pages, word_file


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(folder: Path, body: str, **parts: str) -> list[str]:
    return [page.text for page in pages(plug, word_file(folder / "a.docx", body, **parts))]


def test_changes_count_as_made(tmp_path: Path) -> None:
    body = f"<w:p>{r('a ')}<w:ins>{r('new ')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:moveFrom>{r('x')}</w:moveFrom><w:hyperlink>{r('link')}</w:hyperlink></w:p>"  # noqa: E501
    assert texts(tmp_path, body) == ["a new link"]


def test_footnotes_stand_under_their_paragraph(tmp_path: Path) -> None:
    body = f'<w:p>{r("금리는 ")}<w:r><w:footnoteReference w:id="2"/></w:r>{r("3.5%이다.")}</w:p>{p("next")}'
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("x")}</w:footnote><w:footnote w:id="2">{p("연 이율")}</w:footnote>'
    )
    assert texts(tmp_path, body, footnotes=notes) == ["금리는 3.5%이다.\n\n[^1]: 연 이율\n\nnext"]


def test_pages_by_marks_of_any_kind(tmp_path: Path) -> None:
    laid_out = "<w:r><w:lastRenderedPageBreak/></w:r>"
    hard = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    before = "<w:pPr><w:pageBreakBefore/></w:pPr>"
    section = "<w:pPr><w:sectPr/></w:pPr>"
    body = (
        p("one")
        + hard
        + f"<w:p>{laid_out}{r('two')}</w:p>"
        + p("three", before)
        + f"<w:p>{r('three, ')}{laid_out}{r('and on')}</w:p>"
        + p("four", section)
        + p("five")
    )
    assert texts(tmp_path, body) == ["one", "two", "three\n\nthree, and on", "four", "five"]


def test_merged_cells_frames_and_nested_tables(tmp_path: Path) -> None:
    def cell(inner: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"

    wide = '<w:gridSpan w:val="2"/>'
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        f"<w:tr>{cell(p('구분'), down)}{cell(p('금리'), wide)}</w:tr>"
        f"<w:tr>{cell('<w:p/>', on)}{cell(p('신용') + p('대출'))}{cell(p('담보'))}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell(p('gone'))}{cell(p('gone'))}</w:tr>"
    )
    inner = p("frame") + f"<w:tbl>{rows}</w:tbl>"
    table = "| 구분 | 금리 | 금리 |\n| --- | --- | --- |\n| 구분 | 신용 대출 | 담보 |"
    assert texts(tmp_path, f"<w:tbl>{rows}</w:tbl>") == [table]
    assert texts(tmp_path, f"<w:tbl><w:tr>{cell(inner)}</w:tr></w:tbl>") == [f"frame\n\n{table}"]


def test_text_boxes_once_and_white_in_them_is_seen(tmp_path: Path) -> None:
    white = '<w:color w:val="FFFFFF"/>'
    box = f"<w:drawing><w:txbxContent><w:p>{r('in a box', white)}</w:p></w:txbxContent></w:drawing>"
    body = f'<w:p>{r("text")}<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>'  # noqa: E501
    assert texts(tmp_path, body) == ["text\n\nin a box"]


def test_hidden_text_is_counted_and_white_on_dark_is_not_hidden(tmp_path: Path) -> None:
    white = '<w:color w:val="FFFFFF"/>'
    gone = "<w:vanish/>"
    dark = '<w:tcPr><w:shd w:fill="000000"/></w:tcPr>'
    body = f"<w:p>{r('seen')}{r('ab', gone)}{r('cde', white)}</w:p><w:tbl><w:tr><w:tc>{dark}<w:p>{r('head', white)}</w:p></w:tc></w:tr></w:tbl>"  # noqa: E501
    path = word_file(tmp_path / "a.docx", body)
    [page] = pages(plug, path)
    assert (page.text, page.warnings) == ("seen\n\nhead", ("5 characters of hidden text left out",))
    assert pages(plug, path, keep_hidden=True)[0].text == "seenabcde\n\nhead"


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    styles = '<w:style w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    assert texts(
        tmp_path, p("Chapter 1 .... 3", '<w:pPr><w:pStyle w:val="T"/></w:pPr>') + p("text"), styles=styles
    ) == ["text"]


def test_signs_and_formulas(tmp_path: Path) -> None:
    body = f'<w:p>{r("a")}<w:r><w:tab/></w:r>{r("b")}<w:r><w:noBreakHyphen/><w:sym w:char="F0E0"/></w:r><m:oMath xmlns:m="m"><m:r><m:t>x+y</m:t></m:r></m:oMath></w:p>'  # noqa: E501
    assert texts(tmp_path, body) == ["a b-→x+y"]
