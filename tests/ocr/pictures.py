"""Pictures of text, drawn with the fonts that are there."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

import pytest
from PIL import Image, ImageDraw, ImageFont

ENGLISH = (
    "The committee met on 14 March 2019",
    "and approved the annual budget of",
    "1,250 dollars for the public library",
    "in Springfield without discussion",
)
KOREAN = (
    "한국은행은 2019년 3월 14일에 회의를",
    "열어 기준금리를 현재 수준에서",
    "유지하기로 결정하였습니다 그리고",
    "다음 회의에서 다시 논의합니다",
)
NEEDS_TESSERACT = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed: apt-get install tesseract-ocr"
)


@cache
def korean_font() -> str:
    """The path of a font with Hangul; skips the test where there is none."""
    if shutil.which("fc-match") is None or not subprocess.check_output(["fc-list", ":lang=ko"]):
        pytest.skip("no Korean font is installed: apt-get install fonts-nanum")
    return subprocess.check_output(["fc-match", "-f", "%{file}", "NanumGothic:lang=ko"], text=True)


def picture(lines: Sequence[str], size: int = 48, turns: int = 0) -> Image.Image:
    """Black lines on white, turned clockwise by so many quarter turns."""
    korean = any("가" <= letter <= "힣" for line in lines for letter in line)
    font = ImageFont.truetype(korean_font(), size) if korean else ImageFont.load_default(size)
    image = Image.new("RGB", (24 * size, round((len(lines) + 2) * 1.6 * size)), "white")
    drawing = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        drawing.text((size, (number + 1) * 1.6 * size), line, "black", font)
    return image.rotate(-90 * turns, expand=True)
