import base64
import hashlib
import html as entities
import pkgutil
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from raftune import metrics
from raftune.judging.grader import GRADED
from raftune.render.page import html, position, strings, summary
from raftune.report_records import CurvePoint
from raftune.stages.report import ReportConfig
from raftune.tables import MACRO_F1
from raftune.verdict import points
from tests.made_up import make_example, make_examples, make_prediction, make_predictions, make_report

SECONDS = {"ingest": 12.34, "train": 1874.5, "predict": 0.0}
CHROMIUM = shutil.which("chromium")
PAYLOADS = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "</style><svg onload=document.title='owned'>",
    "{{ 7 * 7 }}{% for x in y %}",
    "]]>&amp;<!--",
    "' onmouseover='document.title=1",
)


class Page(HTMLParser):
    """Tags with their attributes, and each <data> element as key -> (value, text)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, tuple[str, str]] = {}
        self.key: str | None = None
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "data":
            self.key = dict(attrs)["data-key"]
            self.data[self.key] = (dict(attrs)["value"], "")

    def handle_data(self, data):
        if self.key:
            self.data[self.key] = (self.data[self.key][0], data)

    def handle_endtag(self, tag):
        if tag == "data":
            self.key = None


@cache
def made_up(language="en", folder="report"):
    """A report about 45 questions with a curve; a temporary folder is not needed for what a page shows."""
    import tempfile

    examples = make_examples(45, language)
    predictions = make_predictions(examples, {"base": (0.4, False), "tuned": (0.8, True)})
    with tempfile.TemporaryDirectory() as place:
        report = make_report(
            Path(place) / folder, predictions, examples, ReportConfig(language=language, title="규정", note="By hand.")
        )
    curve = tuple(CurvePoint(step=step, train_loss=2 / step, validation_loss=None) for step in (1, 2, 3))
    return report.model_copy(update={"curve": curve})


def hostile():
    """A report in which every text is a payload."""
    import tempfile

    everything = " ".join(PAYLOADS)
    examples = [
        make_example(text=everything, documents=(everything, f"Fee: {payload}"), oracle=0, reference=payload,
                     group=payload, source=payload)
        for payload in PAYLOADS
    ]  # fmt: skip
    predictions = [
        make_prediction(
            example, system, f"##begin_quote##{everything}##end_quote## {everything}\n<ANSWER>: {payload}", payload
        )
        for system in ("base", "tuned")
        for example, payload in zip(examples, PAYLOADS, strict=True)
    ]
    with tempfile.TemporaryDirectory() as place:
        report = make_report(Path(place), predictions, examples, ReportConfig(title=everything, note=everything))
    return report.model_copy(
        update={"rejected": ((everything, 1),), "facts": ((everything, everything),), "warnings": (everything,)}
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_numbers_of_the_page_are_those_of_the_json(language):
    report = made_up(language)
    numbers, page = summary(report, SECONDS), Page(html(report, SECONDS))
    expected = {}
    for part, names in (("metrics", ("value", "low", "high")), ("differences", ("value", "low", "high", "detectable"))):
        for row in numbers[part]:
            key = "/".join([part, row["metric"], *([row["system"]] if part == "metrics" else [])])
            signed = part == "differences"
            expected |= {
                f"{key}/{name}": (str(row[name]), points(row[name], signed=signed and name != "detectable"))
                for name in names
            }
    for row in numbers["differences"]:
        expected[f"differences/{row['metric']}/p_family"] = (str(row["p_family"]), probability(row["p_family"]))
        if row["paired"]:
            expected[f"paired/{row['metric']}/p"] = (str(row["paired"]["p"]), probability(row["paired"]["p"]))
    for row in numbers["errors"]:
        expected[f"errors/{row['cause']}/{row['system']}/count"] = (str(row["count"]), str(row["count"]))
    expected |= {f"seconds/{stage}": (str(taken), str(taken)) for stage, taken in numbers["seconds"].items()}
    assert len(expected) > 80
    assert page.data == expected


def probability(p):
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


def test_the_json_has_what_the_reference_promises():
    numbers = summary(made_up(), SECONDS)
    assert {"verdict", "helped", "systems", "metrics", "differences", "seconds"} <= set(numbers)
    assert {"metric", "system", "value", "low", "high", "n", "failed"} <= set(numbers["metrics"][0])
    assert numbers["seconds"]["ingest"] == 12.3
    assert "rows" not in numbers


def test_the_page_shows_the_verdict_the_note_and_each_section():
    report = made_up()
    page = entities.unescape(html(report, SECONDS))
    assert f"<h1>{report.verdict}</h1>" in page
    assert "By hand." in page
    names = (
        "trust",
        "chart",
        "differences",
        "paired",
        "abstention",
        "anatomy",
        "slices",
        "curve",
        "funnel",
        "rows",
        "seconds",
        "method",
    )
    assert [name for name in names if f'<h2 id="{name}">' not in page] == []
    assert page.count('<details class="row ') == 45
    assert "begin_quote" not in page


def test_the_korean_page_is_korean():
    page = html(made_up("ko"), SECONDS)
    assert '<html lang="ko">' in page
    assert "짝지은 차이" in page
    assert "Paired differences" not in page


def test_the_page_asks_nobody_for_anything():
    page = Page(html(made_up(), SECONDS))
    names = {name for _, attributes in page.tags for name in attributes}
    assert {"src", "style", "srcset", "background", "poster", "action", "ping"}.isdisjoint(names)
    assert not any(name.startswith("on") for name in names)
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "img", "iframe", "link", "object", "embed", "base", "form"}
    )
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in page.tags)


def test_the_policy_names_the_one_style():
    page = html(made_up(), SECONDS)
    css = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert css is not None
    assert "url(" not in css.group(1)
    assert "@import" not in css.group(1)
    digest = base64.b64encode(hashlib.sha256(css.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in page


def test_every_text_is_escaped():
    text = html(hostile(), {"<b>train</b>": 1.0})
    page = Page(text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "b"})
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "{{ 7 * 7 }}" in text
    assert text.count("</style>") == 1


def test_an_empty_report_still_makes_a_page():
    parts = ("metrics", "differences", "slices", "abstentions", "funnel", "curve", "rows", "facts")
    bare = made_up().model_copy(update=dict.fromkeys(parts, ()))
    assert "<h1>" in html(bare, {})


def test_both_languages_have_the_same_words():
    assert shape(strings("en")) == shape(strings("ko"))
    files = {module.name for module in pkgutil.iter_modules(metrics.__path__)}
    assert set(strings("en")["metrics"]) == files | set(GRADED) | {MACRO_F1}


def shape(texts):
    return {key: shape(value) if isinstance(value, dict) else None for key, value in texts.items()}


def test_positions_on_an_axis():
    assert position(0.25) == "25.00%"
    assert position(0.0, -1) == "50.00%"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
def test_a_browser_runs_no_script_and_draws_the_page(tmp_path):
    page = tmp_path / "report.html"
    page.write_text(html(hostile(), SECONDS), encoding="utf-8")
    assert "<title>owned</title>" not in browser(tmp_path, "--dump-dom", page.as_uri()).stdout
    page.write_text(html(made_up("ko"), SECONDS), encoding="utf-8")
    for width in (390, 1280):
        shot = tmp_path / f"{width}.png"
        run = browser(
            tmp_path, "--enable-logging=stderr", f"--screenshot={shot}", f"--window-size={width},2000", page.as_uri()
        )
        assert "Content Security Policy" not in run.stderr
        assert shot.stat().st_size > 50_000


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize(("tuned", "words"), [(0.6, "No difference between"), (0.95, "The tuned model is better")])
def test_a_browser_shows_the_verdict_and_500_rows_of_a_null_result_and_of_a_good_one(tmp_path, tuned, words):
    examples = make_examples(500)
    predictions = make_predictions(examples, {"base": (0.6, True), "tuned": (tuned, True)})
    report = make_report(tmp_path / "report", predictions, examples, ReportConfig(rows=500))
    page = tmp_path / "report.html"
    page.write_text(html(report, SECONDS), encoding="utf-8")
    assert page.stat().st_size < 5_000_000
    control = tmp_path / "control.html"
    control.write_text('<img src="http://elsewhere.invalid/a.png">', encoding="utf-8")
    assert "elsewhere.invalid" in hosts_asked(tmp_path, control)
    run = browser(tmp_path, "--enable-logging=stderr", "--dump-dom", page.as_uri())
    assert "CONSOLE" not in run.stderr
    assert hosts_asked(tmp_path, page) == set()
    drawn = Page(run.stdout)
    assert entities.unescape(run.stdout).count(f"<h1>{words}") == 1
    assert sum(tag == "details" and "row" in (given["class"] or "").split() for tag, given in drawn.tags) == 500
    assert sum(tag == "svg" for tag, _ in drawn.tags) > 20


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_fits_a_phone(tmp_path, language):
    inner = tmp_path / "report.html"
    inner.write_text(html(made_up(language), SECONDS).replace("<details", "<details open"), encoding="utf-8")
    outer = tmp_path / "frame.html"
    outer.write_text(
        '<iframe src="report.html" width="320" height="900"></iframe><script>onload = () => {'
        " const page = document.querySelector('iframe').contentDocument.documentElement;"
        " document.title = page.scrollWidth; };</script>",
        encoding="utf-8",
    )
    dump = browser(tmp_path, "--allow-file-access-from-files", "--dump-dom", outer.as_uri()).stdout
    width = re.search(r"<title>(\d+)</title>", dump)
    assert width is not None
    assert int(width.group(1)) <= 320


def hosts_asked(folder, page):
    """The hosts that the browser asks for a page, those of its own maker aside."""
    log = folder / "hosts.json"
    browser(folder, f"--log-net-log={log}", "--dump-dom", page.as_uri())
    asked = set(re.findall(r'"url":"https?://([^/"]+)', log.read_text(encoding="utf-8")))
    return {host for host in asked if not host.endswith(("google.com", "googleapis.com", "gvt1.com"))}


def browser(folder, *options):
    """A headless run of the browser with a profile of its own."""
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *quiet, profile, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
