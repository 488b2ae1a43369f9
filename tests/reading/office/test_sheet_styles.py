from raftune.reading.office.sheet_styles import CellStyle, read_styles, shared_strings
from raftune.reading.xml_parts import parse_xml

STYLES = b"""<s xmlns="u"><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts>
<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><color theme="0"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF000000"/></patternFill></fill></fills>
<cellXfs><xf numFmtId="164" fontId="0" fillId="0"/><xf numFmtId="9" fontId="1" fillId="0"/><xf fontId="2" fillId="1"/><xf fontId="99"/></cellXfs></s>"""  # noqa: E501


def test_formats_and_white_text() -> None:
    assert read_styles(parse_xml(STYLES, "a")) == [
        CellStyle("0.0", white=False),
        CellStyle("0%", white=True),
        CellStyle("General", white=False),
        CellStyle("General", white=False),
    ]
    assert read_styles(None) == []


def test_texts_without_how_they_are_read_aloud() -> None:
    data = "<s><si><t>하나</t></si><si><r><t>가</t></r><r><t> 나</t></r><rPh><t>x</t></rPh></si></s>"
    assert shared_strings(parse_xml(data.encode(), "a")) == ["하나", "가 나"]
    assert shared_strings(None) == []
