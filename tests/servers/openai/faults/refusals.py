"""Faults that are told before any work is done: error answers. One that does not fit a request gives None."""

from typing import Any

from tests.servers.openai.wire import Request, Response, error_response, json_response


def rate_limited(_: Request) -> Response:
    """429 that does not say when to come again."""
    return error_response(429, "Rate limit reached for requests.", "rate_limit_exceeded", kind="requests")


def rate_limited_for_a_second(_: Request) -> Response:
    """429 with Retry-After in seconds."""
    answer = rate_limited(_)
    return Response(429, answer.body, {"retry-after": "1"})


def rate_limited_for_milliseconds(_: Request) -> Response:
    """429 with retry-after-ms."""
    answer = rate_limited(_)
    return Response(429, answer.body, {"retry-after-ms": "150"})


def rate_limited_in_words(_: Request) -> Response:
    """429 that says it in its message alone."""
    return error_response(
        429, "Rate limit reached for tokens. Please try again in 200ms.", "rate_limit_exceeded", kind="tokens"
    )


def internal_error(_: Request) -> Response:
    """500."""
    return error_response(500, "The server had an error while processing your request.", kind="server_error")


def bad_gateway(_: Request) -> Response:
    """502, by a proxy: HTML."""
    return Response(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", media_type="text/html")


def overloaded(_: Request) -> Response:
    """503."""
    return error_response(503, "The engine is currently overloaded.", kind="server_error")


def quota_exhausted(_: Request) -> Response:
    """429 that no waiting mends."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return error_response(429, message, "insufficient_quota", kind="insufficient_quota")


def wrong_key(_: Request) -> Response:
    """401."""
    return error_response(401, "Incorrect API key provided: sk-wr***ng.", "invalid_api_key")


def forbidden(_: Request) -> Response:
    """403."""
    return error_response(403, "You are not allowed to sample from this model.", "model_not_available")


def unknown_model(request: Request) -> Response:
    """404."""
    message = f"The model `{request.body.get('model')}` does not exist or you do not have access to it."
    return error_response(404, message, "model_not_found")


def filtered_prompt(_: Request) -> Response:
    """400 by OpenAI's filter."""
    return error_response(400, "This request was flagged by our content filter.", "content_filter", "prompt")


def filtered_prompt_at_azure(_: Request) -> Response:
    """400 by Azure's filter, with what it found."""
    found = {name: {"filtered": name == "violence", "severity": "medium"} for name in ("hate", "violence")}
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": found}
    message = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
    error: dict[str, Any] = {"message": message, "type": None, "param": "prompt", "code": "content_filter"}
    return json_response({"error": {**error, "status": 400, "innererror": inner}}, 400)


def too_long(_: Request) -> Response:
    """400: the prompt does not fit."""
    message = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
    return error_response(400, message, "context_length_exceeded", "messages")


def schema_refused(request: Request) -> Response | None:
    """400 for response_format json_schema, as of an older server."""
    if (request.body.get("response_format") or {}).get("type") != "json_schema":
        return None
    return error_response(400, "response_format json_schema is not supported by this model.", None, "response_format")


def json_mode_refused(request: Request) -> Response | None:
    """400 for any response_format."""
    if "response_format" not in request.body:
        return None
    return error_response(400, "Unsupported parameter: 'response_format'", "unsupported_parameter", "response_format")


def tools_refused(request: Request) -> Response | None:
    """400 for tools."""
    if "tools" not in request.body:
        return None
    return error_response(400, "This model does not support tools.", "unsupported_parameter", "tools")


def max_tokens_refused(request: Request) -> Response | None:
    """400 for max_tokens, as of reasoning models."""
    return unsupported(request, "max_tokens", " Use 'max_completion_tokens' instead.")


def temperature_refused(request: Request) -> Response | None:
    """400 for a temperature other than 1, as of reasoning models."""
    if request.body.get("temperature", 1) == 1:
        return None
    message = "Unsupported value: 'temperature' does not support 0 with this model."
    return error_response(400, message, "unsupported_value", "temperature")


def seed_refused(request: Request) -> Response | None:
    """400 for a seed."""
    return unsupported(request, "seed")


def unsupported(request: Request, name: str, advice: str = "") -> Response | None:
    """400 where a request has a parameter."""
    if name not in request.body:
        return None
    message = f"Unsupported parameter: '{name}' is not supported with this model.{advice}"
    return error_response(400, message, "unsupported_parameter", name)
