"""What the server answers: always JSON, in which the words of a file are data and never markup."""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from foederis.diagnostics import CaseError
from foederis.web.failures import diagnosed
from foederis.web.plain import Refusal, finite


def reply(content: Any, status: int = 200) -> Response:
    """JSON; numbers that are not finite are null."""
    text = json.dumps(finite(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "backslashreplace"), status, media_type="application/json")


def error(status: int, message: str, cure: str = "") -> Response:
    return reply(Refusal(status, message, cure).to_json(), status)


async def fields(request: Request, **kinds: Any) -> dict[str, Any]:
    """The fields of a JSON object that was sent, each of its kind; a field that may be None may be left out.

    Raises:
        Refusal: what was sent is no such object.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "what is sent must be JSON", "send it as application/json")
    try:
        found = json.loads(await request.body())
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "this is not JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, "this is not a JSON object")
    for name, kind in kinds.items():
        if not isinstance(found.get(name), kind):
            raise Refusal(400, f"`{name}` is missing, or not what it should be")
    return {name: found.get(name) for name in kinds}


def on_refusal(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refusal)
    return reply(problem.to_json(), problem.status)


def on_case_error(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, CaseError)
    return reply({"diagnostics": diagnosed(problem.diagnostics)}, 422)


def on_failed(request: Request, problem: Exception) -> Response:
    """What a worker could not do: mistakes of the file, or a message."""
    diagnostics, message = getattr(problem, "diagnostics", ()), getattr(problem, "message", "")
    return reply({"diagnostics": list(diagnostics)}, 422) if diagnostics else error(422, message or str(problem))


def on_http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    return error(problem.status_code, {404: "there is nothing here"}.get(problem.status_code, str(problem.detail)))


def on_failure(request: Request, problem: Exception) -> Response:
    return error(500, "the server made a mistake", "its terminal says more; the file on disk is as it was")
