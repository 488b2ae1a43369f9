"""The conversation over HTTP; what is thought of a reply goes into the log."""

from pathlib import Path

from raftune.answering import GroundedReply, PlacedQuote
from raftune.api import stored
from raftune.records import Chunk
from raftune.web.asking import Reply, Turn
from tests.web.cockpits import Up, decisions, running


def turn_in(up: Up) -> Turn:
    """A turn with a verified quote, one that is not, and a refusal."""
    chunk = next(row for row in stored(up.cockpit.project, "chunk") if isinstance(row, Chunk))
    quotes = (
        PlacedQuote(chunk.text[:40], chunk.path, chunk.pages, chunk.id, 0, 40), PlacedQuote("<b>never said</b>")
    )  # fmt: skip
    replies: dict = {
        "tuned": Reply("x", (chunk,), GroundedReply("107 coins", "107 coins", quotes)),
        "base": Reply("", (chunk,), GroundedReply(None, "", (), abstains=True)),
    }
    turn = Turn("0123456789abcdef", "What is the fee?", replies)
    up.cockpit.asker.turns[turn.name] = turn
    return turn


def test_quotes_are_verified_or_not_and_lit(project: Path) -> None:
    with running(project) as up:
        turn = turn_in(up)
        page = up.get("/chat").text
        assert "✓ verified" in page
        assert "✕ not in the documents shown" in page
        assert "says that the documents do not hold it" in page
        assert "&lt;b&gt;never said" in page
        assert "<rect" in up.get(f"/chat/{turn.name}/quote?side=tuned&number=0").text
        assert up.get(f"/chat/{turn.name}/quote?side=tuned&number=1").status_code == 400
        assert up.get("/chat/ffffffffffffffff/quote?side=tuned&number=0").status_code == 400


def test_a_vote_is_a_line_of_the_log(project: Path) -> None:
    with running(project) as up:
        turn = turn_in(up)
        assert up.post(f"/chat/{turn.name}/vote", side="tuned", verdict="up", note=" good ").status_code == 200
        assert "Noted as good" in up.get("/chat").text
        up.post("/settings", who="", language="en", theme="auto")
        assert up.post(f"/chat/{turn.name}/vote", side="base", verdict="down").status_code == 400
    (line,) = decisions(project)
    assert (line["verdict"], line["reason"], line["final"], line["who"]) == ("up", "good", "107 coins", "Ada")
    assert len(line["quotes"]) == 1


def test_a_question_is_answered_as_events(project: Path) -> None:
    with running(project) as up:
        up.post("/chat", question="What is the fee for berth 3?")
        (turn,) = up.cockpit.asker.turns.values()
        with up.client.stream("GET", f"/chat/{turn.name}/events") as answer:
            lines = [line for line in answer.iter_lines() if line.startswith("event")]
        assert lines[-1] == "event: end"
        assert turn.done
        assert up.post("/chat", question="").status_code == 400
