"""The audit page: a training file is dropped, and every fault it has is listed."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from raftune import api
from raftune.audited import AuditOptions
from raftune.auditing import audit as look
from raftune.auditing.files import SUFFIXES
from raftune.auditing.report import AuditReport
from raftune.errors import ConfigError
from raftune.web.visiting import TheVisit

router = APIRouter(prefix="/audit")
EXAMPLES = 3
OWN = "assemble"


@router.get("")
def audit(visit: TheVisit) -> Response:
    """The page."""
    return visit.page("audit", here="audit", report=None, name="", ready=bool(visit.project.journal.last(OWN)))


@router.post("")
def dropped(visit: TheVisit, file: Annotated[UploadFile, File()]) -> Response:
    """Looks for faults in a file; it is not kept."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name[:200]
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        texts = visit.words["audit"]
        raise ConfigError(texts["wrong_kind"], texts["kinds"].format(kinds=", ".join(SUFFIXES)))
    with tempfile.TemporaryDirectory(prefix="raftune-audit-") as folder:
        path = Path(folder) / f"dropped{suffix}"
        with path.open("wb") as copy:
            while block := file.file.read(1 << 20):
                copy.write(block)
        report = look([path], AuditOptions(None, EXAMPLES), processes=1)
    return answer(visit, report, name)


@router.post("/own")
def own(visit: TheVisit) -> Response:
    """Looks for faults in the project's own examples."""
    folder = api.stored(visit.project, OWN).folder
    config = visit.project.settings.assemble
    share = config.oracle_share if config.without_oracle != "drop" else 1.0
    paths = sorted(folder.glob("rows-*.jsonl")) if folder else []
    return answer(visit, look(paths, AuditOptions(share, EXAMPLES), processes=1), visit.project.settings.name)


def answer(visit: TheVisit, report: AuditReport, name: str) -> Response:
    """What was found."""
    if visit.partial:
        return visit.page("audit_report", report=report, name=name)
    ready = bool(visit.project.journal.last(OWN))
    return visit.page("audit", here="audit", report=report, name=name, ready=ready)
