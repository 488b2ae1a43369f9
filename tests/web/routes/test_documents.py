"""Files, pages, pictures, coverage."""

from pathlib import Path

from raftune.web.routes.documents import ids_of
from tests.web.cockpits import running


def test_files_are_listed_with_what_became_of_them(project: Path) -> None:
    (project / "documents" / "late.md").write_text("# Late\n")
    with running(project) as up:
        page = up.get("/documents").text
        assert "Refused: damaged" in page
        assert "came after the last run" in page
        assert "text layer" in page
        assert "100 %" in page


def test_a_page_beside_its_text(project: Path) -> None:
    with running(project) as up:
        names = ids_of(up.cockpit.library.read(up.cockpit.project))
        pdf, korean = names["harbour-fees.pdf"][0][0], names["항만 규정.md"][0][0]
        page = up.get(f"/documents/{pdf}/pages/2").text
        assert "The fee for berth 7" in page
        assert f"/documents/{pdf}/pages/3" in page
        picture = up.get(f"/documents/{pdf}/pages/2/picture")
        assert picture.content.startswith(b"\x89PNG")
        assert picture.headers["content-type"] == "image/png"
        chunk = up.cockpit.library.latest(up.cockpit.project, "chunk").below(pdf)[0]
        assert "<mark>" in up.get(f"/documents/{pdf}/pages/1?chunk={chunk.id}").text
        assert "부두의 하루 사용료" in up.get(f"/documents/{korean}/pages/1").text
        assert up.get(f"/documents/{korean}/pages/1/picture").status_code == 400
        assert up.get(f"/documents/{pdf}/pages/99").status_code == 400


def test_before_a_run(tmp_path: Path) -> None:
    (tmp_path / "raftune.toml").write_text("")
    with running(tmp_path) as up:
        assert "No documents were read yet" in up.get("/documents").text
        for path in (
            "/pipeline",
            "/review",
            "/training",
            "/results",
            "/results/rows",
            "/results/compare",
            "/chat",
            "/blind",
        ):
            assert up.get(path).status_code == 200, path
        assert up.get("/review/bulk").status_code == 400
