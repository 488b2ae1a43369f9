"""A project's documents asked: the index kept up to date, and quotes led back to their pages."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from raftune import api, consulting
from raftune.answering import PlacedQuote, ground
from raftune.errors import ConfigError
from raftune.ledger import Ledger
from raftune.meter import Meter
from tests.cli.harbour import make_project, raftune
from tests.tiny_model import save_tiny

FERRY = "The ferry to the southern harbour leaves at nine on weekdays."
FEE = "The fee for berth 2 in the northern harbour is 114 coins per day."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> api.Project:
    folder = make_project(tmp_path_factory.mktemp("consulting") / "harbour")
    save_tiny(folder / "tiny")
    with (folder / "raftune.toml").open("a") as file:
        file.write('[student]\nmodel = "tiny"\n')
    raftune(folder, "chunk")
    return api.open_project(folder)


def opened(project: api.Project) -> consulting.SavedIndex:
    ledger = Ledger(project.ledger)
    try:
        plugs = api.plugs_of(project, ledger, Meter(None))
        return asyncio.run(consulting.open_passages(project, plugs))
    finally:
        ledger.close()


def quoted(project: api.Project, text: str) -> PlacedQuote:
    reply = ground(f"##begin_quote##{text}##end_quote##<ANSWER>: so", list(opened(project).passages))
    return reply.quotes[0]


@pytest.mark.parametrize("way", ["bm25", "embedding", "hybrid"])
def test_passages_are_found_in_both_languages(project: api.Project, way: str) -> None:
    index = opened(api.open_project(project.folder, [f"retrieve.retriever={way}", "embedder.provider=hashed"]))
    for question, words in (("When does the ferry leave?", "ferry"), ("항만 위원회는 몇 명입니까?", "위원회")):
        (places,) = asyncio.run(index.nearest([question], 1))
        assert words in index.passages[places[0]].text


def test_a_quote_leads_to_its_page_and_rectangles(project: api.Project) -> None:
    trace = consulting.where_quoted(project, quoted(project, FEE))
    assert trace is not None
    assert trace.text == FEE
    assert [place.page for place in trace.places] == [1]
    assert trace.places[0].rectangles
    ((page, picture),) = consulting.pictures(project, trace)
    assert page == 1
    with Image.open(io.BytesIO(picture)) as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20) or []}
    assert (255, 232, 92) in colors


def test_a_quote_of_a_file_without_pages(project: api.Project) -> None:
    trace = consulting.where_quoted(project, quoted(project, "북쪽 항만 위원회는 위원장 1명을 포함하여"))
    assert trace is not None
    assert trace.document.path == "항만 규정.md"
    with pytest.raises(ConfigError, match="no pages"):
        consulting.pictures(project, trace)
    assert consulting.where_quoted(project, PlacedQuote("nowhere")) is None


@pytest.mark.parametrize("name", ["", "../../x", "ab", "0" * 20, '"' * 20])
def test_what_is_no_passage(project: api.Project, name: str) -> None:
    with pytest.raises(ConfigError):
        consulting.where(project, name, 0, 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (0, 10_000), (9, 3)])
def test_characters_that_are_not_there(project: api.Project, start: int, end: int) -> None:
    with pytest.raises(ConfigError, match="no characters"):
        consulting.where(project, opened(project).passages[0].id, start, end)


def test_quotes_name_their_own_pages(project: api.Project) -> None:
    quote = quoted(project, FERRY)
    reply = ground(f"##begin_quote##{FERRY}##end_quote##<ANSWER>: nine", list(opened(project).passages))
    over = PlacedQuote(quote.text, quote.path, (1, 2), quote.chunk, quote.start, quote.end)
    assert consulting.exact(project, over).pages == (2,)
    assert consulting.exact(project, PlacedQuote("x", "a.pdf", (1, 2), "0" * 20, 0, 1)).pages == (1, 2)
    assert consulting.with_exact_pages(project, reply).quotes[0].pages == (2,)


def test_the_index_follows_the_documents(project: api.Project) -> None:
    added = project.folder / "documents" / "lighthouse.md"
    added.write_text("# Lighthouse\n\nThe lighthouse keeper feeds eleven pelicans.\n", encoding="utf-8")
    question = ["What does the lighthouse keeper feed?"]
    assert asyncio.run(opened(project).nearest(["pelicans"], 1)) == [[]]
    raftune(project.folder, "chunk")
    index = opened(project)
    ((place,),) = asyncio.run(index.nearest(question, 1))
    assert index.passages[place].path == "lighthouse.md"
    added.unlink()
    raftune(project.folder, "chunk")
    assert asyncio.run(opened(project).nearest(["pelicans"], 1)) == [[]]


def test_a_real_student_answers_in_pieces(project: api.Project) -> None:
    told: list[str] = []
    with consulting.consulted(project, tuned=False, passages=2) as documents:
        assert isinstance(documents.consultation.writer, consulting.InPieces)
        shown, reply = documents.ask("When does the ferry leave the harbour?", told.append)
    assert len(shown) == 2
    assert "".join(told).strip() in (reply.said, reply.text)


def test_before_a_run(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "harbour")
    with pytest.raises(ConfigError, match="chunk has not been run"), consulting.consulted(api.open_project(folder)):
        pass
    raftune(folder, "chunk")
    with pytest.raises(ConfigError, match="train has not been run"), consulting.consulted(api.open_project(folder)):
        pass
