"""What a server in another process is asked and told: GET and DELETE /stats, POST and DELETE /faults, POST /quota."""

from typing import TYPE_CHECKING

from tests.servers.openai.faults import Switch
from tests.servers.openai.wire import Request, Response, error_response, json_response

if TYPE_CHECKING:
    from tests.servers.openai.server import Server


def control(server: "Server", request: Request) -> Response:
    """`/stats?start=10&end=70` counts seconds from the first admission; /faults takes a switch, /quota both limits."""
    asked = (request.method, request.path)
    if asked == ("GET", "/stats"):
        times = {name: float(value) for name, value in request.query.items() if name in ("start", "end")}
        return json_response(server.stats(**times))
    if asked == ("GET", "/requests"):
        return json_response(server.requests)
    if asked == ("DELETE", "/stats"):
        server.statistics.clear()
    elif asked == ("POST", "/faults"):
        server.faults.append(Switch(**request.body))
    elif asked == ("DELETE", "/faults"):
        server.heal()
    elif asked == ("POST", "/quota"):
        server.admission.set(request.body.get("tokens_per_minute"), request.body.get("requests_per_minute"))
    else:
        return error_response(404, f"Nothing is known of {request.method} {request.path}.")
    return json_response({"ok": True})
