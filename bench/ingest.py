"""How documents are read: recall of words and numbers, quotes inside one chunk, pages a second, memory.

    python bench/ingest.py [--json] [--join N] FOLDER

FOLDER holds documents, text/NAME.jsonl (`page`, `text`: what each page says) and questions.jsonl (`file`, `pages`,
`evidence`: a quote). All of them go through the real stages with default settings in a temporary project. How recall
is counted is said in recall.py. A quote counts as found when it stands inside one chunk, and its page as right when
its place in the document lies on pages that the question names.

Speed is measured on the PDFs with a text layer on nine of ten pages or more, beside what is often written instead:
pdf2image draws every page at 200 dots per inch with poppler, pypdf extracts the text; once as it comes, in one process
at a time, once with a poppler a core. `--join N` joins those PDFs, again and again, to one of N pages and measures that
instead. Memory is the highest sum, over the benchmark and all its children, of the most that each has held, looked at
twenty times a second.

Needs poppler's pdftoppm and `pip install raftune[bench]`.
"""

import argparse
import contextlib
import importlib.metadata
import itertools
import json
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memory_held import watched
from raftune import api
from raftune.cli.watch import Lines, Quiet
from raftune.errors import DocumentError
from raftune.records import Chunk, Document
from recall import Scores, find_quote, running_lines, scores, without_running

DOTS_PER_INCH = 200
ROUNDS = 2  # in turn, the best of each counts: other work on the machine slows one or the other
FEWEST_CHARACTERS = 20
TEXT_SHARE = 0.9
BESIDE = {"manifest.jsonl", "questions.jsonl"}

PACKAGES = ("raftune", "pypdfium2", "pdf2image", "pypdf", "rapidocr")


@dataclass(frozen=True)
class Run:
    """A project that was run: seconds and megabytes of both stages, documents and chunks, what was refused and why."""

    ingest_seconds: float = 0.0
    chunk_seconds: float = 0.0
    ingest_mb: float = 0.0
    chunk_mb: float = 0.0
    documents: tuple[Document, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)


def run(files: Sequence[Path], *, quiet: bool) -> Run:
    """Ingest and chunk over copies of these files, in a new project with default settings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "documents").mkdir()
        (folder / "raftune.toml").write_text("", encoding="utf-8")
        for file in files:
            shutil.copyfile(file, folder / "documents" / file.name)
        project, watcher = api.open_project(folder), Quiet() if quiet else Lines()
        try:
            with watched() as ingest:
                api.run(project, watcher, until="ingest")
        except DocumentError:
            return Run(refused={file.name: "none was read" for file in files})
        with watched() as chunk:
            api.run(project, watcher, until="chunk")
        ingested, chunked = api.stored(project, "ingest"), api.stored(project, "chunk")
        return Run(
            ingest.seconds,
            chunk.seconds,
            ingest.peak,
            chunk.peak,
            tuple(row for row in ingested if isinstance(row, Document)),
            tuple(row for row in chunked if isinstance(row, Chunk)),
            {reject["row"]: reject["reason"] for reject in ingested.rejects()},
        )


def rows(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file; none where it is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def documents_in(folder: Path) -> list[Path]:
    """The files that are to be read."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in BESIDE and not path.name.lower().startswith(("readme", "."))
    ]


def with_text_layer(files: Sequence[Path]) -> list[Path]:
    """The PDFs that hold text on nearly every page: covers and empty pages hold none."""
    return [file for file in files if file.suffix.lower() == ".pdf" and has_text_layer(file)]


def has_text_layer(file: Path) -> bool:
    """Whether a PDF has a text layer worth the name on nearly every page."""
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument(file)) as pdf:
        written = sum(pdf[number].get_textpage().count_chars() >= FEWEST_CHARACTERS for number in range(len(pdf)))
        return written >= TEXT_SHARE * len(pdf)


def recall_by_way(document: Document, truths: Sequence[dict[str, Any]]) -> dict[str, Scores]:
    """How much of the pages' truth was found, for each way of reading."""
    pages = {page.number: page for page in document.pages}
    running = running_lines(truth["text"] for truth in truths)
    found: defaultdict[str, Scores] = defaultdict(Scores)
    for truth in truths:
        page = pages.get(truth["page"])
        body = without_running(truth["text"], running)
        found[page.way if page else "missing"] += scores(truth["text"], body, page.text if page else "")
    return found


def recall_of(found: Scores) -> dict[str, Any]:
    """Recall as it is reported."""
    return {
        "word_recall": found.words.recall,
        "number_recall": found.numbers.recall,
        "word_recall_with_running_lines": found.all_words.recall,
    }


def quotes_in(document: Document, chunks: Sequence[Chunk], questions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many quotes stand inside one chunk, how many of those map to a right page, and those that fail."""
    found = right = 0
    failed = []
    for question in questions:
        pages = [
            {number for span in chunk.document_spans(*place) for number in document.pages_of(*span)}
            for chunk in chunks
            for place in find_quote(question["evidence"], chunk.text)
        ]
        mapped = any(one and one <= set(question["pages"]) for one in pages)
        found, right = found + bool(pages), right + mapped
        if not mapped:
            failed.append({"quote": question["evidence"], "found_on": sorted(set().union(*pages))})
    return {"quotes_found": found, "quotes_total": len(questions), "pages_right": right, "quotes_failed": failed}


def report_of(file: Path, whole: Run, seconds: float) -> dict[str, Any] | None:
    """What is reported of a file; None where it was not read."""
    document = next((one for one in whole.documents if one.path == file.name), None)
    if document is None:
        return None
    by_way = recall_by_way(document, rows(file.parent / "text" / f"{file.stem}.jsonl"))
    questions = [row for row in rows(file.parent / "questions.jsonl") if row["file"] == file.name and row["evidence"]]
    return {
        **recall_of(sum(by_way.values(), Scores())),
        "by_way": {way: recall_of(found) for way, found in sorted(by_way.items())},
        **quotes_in(document, [one for one in whole.chunks if one.document == document.id], questions),
        "way": dict(Counter(page.way for page in document.pages)),
        "warnings": dict(Counter(warning for page in document.pages for warning in page.warnings)),
        "seconds": round(seconds, 2),
        "pages": len(document.pages),
    }


def peer(files: Sequence[Path], threads: int) -> float:
    """Pages a second that pdf2image draws, on so many cores, and pypdf extracts the text of."""
    from pdf2image import convert_from_path
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    pages, begun = 0, time.monotonic()
    for file in files:
        reader = PdfReader(file)
        for first in range(0, len(reader.pages), 10):
            # Ten at a time: all images of a long document would not fit into memory.
            convert_from_path(file, DOTS_PER_INCH, first_page=first + 1, last_page=first + 10, thread_count=threads)
        pages += len([page.extract_text() for page in reader.pages])
    return round(pages / (time.monotonic() - begun), 2)


def joined(files: Sequence[Path], count: int, path: Path) -> None:
    """Writes a PDF of `count` pages: those of the files, over and over."""
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument.new()) as whole:
        for source in itertools.cycle([pypdfium2.PdfDocument(file) for file in files]):
            whole.import_pages(source, range(min(len(source), count - len(whole))))
            if len(whole) >= count:
                break
        whole.save(path)


def measure_join(files: Sequence[Path], count: int, *, quiet: bool) -> dict[str, Any]:
    """Seconds and memory for one PDF of `count` pages."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "joined.pdf"
        script = [sys.executable, __file__, "--write-join", str(path), "--join", str(count), str(files[0].parent)]
        subprocess.run(script, check=True)  # in another process: what joining takes is not to be counted
        done = run([path], quiet=quiet)
        size = path.stat().st_size
    pages = sum(len(document.pages) for document in done.documents)
    return {
        "pages": pages,
        "megabytes": round(size / 1e6, 1),
        "ingest_seconds": round(done.ingest_seconds, 1),
        "chunk_seconds": round(done.chunk_seconds, 1),
        "chunks": len(done.chunks),
        "pages_per_second": round(pages / done.ingest_seconds, 1) if pages else None,
        **peaks(done),
        "refused": done.refused,
        "versions": versions(),
    }


def measure(files: Sequence[Path], *, quiet: bool) -> dict[str, Any]:
    """All figures but those of a joined file."""
    whole = run(files, quiet=quiet)
    alone = {file: run([file], quiet=True).ingest_seconds for file in files if file.name not in whole.refused}
    reports = {file.name: report for file in alone if (report := report_of(file, whole, alone[file]))}
    texts = with_text_layer(list(alone))
    rounds = [side_by_side(texts) for _ in range(ROUNDS)] if texts else []
    own_rate, peer_rate = (max((one[side] for one in rounds), default=0.0) for side in range(2))
    return {
        "files": reports,
        **{
            name: sum(one[name] for one in reports.values()) for name in ("quotes_found", "quotes_total", "pages_right")
        },
        "pages_per_second": own_rate,
        "peer_pages_per_second": peer_rate,
        "peer_pages_per_second_on_all_cores": peer(texts, os.cpu_count() or 1) if texts else 0.0,
        "ratio": round(own_rate / peer_rate, 2) if peer_rate else None,
        **peaks(whole),
        "ingest_seconds": round(whole.ingest_seconds, 1),
        "chunk_seconds": round(whole.chunk_seconds, 1),
        "chunks": len(whole.chunks),
        "refused": whole.refused,
        "versions": versions(),
    }


def peaks(done: Run) -> dict[str, int]:
    """The most megabytes held at a time: over all, and in each stage."""
    stages = {"ingest_peak_mb": round(done.ingest_mb), "chunk_peak_mb": round(done.chunk_mb)}
    return {"peak_mb": max(stages.values()), **stages}


def side_by_side(texts: Sequence[Path]) -> tuple[float, float]:
    """Pages a second of raftune and of the peer, one after the other."""
    own = run(texts, quiet=True)
    pages = sum(len(document.pages) for document in own.documents)
    return round(pages / own.ingest_seconds, 2), peer(texts, 1)


def versions() -> dict[str, Any]:
    """What the figures were made with."""
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.platform(),
        "cores": os.cpu_count(),
    }
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    for program, option in (("pdftoppm", "-v"), ("tesseract", "--version")):
        if shutil.which(program):
            done = subprocess.run([program, option], capture_output=True, text=True, check=False)
            found[program] = (done.stdout + done.stderr).splitlines()[0]
    return found


def table(figures: dict[str, Any]) -> Iterator[str]:
    """The figures as lines of at most 80 columns."""
    if "files" in figures:
        yield f"{'file':<32}{'words':>7}{'numbers':>8}{'quotes':>7}{'pages':>6} {'way':<11}{'seconds':>8}"
        for name, one in figures["files"].items():
            quotes = f"{one['quotes_found']}/{one['quotes_total']}"
            way = " ".join(f"{way} {count}" for way, count in one["way"].items())
            shares = f"{share(one['word_recall']):>7}{share(one['number_recall']):>8}"
            yield f"{name[:31]:<32}{shares}{quotes:>7}{one['pages_right']:>6} {way[:11]:<11}{one['seconds']:>8.1f}"
    for name, value in figures.items():
        if name not in {"files", "versions"}:
            yield f"{name:<36}{value}"[:80]


def share(value: float | None) -> str:
    """A share of 1 in four places."""
    return "-" if value is None else f"{value:.4f}"


def main() -> None:
    """Prints a table, or with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--join", type=int, metavar="N", help="measure one PDF of N pages instead")
    parser.add_argument("--write-join", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    files = documents_in(options.folder.resolve())
    if options.write_join:
        joined(with_text_layer(files), options.join, options.write_join)
    elif options.join:
        show(measure_join(files, options.join, quiet=options.json), json_only=options.json)
    else:
        show(measure(files, quiet=options.json), json_only=options.json)


def show(figures: dict[str, Any], *, json_only: bool) -> None:
    """Prints the figures."""
    if json_only:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(table(figures)))


if __name__ == "__main__":
    main()
