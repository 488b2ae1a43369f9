"""Templates are strict and escape; refusals come as pages or as notices."""

import re
from importlib.resources import files

import pytest
from jinja2 import UndefinedError

from raftune.web.visiting import environment


def test_every_text_is_escaped_and_no_name_is_asked_for_in_vain() -> None:
    template = environment().from_string("{{ x }}")
    assert template.render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        template.render()


def test_no_template_turns_escaping_off_or_holds_scripts_or_styles() -> None:
    for path in (files("raftune.web") / "templates").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|<style|style=|\son\w+=|javascript:|https?://", text), path.name
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path.name


def test_scripts_and_styles_ask_nobody() -> None:
    for name in ("app.js", "app.css"):
        text = (files("raftune.web") / "static" / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|//\w+\.\w|@import|url\(", text)
