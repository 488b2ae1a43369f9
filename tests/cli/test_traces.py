"""A page as it was read, a passage, a quote: printed, and drawn with the words lit."""

import json
from pathlib import Path

import pytest

from raftune.cli.traces import split_name
from raftune.errors import ConfigError, DocumentError
from tests.cli.harbour import make_project, raftune

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("traces") / "harbour")
    raftune(folder, "run", "-q", "--until", "review")
    return folder


def rows(project: Path, stage: str) -> list[dict]:
    return [json.loads(line) for line in raftune(project, "show", stage, "-n", "999", "--json").splitlines()]


def answer_in(project: Path, words: str) -> dict:
    return next(row for row in rows(project, "answer") if words in row["quotes"][0]["text"])


def test_a_page_is_printed_and_drawn(project: Path, tmp_path: Path) -> None:
    image = tmp_path / "page.png"
    output = raftune(project, "show", "page", "fees", "1", "--image", str(image))
    assert "page      1 of 2, read as text" in output
    assert "The fee for berth 3" in output
    assert image.read_bytes().startswith(PNG)
    facts = json.loads(raftune(project, "show", "page", str(project / "documents" / "harbour-fees.pdf"), "2", "--json"))
    assert (facts["file"], facts["number"], facts["way"], facts["pictures"]) == ("harbour-fees.pdf", 2, "text", [])
    with pytest.raises(ConfigError, match="has no page 9"):
        raftune(project, "show", "page", "fees", "9")


def test_a_page_that_cannot_be_drawn_is_said(project: Path, tmp_path: Path) -> None:
    assert "9명 이내" in raftune(project, "show", "page", "항만", "1")
    with pytest.raises(ConfigError, match="has no pages that can be drawn"):
        raftune(project, "show", "page", "항만", "1", "--image", str(tmp_path / "page.png"))


def test_a_passage_is_printed_with_where_it_stands(project: Path, tmp_path: Path) -> None:
    row = next(row for row in rows(project, "chunk") if row["path"] == "harbour-fees.pdf" and row["pages"] == [1])
    output = raftune(project, "show", "chunk", row["id"][:8], "--image", str(tmp_path / "lit.png"))
    assert "pages     1 (text)" in output
    assert row["text"] in output
    assert (tmp_path / "lit.png").read_bytes().startswith(PNG)
    facts = json.loads(raftune(project, "show", "chunk", row["id"], "--json"))
    assert row.items() <= facts.items()
    assert len(facts["places"][0]["rectangles"]) == 4
    assert facts["tokens"] > 10


def test_a_quote_is_drawn_into_the_current_folder(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = answer_in(project, "berth 2")
    output = raftune(project, "show", "quote", row["id"][:8])
    assert f"quote     “{row['quotes'][0]['text']}”" in output
    assert "file      harbour-fees.pdf\npage      1 (text)" in output
    assert (tmp_path / f"quote-{row['id'][:8]}.png").read_bytes().startswith(PNG)
    facts = json.loads(raftune(project, "show", "quote", f"{row['id']}#1", "--json"))
    (box,) = facts["places"][0]["rectangles"]
    assert facts["pictures"] == [f"quote-{row['id']}-1.png"]
    assert 70 < box[0] < 75
    assert 120 < box[1] < box[3] < 140


def test_a_quote_without_a_page_is_shown_in_its_text(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = answer_in(project, "북쪽")
    output = raftune(project, "show", "quote", row["id"])
    assert "MD has no pages to draw. The text around the quote:" in output
    assert f">>>{row['quotes'][0]['text']}<<<" in output
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_shown_is_said(project: Path, tmp_path: Path) -> None:
    row = answer_in(project, "berth 2")
    with pytest.raises(ConfigError, match="No row of review or answer or assemble begins with 'zzz'"):
        raftune(project, "show", "quote", "zzz")
    with pytest.raises(ConfigError, match="has no quote 5"):
        raftune(project, "show", "quote", f"{row['id']}#5")
    with pytest.raises(ConfigError, match="rows begin with ''"):
        raftune(project, "show", "quote", "")
    with pytest.raises(ConfigError, match="cannot be written"):
        raftune(project, "show", "quote", row["id"], "--image", str(tmp_path / "nowhere" / "a.png"))


def test_a_file_that_changed_since_is_not_drawn(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    raftune(folder, "ingest", "-q")
    with (folder / "documents" / "harbour-fees.pdf").open("ab") as file:
        file.write(b"\n% saved again\n")
    with pytest.raises(DocumentError, match="no longer the file that was read"):
        raftune(folder, "show", "page", "fees", "1", "--image", str(tmp_path / "page.png"))


def test_a_quote_is_found_after_passages_were_cut_anew(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    raftune(folder, "run", "-q", "--until", "answer")
    row = answer_in(folder, "berth 3")
    raftune(folder, "chunk", "-q", "--set", "chunk.maximum=200")
    assert row["chunk"] not in {one["id"] for one in rows(folder, "chunk")}
    output = raftune(folder, "show", "quote", row["id"], "--image", str(tmp_path / "quote.png"))
    assert "page      1 (text)" in output


def test_names_of_quotes() -> None:
    assert split_name("abc") == ("abc", 1)
    assert split_name("abc#2") == ("abc", 2)
    for name in ("abc#x", "abc#0", "abc#-1"):
        with pytest.raises(ConfigError, match="names no quote"):
            split_name(name)
