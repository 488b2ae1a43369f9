from raftune.reading.office.word_styles import Looks, Styles, looked, with_paragraph
from raftune.reading.xml_parts import parse_xml
from tests.office_files import WORD

STYLES = f"""<w:styles {WORD}>
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="20"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="My"><w:name w:val="조 제목"/><w:basedOn w:val="1"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Out"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Round"><w:name w:val="y"/><w:basedOn w:val="Round"/></w:style>
<w:style w:type="table" w:styleId="T"><w:tblStylePr><w:tcPr><w:shd w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style>
</w:styles>"""  # noqa: E501


def test_levels_and_looks_come_down() -> None:
    styles = Styles(parse_xml(STYLES.encode(), "a"))
    assert styles.paragraph == "a"
    assert [styles.style(name).level for name in ("1", "My", "Out", "Round", "gone")] == [1, 1, 3, 0, 0]
    assert styles.style("My").looks == Looks(vanished=True, size=20.0)
    assert styles.is_shading("T")
    assert not styles.is_shading("a")


def test_without_styles() -> None:
    assert Styles(None).style("x").level == 0


def properties(inner: str) -> Looks:
    return looked(parse_xml(f"<w:rPr {WORD}>{inner}</w:rPr>".encode(), "a"), Looks())


def test_what_nobody_sees() -> None:
    assert properties("<w:vanish/>").unseen
    assert properties('<w:color w:val="FFFFFF"/>').unseen
    assert properties('<w:sz w:val="2"/>').unseen
    assert not properties('<w:vanish w:val="0"/>').unseen
    assert not properties('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>').unseen
    assert not properties('<w:color w:val="FFFFFF"/><w:highlight w:val="red"/>').unseen
    assert not properties('<w:webHidden/><w:sz w:val="nonsense"/>').unseen


def test_a_paragraph_can_leave_the_outline() -> None:
    one = parse_xml(
        f'<w:pPr {WORD}><w:outlineLvl w:val="9"/><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr>'.encode(), "a"
    )
    style = with_paragraph(Styles(parse_xml(STYLES.encode(), "a")).style("1"), one)
    assert (style.level, style.number, style.depth) == (0, "4", 0)
