"""/v1/models: the names that a request may give."""

from typing import Any

from fastapi import APIRouter

from raftune.serving.catalogue import Served
from raftune.serving.refusals import Refusal
from raftune.serving.service import TheService, tuner_of

router = APIRouter()


@router.get("/v1/models")
async def models(service: TheService) -> dict[str, Any]:
    """Every model."""
    return {"object": "list", "data": [row(served) for served in service.catalogue.all()]}


@router.get("/v1/models/{name:path}")
async def model(name: str, service: TheService) -> dict[str, Any]:
    """One model; 404 where there is none of that name."""
    return row(service.catalogue.find(name))


@router.delete("/v1/models/{name:path}")
async def delete(name: str, service: TheService) -> dict[str, Any]:
    """Deletes a model that was tuned here; 404 for another."""
    if not tuner_of(service).forget(service.catalogue.find(name).name):
        raise Refusal(403, "Only models that were tuned by this service can be deleted.", param="model")
    return {"id": name, "object": "model", "deleted": True}


def row(served: Served) -> dict[str, Any]:
    """A model as the API shows it."""
    return {"id": served.name, "object": "model", "created": served.created, "owned_by": served.owned_by}
