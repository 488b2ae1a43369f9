from pathlib import Path

import pytest

from raftune.errors import DocumentError
from raftune.reading.office.package import OLE, Relation, is_locked, open_package, resolved
from tests.office_files import relations, zipped


def test_parts_refer_to_each_other(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.docx",
        {"_rels/.rels": relations(officeDocument="/word/a.xml"), "word/a.xml": "<a/>", "word/_rels/a.xml.rels": relations(styles="../s.xml", gone="x.xml"), "s.xml": "<s/>"},  # noqa: E501
    )  # fmt: skip
    with open_package(path) as package:
        assert package.related("", "officeDocument") == "word/a.xml"
        assert package.relations("word/a.xml") == {
            "r1": Relation("styles", "s.xml"),
            "r2": Relation("gone", "word/x.xml"),
        }
        assert package.related("word/a.xml", "gone") is None
        assert package.relations("s.xml") == {}
        with pytest.raises(DocumentError, match="lacks its part"):
            package.xml("word/x.xml")


def test_targets_stay_in_the_package() -> None:
    assert resolved("word", "../../../etc/passwd") == "etc/passwd"
    assert resolved("", "a/b.xml") == "a/b.xml"


def test_a_file_with_a_password(tmp_path: Path) -> None:
    header = bytearray(512)
    header[:8], header[30:32], header[48:52] = OLE, (9).to_bytes(2, "little"), (0).to_bytes(4, "little")
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(header) + "EncryptedPackage".encode("utf-16-le") + bytes(400))
    assert is_locked(path, bytes(header))
    path.write_bytes(bytes(header) + "WordDocument".encode("utf-16-le") + bytes(400))
    assert not is_locked(path, bytes(header))
    assert not is_locked(path, b"PK\x03\x04")
