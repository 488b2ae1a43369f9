from raftune.reading.office.slide_shapes import Box, Frame, in_order, places, shapes_of
from raftune.reading.xml_parts import parse_xml


def sp(name: str, left: int = 0, top: int = 0, place: str = "", *, xfrm: bool = True) -> str:
    box = f'<xfrm><off x="{left}" y="{top}"/><ext cx="10" cy="10"/></xfrm>' if xfrm else ""
    return f'<sp><nvSpPr><cNvPr name="{name}"/><nvPr>{place}</nvPr></nvSpPr><spPr>{box}</spPr></sp>'


def names(tree: str, layout: str = "") -> list[str]:
    root = parse_xml(f"<sld><cSld><spTree>{tree}</spTree></cSld></sld>".encode(), "a")
    known = places(parse_xml(f"<l><cSld><spTree>{layout}</spTree></cSld></l>".encode(), "a"))
    return [shape.element[0][0].get("name") for shape in in_order(shapes_of(root, known), 2400)]


def test_the_title_first_then_rows_from_the_left() -> None:
    tree = sp("c", 0, 900) + sp("b", 500, 110) + sp("a", 0, 120) + sp("t", 0, 2000, '<ph type="title"/>')
    assert names(tree) == ["t", "a", "b", "c"]


def test_places_come_from_the_layout() -> None:
    layout = sp("x", 0, 1000, '<ph type="body" idx="1"/>') + sp("y", 0, 10, '<ph type="body" idx="2"/>')
    tree = sp("low", place='<ph idx="1"/>', xfrm=False) + sp("high", place='<ph idx="2"/>', xfrm=False)
    assert names(tree, layout) == ["high", "low"]


def test_furniture_is_left_out_and_groups_are_opened() -> None:
    group = (
        '<grpSp><grpSpPr><xfrm><off x="0" y="2000"/><ext cx="10" cy="10"/><chOff x="0" y="0"/><chExt cx="100" cy="100"/>'  # noqa: E501
        f"</xfrm></grpSpPr>{sp('inner', 0, 50)}</grpSp>"
    )
    assert names(group + sp("first", 0, 500) + sp("n", place='<ph type="sldNum"/>')) == ["first", "inner"]


def test_a_group_has_units_of_its_own() -> None:
    assert Frame(0.5, 2.0, 10.0, 20.0).place(Box(4, 4, 4, 4)) == Box(12, 28, 2, 8)
