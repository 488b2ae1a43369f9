"""What became of the files of the corpus, in 80 columns."""

from collections.abc import Iterator, Mapping, Sequence

from raftune.cli.layout import COLUMNS, counted, fitted, wrapped
from raftune.overview import FileStatus, Totals

MOST_LINES = 40
NAME, KIND, PAGES = 34, 8, 6
INDENT = 10


def files_words(totals: Totals) -> str:
    """12 in = 10 read + 2 refused; 1 more came since."""
    more = f"; {totals.new:,} more came since" if totals.new else ""
    return f"{totals.files:,} in = {totals.read:,} read + {totals.refused:,} refused{more}"


def ways_words(ways: Mapping[str, int]) -> str:
    """Pages by the way they were read, the most common first: text 218, ocr 4."""
    counts = sorted(ways.items(), key=lambda item: -item[1])
    return ", ".join(f"{way} {count:,}" for way, count in counts)


def warnings_words(file: FileStatus) -> str:
    """How many warnings a file has, and the first of them."""
    page, first = file.warnings[0]
    if len(file.warnings) == 1:
        return f"page {page}: {first}"
    return f"{counted(len(file.warnings), 'warning')}, the first on page {page}: {first}"


def summary_lines(files: Sequence[FileStatus], totals: Totals, seconds: float | None) -> Iterator[str]:
    """Counts, then each file with a warning, then each refused one with its reason and advice."""
    pace = f"; {totals.pages / seconds:,.1f} pages/s" if seconds else ""
    yield from wrapped(files_words(totals), INDENT, "files")
    yield from wrapped(f"{totals.pages:,}: {ways_words(totals.ways)}{pace}", INDENT, "pages")
    if totals.documents != totals.read:
        yield from wrapped(f"{totals.documents:,}, since some files hold many", INDENT, "documents")
    warned = [file for file in files if file.warnings]
    refused = [file for file in files if file.state == "refused"]
    yield from block("warnings", [(file.path, warnings_words(file)) for file in warned])
    yield from block("refused", [(f"{file.path}: {file.reason}", file.detail) for file in refused])


def block(label: str, items: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Items with their details under one label, a few dozen of them at most."""
    for number, (item, details) in enumerate(items[:MOST_LINES]):
        yield from wrapped(item, INDENT, "" if number else label)
        if details:
            yield from wrapped(details, INDENT + 2)
    if len(items) > MOST_LINES:
        yield from wrapped(f"and {len(items) - MOST_LINES:,} more: raftune status --all", INDENT)


def table(files: Sequence[FileStatus], *, everything: bool) -> Iterator[str]:
    """A line a file: name, kind, pages, way read; under it its warnings, or why it was refused.

    Of very many files those in trouble come first, and the rest are counted.
    """
    shown = files if everything else worth_showing(files)
    yield f"{fitted('file', NAME)}  {fitted('kind', KIND)}  {'pages':>{PAGES}}  read as"
    for file in shown:
        rest = COLUMNS - NAME - KIND - PAGES - 6
        head = f"{fitted(file.path, NAME)}  {fitted(file.kind, KIND)}"
        if file.state == "read":
            yield f"{head}  {file.pages:>{PAGES},}  {fitted(ways_words(file.ways), rest).rstrip()}"
            if file.warnings:
                yield from wrapped(warnings_words(file), 4)
        elif file.state == "refused":
            yield f"{head}  {'':>{PAGES}}  refused: {file.reason}"
            if file.detail:
                yield from wrapped(file.detail, 4)
        else:
            yield f"{head}  {'':>{PAGES}}  not read yet"
    if len(shown) < len(files):
        yield f"and {len(files) - len(shown):,} more: raftune status --all"


def worth_showing(files: Sequence[FileStatus]) -> Sequence[FileStatus]:
    """The files to show where there are too many: those in trouble before others, in their order."""
    if len(files) <= MOST_LINES:
        return files
    places = sorted(range(len(files)), key=lambda place: files[place].state == "read" and not files[place].warnings)
    return [files[place] for place in sorted(places[:MOST_LINES])]
