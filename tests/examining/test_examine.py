from pathlib import Path

from raftune.examining.examine import examine
from tests.examining.endpoints import NUMBER
from tests.servers.openai import serving

ROLES = """
[teacher]
provider = "openai"
model = "gpt-4o-mini"
base_url = "{url}"
[judge]
model = "gpt-4o-mini"
base_url = "{url}"
[embedder]
provider = "openai"
model = "text-embedding-3-small"
input_price = 0.02
base_url = "{url}"
"""


def make_project(folder: Path, settings: str) -> Path:
    (folder / "documents").mkdir()
    (folder / "documents" / "fees.md").write_text("# Fees\n\nTwelve coins a day.\n")
    (folder / "raftune.toml").write_text(settings)
    return folder


def test_equal_roles_are_asked_once_and_what_it_took_is_counted(tmp_path: Path) -> None:
    with serving(text=NUMBER) as server:
        found = examine(make_project(tmp_path, ROLES.format(url=server.url)))
        paid = len(server.requests)
    assert list(dict.fromkeys(check.role for check in found.checks)) == [
        "machine", "parts", "project", "teacher, judge", "embedder",
    ]  # fmt: skip
    assert found.spent.requests == paid == 4
    assert found.spent.prompt_tokens > 0
    assert found.dollars is not None
    assert 0 < found.dollars < 0.001


def test_one_role_that_is_down_does_not_stop_the_others(tmp_path: Path) -> None:
    with serving() as server:
        settings = ROLES.format(url=server.url).replace(server.url, "http://127.0.0.1:9/v1", 1)
        found = examine(make_project(tmp_path, settings))
    failed = {check.role for check in found.checks if check.state == "fail"}
    assert failed == {"teacher"}
    assert {"judge", "embedder"} <= {check.role for check in found.checks if check.state == "ok"}


def test_an_address_with_a_password_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    found = examine(make_project(tmp_path, ROLES.format(url="http://me:hidden@h/v1")), offline=True)
    assert [check.code for check in found.checks if check.state == "fail"] == [2, 2]
    assert "hidden" not in repr(found)


def test_a_tokenizer_that_is_none_does_not_stop_the_examination(tmp_path: Path) -> None:
    settings = ROLES.format(url="http://127.0.0.1:9/v1").replace("[judge]", 'tokenizer = "none.json"\n[judge]')
    found = examine(make_project(tmp_path, settings), offline=True)
    assert [check.name for check in found.checks if check.state == "fail"] == ["requests"]
