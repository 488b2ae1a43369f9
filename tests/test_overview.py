"""No file is silently missing: files in = read + refused."""

from hypothesis import given
from hypothesis import strategies as st

from raftune.overview import as_json, files_of, totals_of
from raftune.records import Document, Page, Source

NAMES = st.lists(st.text("abc/항", min_size=1, max_size=5), unique=True, max_size=12)


def document(path: str, *ways: str, warnings: tuple[str, ...] = (), part: str = "") -> Document:
    pages = tuple(Page(number=n, text="x", way=way, warnings=warnings) for n, way in enumerate(ways, 1))
    return Document(
        path=path, part=part, sha256="s", media_type="application/pdf", title="", language="en", pages=pages
    )


@given(NAMES, st.data())
def test_every_file_is_read_or_refused_or_new(names: list[str], data: st.DataObject) -> None:
    fates = [data.draw(st.sampled_from(["read", "refused", "new"])) for _ in names]
    sources = [Source(path=name, sha256="s", size=1) for name in names]
    documents = [document(name, "text") for name, fate in zip(names, fates, strict=True) if fate == "read"]
    rejects = [
        {"row": source.id, "reason": "damaged", "detail": ""}
        for source, fate in zip(sources, fates, strict=True)
        if fate == "refused"
    ]
    files = files_of(documents, rejects, sources)
    assert sorted(file.path for file in files) == sorted(names)
    totals = totals_of(files)
    assert totals.files == totals.read + totals.refused
    assert [totals.read, totals.refused, totals.new] == [fates.count(fate) for fate in ("read", "refused", "new")]


def test_pages_ways_and_warnings_are_counted() -> None:
    documents = [document("a.pdf", "text", "text", "ocr", warnings=("dim",)), document("b.pdf", "ocr")]
    files = files_of(documents, [{"row": "link", "reason": "symbolic link", "detail": ""}])
    assert [(file.path, file.kind, file.pages, file.state) for file in files] == [
        ("a.pdf", "PDF", 3, "read"),
        ("b.pdf", "PDF", 1, "read"),
        ("link", "", 0, "refused"),
    ]
    assert files[0].warnings == [(1, "dim"), (2, "dim"), (3, "dim")]
    assert files[2].detail.startswith("Links are not followed")
    totals = totals_of(files)
    assert (totals.pages, totals.ways, totals.warnings) == (4, {"text": 2, "ocr": 2}, 3)
    assert as_json(files[0])["warnings"] == [{"page": n, "warning": "dim"} for n in (1, 2, 3)]


def test_a_file_of_many_documents_is_one_file() -> None:
    files = files_of([document("a.jsonl", "native", part="1"), document("a.jsonl", "native", part="2")], [])
    assert [(file.path, file.documents, file.pages) for file in files] == [("a.jsonl", 2, 2)]
