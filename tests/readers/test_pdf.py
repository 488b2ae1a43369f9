from pathlib import Path

import pytest

from raftune.errors import DocumentError
from raftune.readers.pdf import Line as PdfLine
from raftune.readers.pdf import block_text, join_lines, plug, render_page, whole
from tests.pdf_files import Printed, pdf_bytes

BODY = [
    Printed("Ports", 700, size=18, bold=True),
    Printed("The Agency inspected 73 ports, of which", 660),
    Printed("nine were unsafe. The rest were", 648),
    Printed("open to ships of every size.", 636),
    Printed("Licences are renewed every two years.", 600),
]


def reading(folder: Path, data: bytes) -> list[str]:
    path = folder / "file.pdf"
    path.write_bytes(data)
    return [page.text for page in plug.read(path).pages]


def reason(folder: Path, data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        reading(folder, data)
    return caught.value.reason


def test_headings_and_paragraphs(tmp_path: Path) -> None:
    assert reading(tmp_path, pdf_bytes([BODY]))[0].split("\n\n") == [
        "# Ports",
        "The Agency inspected 73 ports, of which nine were unsafe. The rest were open to ships of every size.",
        "Licences are renewed every two years.",
    ]


def test_running_headers_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    pages = [
        [Printed(f"Annual report {number}", 760, size=8), *BODY, Printed(str(number), 20, size=8)]
        for number in range(1, 4)
    ]
    texts = reading(tmp_path, pdf_bytes(pages))
    assert not any("Annual report" in text for text in texts)


def test_the_title_is_the_document_s_own_or_the_file_name(tmp_path: Path) -> None:
    path = tmp_path / "ports.pdf"
    path.write_bytes(pdf_bytes([BODY], title="On ports"))
    assert plug.read(path).title == "On ports"
    path.write_bytes(pdf_bytes([BODY]))
    assert plug.read(path).title == "ports"


def test_pages_without_text_come_out_empty(tmp_path: Path) -> None:
    assert reading(tmp_path, pdf_bytes([BODY, []]))[1] == ""


def test_a_pdf_is_told_by_its_bytes() -> None:
    assert plug.accepts(b"\n\n%PDF-1.7 ...", "anything")
    assert not plug.accepts(b"PK\x03\x04", "report.pdf")


def test_a_file_without_text_layer(tmp_path: Path) -> None:
    assert reason(tmp_path, pdf_bytes([[]])) == "no text"


def test_a_locked_file(tmp_path: Path) -> None:
    assert reason(tmp_path, pdf_bytes([BODY], locked=True)) == "encrypted"


def test_a_truncated_file(tmp_path: Path) -> None:
    assert reason(tmp_path, pdf_bytes([BODY])[:200]) == "damaged"


def test_a_page_as_image(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(pdf_bytes([BODY]))
    assert render_page(path, 1, 50).startswith(b"\x89PNG")


def test_broken_words_are_made_whole() -> None:
    assert join_lines(["regu\x02", "lation of ports"]) == "regulation of ports"


def test_a_block_of_soft_hyphens_only_is_empty() -> None:
    assert block_text([PdfLine("\x02", 10.0, 400, 0.0, 10.0, 0.0)], 10.0) == ""


def test_surrogates_and_nul_cannot_come_through() -> None:
    assert whole("\ud83d\ude00 ok\0") == "😀 ok"
    whole("lone \ud83d").encode()
