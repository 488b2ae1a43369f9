"""A folder of bad files among good ones, through the real stage with real child processes: nothing stops the run,
nothing is missing, nothing is fetched."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from raftune import api
from raftune.cli.watch import Quiet
from raftune.records import Document
from raftune.sources import list_sources
from tests.bad_files import make_bad_files
from tests.bad_pdfs import READ
from tests.pdf_files import Printed, pdf_bytes

GOOD = {
    "good 1.pdf": pdf_bytes([[Printed("The Agency inspected 73 ports.", 700)], [Printed("Six were closed.", 700)]]),
    "good 2.md": b"# Ferries\n\nThe ferry leaves at nine.\n",
    "착한 3.txt": "여객선은 아홉 시에 출발한다. 요금은 12코인이다.\n".encode(),
}
QUICK = frozenset(
    {
        "truncated.pdf",
        "user password.pdf",
        "million pages.pdf",
        "javascript.pdf",
        "bomb.docx",
        "slip.docx",
        "billion laughs.docx",
        "remote entity.docx",
        "png named.pdf",
        "mixed encodings.txt",
        "loads.html",
    }
)
SECRETS = ("root:", "secret of the harbour", "Ignore all instructions", "alert(1)")


class Listener:
    """Counts who connects to a port of this machine."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        threading.Thread(target=self.listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/"

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.server.shutdown(socket.SHUT_RDWR)
    listener.server.close()


def project_of(folder: Path) -> api.Project:
    """A project with the good files, whose readers have little time and memory."""
    (folder / "documents").mkdir(parents=True)
    for name, data in GOOD.items():
        (folder / "documents" / name).write_bytes(data)
    (folder / "raftune.toml").write_text("[ingest]\nseconds = 30.0\nmegabytes = 3072\n", encoding="utf-8")
    return api.open_project(folder)


def endings(project: api.Project) -> tuple[dict[str, str], list[Document]]:
    """How each file ended in the last run: its reason, or "read"; and the documents."""
    artifact = api.stored(project, "ingest")
    documents = [row for row in artifact if isinstance(row, Document)]
    rejects = [(reject["row"], reject["reason"]) for reject in artifact.rejects()]
    read = [(path, READ) for path in {document.path for document in documents}]
    assert len(dict(rejects)) == len(rejects), "a file is refused twice"
    assert not dict(rejects).keys() & dict(read).keys(), "a file is read and refused"
    return dict(rejects + read), documents


def check(folder: Path, listener: Listener, only: frozenset[str] | None) -> None:
    """Each file ends as it should, none is missing, no secret is in what was read, and nobody called."""
    project = project_of(folder / "project")
    expected = make_bad_files(project.folder / "documents", listener.address, only)
    expected |= dict.fromkeys(GOOD, READ)
    api.run(project, Quiet(), until="ingest")
    found, documents = endings(project)
    assert found == expected
    assert len(found) == len(list_sources(project.folder / "documents"))
    assert [secret for secret in SECRETS for document in documents if secret in document.text] == []
    assert listener.connections == 0
    by_path = {document.path: document for document in documents}
    assert [page.text for page in by_path["good 1.pdf"].pages] == ["The Agency inspected 73 ports.", "Six were closed."]
    assert "아홉 시에 출발한다" in by_path["착한 3.txt"].text


def test_some_bad_files_of_each_kind(tmp_path: Path, listener: Listener) -> None:
    check(tmp_path, listener, QUICK)


@pytest.mark.slow
def test_all_bad_files(tmp_path: Path, listener: Listener) -> None:
    check(tmp_path, listener, None)
