"""Rows and rejects, a page at a time."""

from pathlib import Path

from tests.web.cockpits import running


def test_rows_in_pages(project: Path) -> None:
    with running(project) as up:
        first = up.get("/rows/verify").text
        assert first.count('<li class="card">') == 20
        assert "1 to 20 of 36" in first
        assert up.get("/rows/verify?first=20").text.count('<li class="card">') == 16
        assert "There are none." in up.get("/rows/verify?first=400").text
        assert up.get("/rows/verify?first=-1").status_code == 400


def test_rows_that_were_left_out(project: Path) -> None:
    with running(project) as up:
        text = up.get("/rows/ingest?rejected=damaged").text
        assert "broken.pdf" in text
        assert "There are none." in up.get("/rows/ingest?rejected=other").text
