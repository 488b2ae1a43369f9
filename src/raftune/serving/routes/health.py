"""Whether the service is up and can answer, and its figures for Prometheus."""

from fastapi import APIRouter
from fastapi.responses import Response

from raftune.serving.refusals import Refusal
from raftune.serving.service import TheService

router = APIRouter()
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(service: TheService) -> dict[str, str]:
    """Requests are answered: there is a model, and room in the line. 503 where not."""
    if not service.catalogue.all() or service.turnstile.full:
        raise Refusal(503, "The service cannot take a request now.")
    return {"status": "ok"}


@router.get("/metrics")
async def metrics(service: TheService) -> Response:
    """All figures."""
    return Response(service.measures.page(), media_type=TEXT)
