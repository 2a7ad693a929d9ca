"""The text of a file: read, checked, changed in place and saved."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from foederis.web.folder import Document, Folder
from foederis.web.jobs import changes, found, payload
from foederis.web.plain import Refusal, arrived
from foederis.web.replies import fields, reply

MAX_TEXT = 5_000_000  # characters
_SETTINGS: dict[str, Any] = {"set": (dict, type(None)), "on": (list, type(None))}


async def text(request: Request) -> Response:
    """GET /api/text"""
    document = await found(request)
    return reply({"id": document.id, "text": document.text, "sha256": document.sha256, "writable": document.writable})


async def save(request: Request) -> Response:
    """PUT /api/text"""
    asked = await fields(request, id=str, text=str, sha256=str, force=(bool, type(None)))
    folder: Folder = request.app.state.folder
    sha256 = await run_in_threadpool(
        folder.save, asked["id"], _short(asked["text"]), asked["sha256"], bool(asked["force"])
    )
    return reply({"sha256": sha256})


async def check(request: Request) -> Response:
    """POST /api/check"""
    asked = await fields(request, id=str, text=str)
    document = await found(request, asked["id"])
    sent = {**payload(document), "text": _short(asked["text"])}
    answer = await request.app.state.desk.run("check", sent)
    return reply({"diagnostics": answer["diagnostics"], "names": answer["names"]})


async def changed(request: Request) -> Response:
    """POST /api/changed"""
    asked = await fields(request, id=str, **_SETTINGS)
    document = await found(request, asked["id"])
    wanted = changes(asked["set"], asked["on"])
    return reply(arrived(await request.app.state.desk.run("changed", payload(document, **wanted))))


async def keep(request: Request) -> Response:
    """POST /api/keep"""
    asked = await fields(request, id=str, sha256=str, name=str, says=(str, type(None)), **_SETTINGS)
    document = await found(request, asked["id"])
    _same_as(document, asked["sha256"])
    wanted = changes(asked["set"], asked["on"])
    sent = payload(document, whatif=asked["name"], says=asked["says"] or "", **wanted)
    return reply(arrived(await request.app.state.desk.run("keep", sent)))


def _same_as(document: Document, sha256: str) -> None:
    if document.sha256 != sha256:
        message = f"{document.path} has been changed on disk meanwhile"
        raise Refusal(409, message, "read it anew first", text=document.text, sha256=document.sha256)


def _short(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise Refusal(413, f"the text is longer than {MAX_TEXT:,} characters", "a crisis file is short")
    return text
