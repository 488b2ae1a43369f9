"""The routes of files and batches."""

import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from tests.servers.openai.batches import ENDPOINTS
from tests.servers.openai.wire import Request, Response, error_response, json_response

if TYPE_CHECKING:
    from tests.servers.openai.server import Server

ROUTE = re.compile(r"/(files|batches)(?:/([\w-]+)(?:/(content|cancel))?)?")


def answer_files(server: "Server", path: str, request: Request) -> Response:
    """The answer to a request about files or batches."""
    match = ROUTE.fullmatch(path)
    if match is None:
        return error_response(404, f"Unknown request URL: {request.method} /v1{path}.", "unknown_url")
    kind, name, more = match.groups()
    found: Any
    if kind == "files":
        return about_file(server, request, name, more)
    if request.method == "POST" and not name:
        return create(server, request.body)
    if not name:
        return json_response(server.batches.page(request.query))
    found = server.batches.cancel(name) if more == "cancel" else server.batches.get(name)
    return json_response(found) if found else error_response(404, f"No batch found with id '{name}'.")


def create(server: "Server", body: dict[str, Any]) -> Response:
    """A new batch of a file that is there."""
    if server.storage.get(body.get("input_file_id", "")) is None:
        return error_response(400, "Invalid file id.", "invalid_file_id", "input_file_id")
    if body.get("endpoint") not in ENDPOINTS or body.get("completion_window") != "24h":
        return error_response(400, "Invalid endpoint or completion window.", None, "endpoint")
    return json_response(server.batches.create(body))


def about_file(server: "Server", request: Request, name: str | None, more: str | None) -> Response:
    """Uploads, lists, gives and deletes files."""
    if request.method == "POST" and not name:
        fields = multipart(request)
        made = server.batches.keep_file(fields["file"][1], fields["file"][0], fields["purpose"][1].decode())
        return json_response(server.storage.get(made))
    if not name:
        return json_response({"object": "list", "data": server.storage.of_kind("file"), "has_more": False})
    found = server.storage.get(name)
    if found is None:
        return error_response(404, f"No such File object: {name}")
    if request.method == "DELETE":
        server.storage.delete(name)
        return json_response({"id": name, "object": "file", "deleted": True})
    if more == "content":
        return Response(200, server.storage.contents[name], media_type="application/octet-stream")
    return json_response(found)


def multipart(request: Request) -> dict[str, tuple[str, bytes]]:
    """The fields of a form: file name and bytes by field."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message: Any = BytesParser(policy=HTTP).parsebytes(head + request.raw)
    found: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        found[name] = (part.get_filename() or "", part.get_payload(decode=True))
    return found
