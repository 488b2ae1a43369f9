import pytest
from lxml import html

from raftune.reading.markup.style import is_chrome, is_hidden


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'aria-hidden="true"',
        'style="DISPLAY: none !important"',
        'style="visibility:hidden"',
        'style="font-size:1px"',
        'style="font-size:0"',
        'style="font-size:.05em"',
        'style="opacity:0"',
        'style="position:absolute;left:-9999px"',
        'style="text-indent:-9999px"',
        'style="color:#fff"',
        'style="color: rgb(255, 255, 255)"',
        'color="white"',
        'style="color:white;background:#ffffff"',
    ],
)
def test_what_nobody_sees(attributes: str) -> None:
    assert is_hidden(html.fromstring(f"<div><p {attributes}>x</p></div>")[0])


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        'style="font-size:9pt;color:#000"',
        'style="color:white;background-color:#003366"',
        'style="margin:0"',
        'style="font-size:..px"',
        'style="broken"',
    ],
)
def test_what_everybody_sees(attributes: str) -> None:
    assert not is_hidden(html.fromstring(f"<div><p {attributes}>x</p></div>")[0])


def test_white_on_a_dark_cell_is_seen() -> None:
    cell = html.fromstring('<table bgcolor="navy"><tr><td><font color="white">x</font></table>').find(".//font")
    assert not is_hidden(cell)


def test_navigation_and_machinery() -> None:
    body = html.fromstring(
        "<html><body><header><h1>a</h1></header><header>b</header><nav>c</nav><p>d</p></body></html>"
    )[0]
    assert [is_chrome(element) for element in body] == [False, True, True, False]
