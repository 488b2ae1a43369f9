from xml.etree import ElementTree as ET

from raftune.training.curves import write_curves

SVG = "{http://www.w3.org/2000/svg}"
LINES = [[1, 3.0, 0.2, None, None, None, None], [2, 2.0, 0.4, 2.5, 0.3, 2.5, 0.3], [3, 1.0, 0.6, None] + [None] * 3]


def drawn(path, lines):
    write_curves(path, lines)
    return ET.fromstring(path.read_text())


def test_both_charts_span_what_was_measured(tmp_path):
    picture = drawn(tmp_path / "curves.svg", LINES)
    curves = [line.get("points").split() for line in picture.iter(f"{SVG}polyline")]
    assert [len(curve) for curve in curves] == [3, 1, 3, 1]
    assert curves[0] == ["58.0,62.0", "338.0,157.0", "618.0,252.0"]
    assert len(list(picture.iter(f"{SVG}circle"))) == 2
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"loss", "accuracy", "training", "validation", "step 1", "step 3", "1.00", "3.00"} <= set(texts)
    first = (tmp_path / "curves.svg").read_bytes()
    drawn(tmp_path / "curves.svg", LINES)
    assert (tmp_path / "curves.svg").read_bytes() == first


def test_one_step_and_none_are_drawn(tmp_path):
    assert list(drawn(tmp_path / "one.svg", LINES[:1]).iter(f"{SVG}polyline"))
    assert not list(drawn(tmp_path / "none.svg", []).iter(f"{SVG}polyline"))
