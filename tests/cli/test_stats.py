"""What the training set is made of, in 80 columns."""

import json
from pathlib import Path

import pytest

from raftune.cli.layout import COLUMNS, width
from raftune.cli.stats import MOST_DOCUMENTS, lines_of, pages_words
from tests.cli.harbour import make_project, raftune
from tests.made_description import make_coverage, make_description

GOLDEN = """\
examples   142: train 114, validation 14, test 14
to learn   answer 122, abstain 20
kinds      fact 85, number 29, table 14, condition 14
languages  en 113, ko 29
documents  5 in 142 examples
chosen as  oracle 122, near 294, random 294
flags      closed book 4

rows after
  chunk           60 ██████▎
                  -3   too short
  ask            290 ██████████████████████████████
                 -21   near-duplicate
                  -9   does not stand alone
  answer         214 ██████████████████████▏
                 -46   not supported by its quotes
                 -30   quote not found
  verify         160 ████████████████▌
                 -54   second answer differs
  review         142 ██████████████▊
                 -18   rejected in review
  assemble       142 ██████████████▊

characters     5 %    half    95 %     most
  question      23      64     105      109    ██████▇██
  answer         4      24      52       52  █▆▃▇▄▇ ▃▄▂▇
  document     918   1,098   1,279    1,299           ████
  prompt     4,846   5,249   5,745    5,799           ▄█▅

oracle at
  1               25 ██████████████████████████████
  2               24 ████████████████████████████▊
  3               23 ███████████████████████████▋
  4               25 ██████████████████████████████
  5               25 ██████████████████████████████
  not shown       20 ████████████████████████

coverage   57% of 6,000 characters; █ used ▒ lost · untouched
  rules/fees-and-charges.pdf           57% |█████████████▒▒▒█████·········· |
    no question on page 3
  항만 위원회 규정.pdf                 57% |█████████████▒▒▒█████·········· |
    no question on page 3
"""


def test_the_whole_description() -> None:
    lines = list(lines_of(make_description()))
    assert "".join(f"{line}\n" for line in lines) == GOLDEN
    assert max(map(width, lines)) <= COLUMNS


def test_of_many_documents_those_least_used_are_shown() -> None:
    lines = list(lines_of(make_description(MOST_DOCUMENTS + 3)))
    assert lines[-1] == "  and 3 more that are used more: raftune stats --json"


def test_a_document_without_questions_is_said_in_few_words() -> None:
    assert pages_words(make_coverage(0)) == "page 3"
    assert pages_words(make_coverage(0).changed(idle_pages=(1, 2))) == "pages 1-2"
    assert pages_words(make_coverage(0).changed(idle_pages=(1, 2, 3))) == "any of its 3 pages"


def test_an_empty_set_is_described() -> None:
    bare = make_description(0).changed(counts=(), shown=(), positions=(), hidden=0, funnel=(), lengths=(), tiers=())
    assert next(iter(lines_of(bare))) == "examples   0: none"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("stats") / "harbour")
    with (folder / "raftune.toml").open("a") as settings:
        settings.write('[verify]\nverifiers = []\n[assemble]\ndistractors = 0\nsplit_by = "question"\n')
    raftune(folder, "run", "-q", "--until", "describe")
    return folder


def test_a_project_is_described(project: Path) -> None:
    found = json.loads(raftune(project, "stats", "--json"))
    assert sum(cell["examples"] for cell in found["counts"]) > 3
    assert {one["name"] for one in found["coverage"]} == {"harbour-fees.pdf", "항만 규정.md"}
    assert raftune(project, "stats").startswith("examples ")


def test_an_example_of_a_project_is_shown(project: Path) -> None:
    rows = [json.loads(line) for line in raftune(project, "show", "assemble", "-n", "99", "--json").splitlines()]
    shown = next(row for row in rows if row["oracle"] is not None)
    lines = raftune(project, "show", "example", shown["id"][:12])
    assert f"★ oracle · {shown['source']}" in lines
    assert f"»{shown['quotes'][0]['text']}«" in lines
    assert json.loads(raftune(project, "show", "example", shown["id"], "--json"))["id"] == shown["id"]
