import pytest

from raftune.errors import DocumentError
from raftune.reading.markup.page import decode_markup, render

PAGE = "<html><head><meta charset={}><title>규정</title></head><body><p>여객선 운항에 관한 규정이다.</body></html>"


@pytest.mark.parametrize(("named", "used"), [("euc-kr", "cp949"), ("utf-8", "utf-8"), ("iso-8859-1", "utf-16")])
def test_the_encoding_that_a_page_names(named: str, used: str) -> None:
    text = PAGE.format(named)
    decoded = decode_markup(text.encode(used))
    assert decoded is not None
    assert decoded.text == text


def test_a_page_that_names_another_encoding_than_its_own() -> None:
    decoded = decode_markup(PAGE.format("utf-8").encode("cp949"))
    assert decoded is not None
    assert "여객선" in decoded.text
    assert decode_markup(PAGE.format("nonsense").encode()) == (PAGE.format("nonsense"), ())


def test_the_title_or_the_main_heading() -> None:
    assert render(PAGE, "a", keep_hidden=False).title == "규정"
    assert render("<h1>On\n ports</h1>", "a", keep_hidden=False).title == "On ports"
    assert render("<p>x", "a", keep_hidden=False).title == ""


def test_the_main_content() -> None:
    text = "<body><div>menu</div><main><p>the content of this page</main><div>more</div></body>"
    assert render(text, "a", keep_hidden=False).text == "the content of this page"
    assert "menu" in render(text, "a", keep_hidden=False, whole=True).text


def test_a_small_part_marked_as_main_is_not_taken_for_all() -> None:
    text = f"<body><main>x</main><div>{'words ' * 20}</div></body>"
    assert "words" in render(text, "a", keep_hidden=False).text


def test_empty_elements_of_xhtml_end() -> None:
    text = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><a id="x"/><p>a</p><script src="x"/><p>b<br/>c</p></body></html>'  # noqa: E501
    assert render(text, "a", keep_hidden=False).text == "a\n\nb\nc"


def test_entities_of_its_own_are_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        render('<!DOCTYPE html [<!ENTITY a "b">]><p>&a;', "a", keep_hidden=False)
    assert caught.value.reason == "unsafe xml"


@pytest.mark.parametrize("text", ["", " ", "<!-- -->"])
def test_nothing_at_all(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        render(text, "a", keep_hidden=False)
    assert caught.value.reason == "damaged"
