import random
import subprocess
import sys

import pytest
from PIL import Image

from raftune.errors import DocumentError
from raftune.ocr import bounded, choose, read_scan, recognize_page
from tests.ocr.pictures import ENGLISH, KOREAN, NEEDS_TESSERACT, picture


def found(lines, words):
    wanted = {word for line in lines for word in line.split()}
    return len(wanted & {word.text for word in words}) / len(wanted)


@NEEDS_TESSERACT
@pytest.mark.parametrize("lines", [ENGLISH, KOREAN])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_read_whatever_its_language_and_however_it_was_turned(lines, turns):
    upright, turned = picture(lines), picture(lines, turns=turns)
    scan = read_scan(turned, "auto", None)
    assert (scan.turns, scan.width, scan.height) == (turns, *upright.size)
    assert scan.language == ("ko" if lines is KOREAN else "en")
    assert found(lines, scan.words) >= 0.85


@NEEDS_TESSERACT
def test_boxes_of_a_turned_page_are_where_its_words_are():
    language, words = recognize_page(picture(ENGLISH, turns=1), "tesseract", None)
    image = picture(ENGLISH, turns=1).convert("L")
    assert language == "en"
    for word in words:
        box = tuple(map(round, (word.left, word.top, word.right, word.bottom)))
        assert 0 <= box[0] < box[2] <= image.width
        assert 0 <= box[1] < box[3] <= image.height
        assert image.crop(box).getextrema()[0] < 100


@NEEDS_TESSERACT
def test_a_wrong_hint_does_no_harm():
    assert recognize_page(picture(KOREAN), "tesseract", "en")[0] == "ko"
    assert found(ENGLISH, recognize_page(picture(ENGLISH), "tesseract", "ko")[1]) >= 0.9


@NEEDS_TESSERACT
@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (40, 40), (800, 600)])
def test_nothing_is_read_where_nothing_stands(size):
    assert recognize_page(Image.new("RGB", size, "white"), "auto", None) == ("en", [])
    assert recognize_page(Image.new("L", size, "black"), "auto", "ko")[1] == []


@NEEDS_TESSERACT
def test_noise_does_no_harm():
    noise = Image.frombytes("L", (300, 200), random.Random(1).randbytes(60_000))
    for word in recognize_page(noise, "auto", None)[1]:
        assert 0 <= word.confidence <= 1


@NEEDS_TESSERACT
def test_a_huge_picture_is_read_at_a_size_that_memory_allows():
    image = picture(ENGLISH, 400)
    huge, factor = bounded(image)
    assert factor < 1
    assert huge.width * huge.height <= 24_100_000
    words = recognize_page(image, "tesseract", "en")[1]
    assert found(ENGLISH, words) >= 0.85
    assert max(word.right for word in words) > huge.width / 2 / factor


def test_a_long_strip_is_bounded_too():
    small, factor = bounded(Image.new("L", (100_000, 10)))
    assert (small.size, factor) == ((20_000, 2), 0.2)
    assert read_scan(Image.new("L", (100_000, 10)), choose_any(), None).words == ()


def choose_any():
    for name in ("rapid", "tesseract"):
        try:
            choose(name, None)
        except DocumentError:
            continue
        return name
    return pytest.skip("no OCR is installed")


def test_an_unknown_name_is_refused():
    with pytest.raises(DocumentError, match="Choose auto, rapid, tesseract") as caught:
        choose("tesserakt", None)
    assert caught.value.reason == "no ocr"


def test_where_no_engine_is_installed_the_advice_says_which_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(DocumentError, match=r"Korean.*tesseract-ocr-kor") as caught:
        choose("auto", "ko")
    assert caught.value.reason == "no ocr"
    with pytest.raises(DocumentError, match=r"'tesseract'.*raftune\[ocr\]"):
        choose("tesseract", None)


def test_rapid_takes_over_where_tesseract_is_not_there(monkeypatch):
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    monkeypatch.setenv("PATH", "/nowhere")
    assert type(choose("auto", "en")).__name__ == "Rapid"


CHILD = """
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
def refuse(*arguments, **options): raise AssertionError("OCR must not open a connection")
socket.socket.connect = socket.getaddrinfo = refuse
from PIL import Image
from raftune.ocr import recognize_page
print(*(word.text for word in recognize_page(Image.open(sys.argv[2]), sys.argv[1], "en")[1]))
"""


@pytest.mark.parametrize("name", ["rapid", "tesseract"])
def test_engines_work_within_three_gigabytes_and_without_a_network(name, tmp_path):
    try:
        choose(name, "en")
    except DocumentError:
        pytest.skip(f"{name} is not installed")
    page = Image.new("RGB", (1654, 2339), "white")
    page.paste(picture(ENGLISH))
    page.save(tmp_path / "page.png")
    output = subprocess.check_output([sys.executable, "-c", CHILD, name, tmp_path / "page.png"], text=True)
    assert "Springfield" in output.split()
