"""/v1/files: what jobs learn from and what they leave."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import FileResponse

from raftune.serving.pages import After, page
from raftune.serving.refusals import Refusal
from raftune.serving.service import TheService, tuner_of
from raftune.tuning.uploads import TooLarge, Upload, Uploads

router = APIRouter()

PART = 1 << 20
ONLY = "Files are for fine-tuning here: set purpose to fine-tune."


@router.post("/v1/files")
async def create(service: TheService, file: UploadFile, purpose: Annotated[str, Form()]) -> dict[str, Any]:
    """Keeps a file."""
    if purpose != "fine-tune":
        raise Refusal(400, ONLY, param="purpose", code="invalid_value")
    most = int(service.config.file_megabytes * 1e6)
    try:
        made = await tuner_of(service).uploads.add(parts(file), file.filename or "file", "fine-tune", most)
    except TooLarge:
        message = f"Files may have {service.config.file_megabytes:g} MB at most."
        raise Refusal(413, message, param="file") from None
    return made.model_dump()


async def parts(file: UploadFile) -> AsyncIterator[bytes]:
    """The bytes of an upload, a megabyte at a time."""
    while part := await file.read(PART):
        yield part


@router.get("/v1/files")
async def files(
    service: TheService,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000,
    order: Literal["asc", "desc"] = "desc",
    purpose: str | None = None,
) -> dict[str, Any]:
    """The files, the newest first unless asked otherwise."""
    found = [one for one in tuner_of(service).uploads.all() if purpose in (None, one.purpose)]
    return page(found if order == "desc" else found[::-1], lambda one: one.id, Upload.model_dump, after, limit)


@router.get("/v1/files/{name}")
async def file(name: str, service: TheService) -> dict[str, Any]:
    """What is known of a file."""
    return known(tuner_of(service).uploads, name).model_dump()


@router.get("/v1/files/{name}/content")
async def content(name: str, service: TheService) -> FileResponse:
    """The bytes of a file."""
    uploads = tuner_of(service).uploads
    return FileResponse(uploads.path(known(uploads, name)), media_type="application/octet-stream")


@router.delete("/v1/files/{name}")
async def delete(name: str, service: TheService) -> dict[str, Any]:
    """Deletes a file. A job that has begun goes on without it."""
    uploads = tuner_of(service).uploads
    uploads.remove(known(uploads, name))
    return {"id": name, "object": "file", "deleted": True}


def known(uploads: Uploads, name: str) -> Upload:
    """The file of that id. Raises Refusal (404)."""
    found = uploads.find(name)
    if found is None:
        raise Refusal(404, f"No such File object: {name[:100]}", param="id")
    return found
