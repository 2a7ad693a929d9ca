"""Asks that the desk answers: the model of a case, and its brief."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from foederis.web.folder import Document
from foederis.web.plain import Refusal
from foederis.web.replies import reply


def payload(document: Document, **more: Any) -> dict[str, Any]:
    """What a worker needs to know of a file."""
    return {
        "id": document.id,
        "text": document.text,
        "filename": document.filename,
        "folder": str(document.folder),
        "name": document.name,
        "sha256": document.sha256,
        "writable": document.writable,
        **more,
    }


async def found(request: Request, id: str | None = None) -> Document:
    """The file that is asked for, by default by `?id=`."""
    wanted = request.query_params.get("id", "") if id is None else id
    return await run_in_threadpool(request.app.state.folder.read, wanted)


async def model(request: Request) -> Response:
    """GET /api/model"""
    document = await found(request)
    return reply(await request.app.state.desk.run("model", payload(document)))


async def brief(request: Request) -> Response:
    """GET /api/brief: given up as soon as nobody waits for it any more."""
    document = await found(request)
    changes = _changes(request.query_params.get("changes", "{}"))
    work = asyncio.ensure_future(request.app.state.desk.run("brief", payload(document, **changes)))
    gone = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait([work, gone], return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Refusal(499, "nobody waits for the brief any more")
        html = work.result()["html"]
    finally:
        work.cancel()
        gone.cancel()
    ascii_name = document.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {"Content-Disposition": f'attachment; filename="{ascii_name}-brief.html"'}
    return Response(html.encode(), media_type="text/html", headers=headers)


async def _left(request: Request) -> None:
    """Returns once the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _changes(text: str) -> dict[str, Any]:
    """The changes in an address.

    Raises:
        Refusal: they are not written as the page writes them.
    """
    try:
        given = json.loads(text)
        return changes(given.get("set"), given.get("on"))
    except (ValueError, RecursionError, AttributeError):
        raise Refusal(400, "`changes` is not what it should be") from None


def changes(settings: Any, on: Any) -> dict[str, Any]:
    """Changes as they were sent, once they are texts by path, and names.

    Raises:
        Refusal: they are something else.
    """
    settings, on = settings or {}, on or []
    texts = isinstance(settings, dict) and all(isinstance(value, str) for value in settings.values())
    if not texts or not isinstance(on, list) or not all(isinstance(name, str) for name in on):
        raise Refusal(400, "changes are texts by path, and names of what-ifs")
    return {"set": settings, "on": on}
