"""The cockpit in a real browser over a real project: reviewing by keyboard, watching a run, asking, auditing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from raftune.reviewing.folding import fold
from tests.web.cockpits import Process, decisions, make_project

pytestmark = pytest.mark.slow
CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parents[1] / "web" / "vendored" / "axe.min.js"
PAGES = (
    "pipeline", "documents", "review", "review?state=all", "review/bulk", "training", "results", "results/rows",
    "results/compare", "chat", "audit", "settings", "blind", "rows/verify", "rows/ingest?rejected=", "nowhere",
)  # fmt: skip
SIZES = ((1366, 768), (390, 844))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was run to its report."""
    folder = make_project(tmp_path_factory.mktemp("cockpit") / "harbour")
    api.run(api.open_project(folder), Quiet())
    return folder


@pytest.fixture
def project(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "harbour"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextmanager
def opened(browser: Any, folder: Path, size: tuple[int, int] = SIZES[0]) -> Iterator[tuple[Any, str, Process]]:
    """A page that was let in as Ada, its address, and the server; nothing may be asked of another machine."""
    process = Process(folder)
    link = process.start()
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
    asked, faults = set[str](), []
    context.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    url = link.split("/enter")[0]
    try:
        page.goto(link)
        page.goto(f"{url}/settings")
        page.fill("#who", "Ada")
        page.click(".narrow button.primary")
        yield page, url, process
        assert asked == {url.removeprefix("http://")}
        assert faults == []
    finally:
        context.close()
        process.stop()


def told(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('#said') && document.querySelector('#said').textContent.includes(words)",
        arg=words,
    )


def question(page: Any) -> str:
    return str(page.inner_text("#question"))


def press(page: Any, key: str, words: str) -> None:
    """A key that decides; the next question is there afterwards."""
    before = page.evaluate("document.querySelector('.item')?.getAttribute('aria-labelledby') && location.href")
    page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before", arg=before)
    told(page, words)


def test_twenty_answers_are_reviewed_by_keyboard_and_a_run_uses_them(browser: Any, project: Path) -> None:
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/review")
        for _ in range(8):
            press(page, "a", "Accepted")
        page.keyboard.press("e")
        page.wait_for_selector("#edit-text:focus")
        page.keyboard.press("Control+a")
        page.keyboard.type("What has a ship to pay at that berth?")
        page.keyboard.press("Control+Enter")
        told(page, "Edited")
        page.reload()
        assert len(decisions(project)) == 9
        for reason in ("1", "3", "9"):
            page.keyboard.press("r")
            page.wait_for_selector("#reject[open]")
            press(page, reason, "Rejected")
        left = question(page)
        press(page, "a", "Accepted")
        press(page, "u", "Taken back")
        assert question(page) == left
        page.keyboard.press("f")
        told(page, "Flagged")
        press(page, "a", "Accepted")
        page.keyboard.press("e")
        page.wait_for_selector("#edit-text:focus")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type("one hundred coins")
        page.keyboard.press("Control+Enter")
        told(page, "Edited")
        for _ in range(6):
            press(page, "a", "Accepted")
        page.keyboard.press("s")
        page.wait_for_timeout(300)
        page.keyboard.press("k")
        page.wait_for_timeout(300)
    lines = decisions(project)
    held = fold(api.open_project(project).inputs()[1])
    assert [row["verdict"] for row in lines].count("undo") == 1
    counts = {verdict: sum(one.verdict == verdict for one in held.values()) for verdict in ("accept", "edit", "reject")}
    assert counts == {"accept": 15, "edit": 2, "reject": 3}
    assert {one.who for one in held.values()} == {"Ada"}
    result = api.run(api.open_project(project), Quiet(), until="review")
    assert result.meter.usage.requests == 0
    approved = {row.id: row for row in api.stored(api.open_project(project), "review")}
    offered = {row.id for row in api.stored(api.open_project(project), "verify")}
    rejected = {name for name, one in held.items() if one.verdict == "reject"}
    edited = {name for name, one in held.items() if one.verdict == "edit"}
    assert offered - set(approved) == rejected | edited
    texts = [(row.text, row.final, row.author) for name, row in approved.items() if name not in offered]  # type: ignore[attr-defined]
    assert any(text == "What has a ship to pay at that berth?" for text, _, _ in texts)
    assert any(final == "one hundred coins" for _, final, _ in texts)
    assert all(author.endswith("edited by Ada") for _, _, author in texts)


def test_an_edit_with_a_quote_that_stands_nowhere_comes_back(browser: Any, project: Path) -> None:
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/review")
        page.keyboard.press("e")
        page.wait_for_selector("#edit-text:focus")
        page.fill("#edit-quotes", "The fee is nothing at all.")
        page.keyboard.press("Control+Enter")
        told(page, "not in the passage")
        assert page.input_value("#edit-quotes") == "The fee is nothing at all."
    assert decisions(project) == []


def test_a_killed_server_loses_at_most_the_key_at_hand(browser: Any, project: Path) -> None:
    """It is killed after each key, without a word; the browser's page goes on with the next server."""
    with opened(browser, project) as (page, url, process):
        page.goto(f"{url}/review")
        for number in range(1, 6):
            press(page, "a", "Accepted")
            process.kill()
            assert len(decisions(project)) == number
            process.start()
            page.reload()
            assert f"{number} of 36" in page.inner_text(".going")
        page.keyboard.press("a")
        process.kill()
        assert len(decisions(project)) in (5, 6)
        process.start()
        page.reload()
        assert f"{len(decisions(project))} of 36" in page.inner_text(".going")


def test_two_tabs_do_not_fight(browser: Any, project: Path) -> None:
    with opened(browser, project) as (page, url, _):
        other = page.context.new_page()
        page.goto(f"{url}/review")
        other.goto(f"{url}/review")
        first = question(page)
        press(page, "a", "Accepted")
        press(other, "a", "Accepted")
        assert question(page) == question(other) != first
    assert len(decisions(project)) == 1


def test_a_run_is_watched_live(browser: Any, tmp_path: Path) -> None:
    project = make_project(tmp_path / "harbour")
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/pipeline")
        assert page.locator(".stage.stored").count() == 0
        page.click("text=Start or go on")
        page.wait_for_selector("#stop")
        page.wait_for_function("() => document.querySelectorAll('.stage.stored').length >= 3", timeout=60_000)
        page.wait_for_function("() => document.querySelectorAll('.stage.stored').length === 14", timeout=120_000)
        page.wait_for_selector("#stop", state="detached", timeout=20_000)
        page.goto(f"{url}/training")
        assert page.locator(".chart polyline").count() >= 2
        page.goto(f"{url}/results")
        assert page.frame_locator("iframe.report").locator("h1").inner_text()
    assert (project / "report.html").exists()


def test_a_run_is_stopped_and_goes_on(browser: Any, tmp_path: Path) -> None:
    project = make_project(tmp_path / "harbour")
    (project / "raftune.toml").write_text(
        (project / "raftune.toml").read_text().replace("epochs = 2", "epochs = 400"), encoding="utf-8"
    )
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/pipeline")
        page.click("text=Start or go on")
        page.wait_for_selector(".stage.running:has-text('Train') progress", timeout=60_000)
        page.goto(f"{url}/training")
        page.wait_for_selector(".chart polyline", timeout=20_000)
        page.goto(f"{url}/pipeline")
        page.click("#stop")
        page.wait_for_selector("text=The last run was stopped", timeout=30_000)
        assert page.locator(".stage.stopped").count() == 1


def test_a_run_that_waits_for_review_says_so(browser: Any, project: Path) -> None:
    with (project / "raftune.toml").open("a") as file:
        file.write("[review]\nrequired = true\n")
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/pipeline")
        page.click("text=Start or go on")
        page.wait_for_selector(".stage.waiting:has-text('Review')", timeout=60_000)
        page.click("text=To the review desk")
        assert question(page)


def test_both_models_are_asked_and_a_reply_is_judged(browser: Any, project: Path) -> None:
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/chat")
        page.fill("#ask", "What is the fee for berth 3?")
        page.keyboard.press("Enter")
        page.wait_for_selector(".vote >> nth=1", timeout=120_000)
        assert page.locator(".reply").count() == 2
        assert "berth 3" in page.text_content(".turn details")
        page.fill(".vote input[name=note] >> nth=0", "Nonsense.")
        page.click("button[value=down] >> nth=0")
        page.wait_for_selector("text=Noted as bad")
    (line,) = decisions(project)
    assert (line["verdict"], line["text"], line["reason"], line["who"]) == (
        "down", "What is the fee for berth 3?", "Nonsense.", "Ada",
    )  # fmt: skip
    assert fold(api.open_project(project).inputs()[1]) == {}


def test_a_file_is_audited(browser: Any, project: Path) -> None:
    rows = next((project / ".raftune" / "objects" / "assemble").rglob("rows-*.jsonl"))
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/audit")
        page.set_input_files("#file", rows)
        page.click("text=Look for faults")
        page.wait_for_selector("#audit-title")
        assert "36" in page.inner_text("#audit-title")


def test_korean_labels(browser: Any, project: Path) -> None:
    with opened(browser, project) as (page, url, _):
        page.goto(f"{url}/review")
        page.click("button[lang=ko]")
        page.wait_for_selector("html[lang=ko]")
        assert page.url.startswith(f"{url}/review")
        assert "승인" in page.inner_text(".actions")
        page.keyboard.press("a")
        told(page, "승인했습니다")
        for name, words in (("pipeline", "파이프라인"), ("documents", "문서"), ("chat", "대화"), ("audit", "감사")):
            page.goto(f"{url}/{name}")
            assert words in page.inner_text("h1")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_access(browser: Any, project: Path, size: tuple[int, int], theme: str) -> None:
    with opened(browser, project, size) as (page, url, _):
        page.goto(f"{url}/settings")
        page.select_option("#theme", theme)
        page.click(".narrow button.primary")
        page.goto(f"{url}/documents")
        document = page.locator("table.files a").first.get_attribute("href")
        found = {}
        for name in (*PAGES, document.strip("/")):
            page.goto(f"{url}/{name}")
            page.wait_for_timeout(400)
            found[name] = [*serious(page), *too_wide(page)]
    assert {name: faults for name, faults in found.items() if faults} == {}


def serious(page: Any) -> list[str]:
    """What axe-core finds, serious or critical. It is handed to the page's world past the page's own policy."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    rules = (
        "axe.run(document, {iframes: false}).then(found => JSON.stringify(found.violations.filter("
        "one => ['serious', 'critical'].includes(one.impact)).map("
        "one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' | '))))"
    )
    answer = session.send("Runtime.evaluate", {"expression": rules, "awaitPromise": True, "returnByValue": True})
    import json

    return list(json.loads(answer["result"]["value"]))


def too_wide(page: Any) -> list[str]:
    """That a page has to be pushed sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{over} pixels too wide"] if over > 0 else []
