"""A platform that behaves as told: OpenAI's fine-tuning API, and Azure's deployments, over HTTP."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

KEY = "key-of-the-tests"
CSV = (
    "\ufeffstep,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy,full_valid_loss\n"
    "1,2.0,0.5,,,\n2,1.0,0.75,1.5,0.6,1.25\n"
)


@dataclass
class Double:
    """What it was asked, and how it answers: `statuses` of a job one after the other, `refusals` by path and times."""

    statuses: tuple[str, ...] = ("validating_files", "queued", "running", "succeeded")
    refusals: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    deployment_states: tuple[str, ...] = ("Creating", "Succeeded")
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    looked: Counter[str] = field(default_factory=Counter)
    deployments: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    key_header: str = ""  # the only header that a key is taken from; "": Authorization or api-key
    slow: float = 0.0
    slow_after: float = 0.0

    def app(self) -> Starlette:
        routes = [
            Route("/{lead:path}/files", self.add_file, methods=["POST"]),
            Route("/{lead:path}/files", self.list_files),
            Route("/{lead:path}/files/{name}", self.file),
            Route("/{lead:path}/files/{name}/content", self.content),
            Route("/{lead:path}/fine_tuning/jobs", self.add_job, methods=["POST"]),
            Route("/{lead:path}/fine_tuning/jobs", self.list_jobs),
            Route("/{lead:path}/fine_tuning/jobs/{name}", self.job),
            Route("/{lead:path}/fine_tuning/jobs/{name}/events", self.events),
            Route("/{lead:path}/fine_tuning/jobs/{name}/checkpoints", self.checkpoints),
            Route("/{lead:path}/deployments/{name}", self.deployment, methods=["PUT", "GET", "DELETE"]),
        ]
        return Starlette(routes=routes)

    def refused(self, request: Request) -> Response | None:
        self.headers.append(dict(request.headers))
        taken = [self.key_header] if self.key_header else ["authorization", "api-key"]
        if not any(KEY in request.headers.get(name, "") for name in taken):
            return JSONResponse({"error": {"message": "no key", "code": "invalid_api_key"}}, 401)
        waiting = self.refusals.get(f"{request.method} {request.scope['path'].rsplit('/', 1)[-1]}", [])
        if not waiting:
            return None
        status, body = waiting.pop(0)
        return JSONResponse(body, status, {"retry-after": "0"})

    async def add_file(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        form = await request.form()
        upload: Any = form["file"]
        await asyncio.sleep(self.slow)
        name = f"file-{len(self.files)}"
        self.contents[name] = await upload.read()
        await form.close()
        facts = {
            "id": name,
            "object": "file",
            "bytes": len(self.contents[name]),
            "created_at": 1,
            "status": "processed",
        }
        self.files[name] = {**facts, "filename": upload.filename, "purpose": "fine-tune"}
        await asyncio.sleep(self.slow_after)
        return JSONResponse(self.files[name])

    async def list_files(self, request: Request) -> Response:
        return self.refused(request) or JSONResponse(page(list(self.files.values())))

    async def file(self, request: Request) -> Response:
        found = self.files.get(request.path_params["name"])
        missing = JSONResponse({"error": {"message": "no such file"}}, 404)
        return self.refused(request) or (JSONResponse(found) if found else missing)

    async def content(self, request: Request) -> Response:
        return self.refused(request) or PlainTextResponse(CSV)

    async def add_job(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        asked = await request.json()
        await asyncio.sleep(self.slow)
        name = f"ftjob-{len(self.jobs)}"
        facts = {"id": name, "object": "fine_tuning.job", "created_at": 1, "organization_id": "o", "result_files": []}
        numbers = asked["method"]["supervised"]["hyperparameters"]
        self.jobs[name] = {**asked, **facts, "status": self.statuses[0], "hyperparameters": numbers}
        await asyncio.sleep(self.slow_after)
        return JSONResponse(self.jobs[name])

    async def list_jobs(self, request: Request) -> Response:
        return self.refused(request) or JSONResponse(page(list(self.jobs.values())))

    async def job(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        name = request.path_params["name"]
        status = self.statuses[min(self.looked[name], len(self.statuses) - 1)]
        self.looked[name] += 1
        found = self.jobs[name]
        found["status"] = status
        if status == "succeeded":
            found |= {"fine_tuned_model": f"ft:{found['model']}:o::{name}", "result_files": ["file-result"]}
        if status == "failed":
            found["error"] = {"code": "invalid_training_file", "message": "row 3 is unsafe", "param": None}
        return JSONResponse(found)

    async def events(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        name = request.path_params["name"]
        made = [
            {
                "id": f"ftevent-{number}",
                "object": "fine_tuning.job.event",
                "created_at": number,
                "level": "info",
                "message": f"Step {number}",
                "type": "metrics",
                "data": {"step": number, "total_steps": 9, "train_loss": 1.0},
            }
            for number in range(1, 1 + self.looked[name])
        ]
        return JSONResponse(page(made[::-1]))

    async def checkpoints(self, request: Request) -> Response:
        name = request.path_params["name"]
        rows = [
            {
                "id": f"ftckpt-{step}",
                "object": "fine_tuning.job.checkpoint",
                "created_at": step,
                "fine_tuned_model_checkpoint": f"ft:{name}:ckpt-step-{step}",
                "fine_tuning_job_id": name,
                "step_number": step,
                "metrics": {"full_valid_loss": loss},
            }
            for step, loss in ((3, 1.5), (2, 1.0), (1, 2.0))
        ]
        return self.refused(request) or JSONResponse(page(rows))

    async def deployment(self, request: Request) -> Response:
        if refused := self.refused(request):
            return refused
        name = request.path_params["name"]
        if request.method == "PUT":
            self.deployments[name] = {**json.loads(await request.body()), "path": request.scope["raw_path"].decode()}
        if name not in self.deployments:
            return JSONResponse({"error": {"code": "ResourceNotFound"}}, 404)
        if request.method == "DELETE":
            del self.deployments[name]
            return Response(status_code=204)
        state = self.deployment_states[min(self.looked[name], len(self.deployment_states) - 1)]
        self.looked[name] += 1
        return JSONResponse({"properties": {"provisioningState": state}}, 201)


def page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A list as the API gives it."""
    return {"object": "list", "data": rows, "has_more": False}


@contextmanager
def standing(double: Double) -> Iterator[str]:
    """The address of a platform that is up."""
    server = uvicorn.Server(uvicorn.Config(double.app(), port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
