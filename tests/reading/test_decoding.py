from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftune.errors import DocumentError
from raftune.reading.decoding import decode_text, decode_whole, read_text

KOREAN = "기준금리는 연 3.50%로 동결하였다.\n위원회는 물가안정을 위하여 이를 결정하였다.\n"
JAPANESE = "これは日本語の文章です。東京に行きました。\n"
FRENCH = "Résumé des opérations à l’été, à côté\n"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"))))
def test_utf_8_always_comes_back(text: str) -> None:
    decoded = decode_text(("x" + text).encode(), cut=False)
    assert decoded == "x" + text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not_but_never_an_error(data: bytes) -> None:
    for cut in (True, False):
        decoded = decode_whole(data, cut=cut)
        assert decoded is None or "\0" not in decoded.text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((KOREAN, name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp949", "euc-kr")),
        ("plain words\n", "utf-16-le"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (FRENCH, "cp1252"),
    ],
)
def test_encodings_that_can_be_told(text: str, encoding: str) -> None:
    assert decode_whole(text.encode(encoding)) == (text, ())


def test_lines_in_two_encodings() -> None:
    data = (KOREAN * 3).encode() + KOREAN.encode("cp949")
    decoded = decode_whole(data)
    assert decoded is not None
    assert decoded.text == KOREAN * 4
    assert decoded.warnings == ("lines in CP949 among lines in UTF-8: 2",)


def test_three_encodings_in_one_file() -> None:
    decoded = decode_whole((KOREAN * 3).encode() + KOREAN.encode("cp949") + FRENCH.encode("cp1252"))
    assert decoded is not None
    assert decoded.text == KOREAN * 4 + FRENCH


def test_a_few_spoilt_lines_do_not_lose_a_file() -> None:
    decoded = decode_whole(KOREAN.encode() * 100 + b"a \xff\xfe\xfd b\n")
    assert decoded is not None
    assert decoded.warnings == ("lines with bytes that are no text: 1",)
    assert decode_whole(KOREAN.encode() + b"a \xff\xfe\xfd b\n") is None


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"a\x00", bytes(range(128, 256)) * 4, b"text \xff\x00", b"\x07"])
def test_what_is_no_text(data: bytes) -> None:
    assert decode_whole(data) is None


@pytest.mark.parametrize(
    ("data", "reason"), [(b" \n", "no text"), (b"a\xff\xfe\x00", "damaged"), (b"a" * (20 << 20) + b"b", "too large")]
)
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_text(path)
    assert caught.value.reason == reason
