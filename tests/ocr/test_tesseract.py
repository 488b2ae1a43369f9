import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import DocumentError
from raftune.ocr import tesseract
from raftune.ocr.tesseract import languages, parsed, plug
from raftune.readings import Glyphs
from tests.ocr.pictures import ENGLISH, KOREAN, NEEDS_TESSERACT, picture

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def fake_program(folder: Path, script: str) -> str:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\n{script}\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_the_table_gives_words_by_line():
    rows = [
        "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t96.5\tOne",
        "5\t1\t1\t1\t2\t1\t10\t40\t5\t8\t50\t2",
    ]
    assert parsed("\n".join([HEADER, *rows])) == [
        [Glyphs("One", 10, 20, 40, 28, 0.965)],
        [Glyphs("2", 10, 40, 15, 48, 0.5)],
    ]


@pytest.mark.parametrize(
    "row",
    [
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t96.5",
        "5\t1\t1\t1\t1\t1\tten\t20\t30\t8\t96.5\tOne",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t8\tnan\tOne",
        "5\t1\t1\t1\t1\t1\t10\t20\t0\t8\t96.5\tOne",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t-1\tOne",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t96.5\t  ",
    ],
)
def test_spoilt_rows_are_left_out(row):
    assert parsed(f"{HEADER}\n{row}\n") == []


@given(st.text())
def test_no_table_does_harm(table):
    assert parsed(table) == [] or "\t" in table


def test_without_a_program_there_is_no_language(tmp_path):
    assert languages(None) == frozenset()
    assert languages(str(tmp_path / "tesseract")) == frozenset()


def test_a_failing_program_is_said_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", fake_program(tmp_path, "echo 'Tesseract could not open' >&2; exit 1"))
    with pytest.raises(DocumentError, match="could not open") as caught:
        tesseract.read(b"", "eng", 11)
    assert caught.value.reason == "ocr failed"


def test_a_program_without_end_is_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", fake_program(tmp_path, "exec sleep 60"))
    monkeypatch.setattr(tesseract, "SECONDS", 0.2)
    with pytest.raises(DocumentError) as caught:
        tesseract.read(b"", "eng", 11)
    assert caught.value.reason == "too slow"


def test_a_program_that_writes_nonsense_finds_nothing(monkeypatch, tmp_path):
    script = 'if [ "$1" = --list-langs ]; then echo eng; else head -c 5000 /dev/urandom; fi'
    monkeypatch.setenv("PATH", fake_program(tmp_path, script))
    assert plug.fits("en")
    assert not plug.fits("ko")
    assert plug.recognize(picture(ENGLISH), None) == []


@NEEDS_TESSERACT
def test_english_is_read_word_by_word():
    words = plug.recognize(picture(ENGLISH), "en")
    assert [word.text for word in words] == " ".join(ENGLISH).split()


@NEEDS_TESSERACT
def test_korean_words_are_whole_and_numbers_right():
    if not plug.fits("ko"):
        pytest.skip("tesseract's Korean data is not installed: apt-get install tesseract-ocr-kor")
    words = {word.text for word in plug.recognize(picture(KOREAN), None)}
    wanted = set(" ".join(KOREAN).split())
    assert len(words & wanted) >= 0.85 * len(wanted)
    assert {"2019년", "14일에"} <= words


@NEEDS_TESSERACT
def test_english_inside_korean_is_kept():
    words = {word.text for word in plug.recognize(picture([*KOREAN, "Linux kernel 및 GNU Compiler 지원"]), "ko")}
    assert {"Linux", "kernel", "Compiler"} <= words
