from raftune.reading.office.charts import chart_blocks, rounded
from raftune.reading.xml_parts import parse_xml

CHART = """<c xmlns:a="u"><title><a:t>매출</a:t><a:t> 추이</a:t></title>
<ser><tx><pt idx="0"><v>국내</v></pt></tx><cat><pt idx="0"><v>1분기</v></pt><pt idx="1"><v>2분기</v></pt></cat>
<val><pt idx="0"><v>0.30000000000000004</v></pt><pt idx="1"><v>12</v></pt></val></ser>
<ser><tx><pt idx="0"><v>해외</v></pt></tx><val><pt idx="1"><v>7</v></pt></val></ser></c>"""


def test_a_chart_becomes_the_table_of_its_values() -> None:
    assert chart_blocks(parse_xml(CHART.encode(), "a")) == [
        "매출 추이",
        "|  | 국내 | 해외 |\n| --- | --- | --- |\n| 1분기 | 0.3 |  |\n| 2분기 | 12 | 7 |",
    ]


def test_a_chart_without_values() -> None:
    assert chart_blocks(parse_xml(b"<c><ser/></c>", "a")) == []


def test_numbers_and_words() -> None:
    assert [rounded(text) for text in ("0.1", " a  b ", "20240301120000")] == ["0.1", "a b", "20240301120000"]
