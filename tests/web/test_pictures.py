"""Pictures of pages are drawn once."""

from pathlib import Path

import pytest

from raftune.api import open_project, stored
from raftune.errors import ConfigError, DocumentError
from raftune.records import Document
from raftune.web import pictures
from raftune.web.pictures import picture


def documents(project: Path) -> dict[str, Document]:
    return {row.path: row for row in stored(open_project(project), "ingest") if isinstance(row, Document)}


def test_a_page_is_drawn_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, document = open_project(project), documents(project)["harbour-fees.pdf"]
    data, kind = picture(opened, document, 2, project / "pages")
    assert kind == "image/png"
    monkeypatch.setattr(pictures, "drawn", lambda *_: pytest.fail("drawn again"))
    assert picture(opened, document, 2, project / "pages")[0] == data


def test_what_cannot_be_drawn(project: Path) -> None:
    opened, found = open_project(project), documents(project)
    with pytest.raises(ConfigError):
        picture(opened, found["harbour-fees.pdf"], 7, project / "pages")
    with pytest.raises(ConfigError):
        picture(opened, found["항만 규정.md"], 1, project / "pages")
    (project / "documents" / "harbour-fees.pdf").write_bytes(b"%PDF-1.4 another one")
    with pytest.raises(DocumentError, match="no longer the file"):
        picture(opened, found["harbour-fees.pdf"], 1, project / "pages")


def test_the_oldest_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PICTURES", 10)
    for number in range(15):
        pictures.keep(tmp_path / "pages" / f"p{number}", b"x")
    kept = {path.name for path in (tmp_path / "pages").iterdir()}
    assert len(kept) <= 11
    assert "p14" in kept
