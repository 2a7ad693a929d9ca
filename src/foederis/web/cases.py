"""The list of cases, and new ones: from the template, from another case, under another name."""

from __future__ import annotations

import asyncio
import hashlib
from importlib import resources
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from foederis._version import __version__
from foederis.analysis.gallery import gallery
from foederis.diagnostics import CaseError
from foederis.web.failures import Gone
from foederis.web.folder import Document, Folder
from foederis.web.jobs import payload
from foederis.web.plain import Refusal
from foederis.web.replies import fields, reply

# How long the list waits for checks that have not been done yet; those that take longer are told the next time.
PATIENCE = 3.0
AT_ONCE = 2  # so that whoever opens a case meanwhile need not wait for all of them
SECONDS = 30.0  # for one check
MAX_KEPT = 2_000


class Checks:
    """The checks of the files that are listed, kept by their content."""

    def __init__(self, desk: Any):
        self.desk = desk
        self._done: dict[str, dict[str, Any]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._few = asyncio.Semaphore(AT_ONCE)

    async def summaries(self, documents: list[Document], patience: float | None) -> list[dict[str, Any] | None]:
        """What each file is and what state it is in; None for what is still being checked after that many seconds, of
        which None is as many as it takes."""
        for document in documents:
            key = _key(document)
            if key not in self._done and key not in self._running:
                self._running[key] = asyncio.create_task(self._check(key, document))
        waiting = [task for document in documents if (task := self._running.get(_key(document)))]
        if waiting:
            await asyncio.wait(waiting, timeout=patience)
        found = [self._done.get(_key(document)) for document in documents]
        for document, summary in zip(documents, found, strict=True):
            if summary is not None and summary["reads_files"]:
                self._done.pop(_key(document), None)
        return [summary["summary"] if summary else None for summary in found]

    async def _check(self, key: str, document: Document) -> None:
        try:
            async with self._few:
                answer = await self.desk.run("check", payload(document), timeout=SECONDS)
            found = {"summary": answer["summary"], "reads_files": answer["reads_files"]}
        except Gone as problem:  # which says nothing of the file: it is checked again the next time
            found = {"summary": _failed(str(problem)), "reads_files": True}
        except Exception as problem:
            found = {"summary": _failed(str(problem)), "reads_files": False}
        finally:
            self._running.pop(key, None)
        while len(self._done) >= MAX_KEPT:
            self._done.pop(next(iter(self._done)))
        self._done[key] = found

    async def begin(self, folder: Folder) -> None:
        """Checks what will be listed, before anybody asks. What hangs on other files is not kept for whoever does."""
        documents, _, _ = await run_in_threadpool(_documents, folder)
        await self.summaries(documents, None)

    async def stop(self) -> None:
        """Gives up what is still being checked."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _key(document: Document) -> str:
    return hashlib.sha256(f"{document.id}\0{document.sha256}".encode()).hexdigest()


def _failed(message: str) -> dict[str, Any]:
    """The summary of a file of which nothing can be said but why."""
    return {
        "title": "",
        "question": message,
        "unit": "",
        "state": "errors",
        "errors": 1,
        "warnings": 0,
        "typed": False,
        "draws": 0,
    }


_CHECKING = {**_failed(""), "state": "checking", "errors": 0}


async def listed(request: Request) -> Response:
    """GET /api/cases"""
    folder: Folder = request.app.state.folder
    documents, unread, notes = await run_in_threadpool(_documents, folder)
    summaries = await request.app.state.checks.summaries(documents, PATIENCE)
    entries = [
        {"id": d.id, "path": d.path, "modified": d.modified, "sha256": d.sha256, **(summary or _CHECKING)}
        for d, summary in zip(documents, summaries, strict=True)
    ]
    own = sorted([e for e in entries if e["id"].startswith("file:")] + unread, key=lambda e: e["path"].casefold())
    shipped = [e for e in entries if e["id"].startswith("gallery:")]
    name = folder.root.name or str(folder.root)
    return reply({"folder": name, "version": __version__, "cases": own, "gallery": shipped, "notes": notes})


def _documents(folder: Folder) -> tuple[list[Document], list[dict[str, Any]], tuple[str, ...]]:
    """What is to be listed, entries for what cannot be read, and notes on what is left out."""
    listing = folder.listing()
    documents, unread = [], []
    for id in [*(f"file:{path}" for path in listing.paths), *(f"gallery:{name}" for name in gallery())]:
        path = id.partition(":")[2]
        try:
            documents.append(folder.read(id))
        except CaseError as problem:
            unread.append({"id": id, "path": path, "modified": "", **_failed(problem.diagnostics[0].message)})
        except Refusal as problem:
            unread.append({"id": id, "path": path, "modified": "", **_failed(problem.message)})
    return documents, unread, listing.notes


async def create(request: Request) -> Response:
    """POST /api/cases"""
    asked = await fields(request, **{"name": str, "from": (str, type(None))})
    folder: Folder = request.app.state.folder

    def make() -> str:
        if asked["from"] is None:
            return folder.create(asked["name"], template())
        return folder.duplicate(asked["from"], asked["name"])

    return reply({"id": await run_in_threadpool(make)}, 201)


async def rename(request: Request) -> Response:
    """POST /api/rename"""
    asked = await fields(request, id=str, name=str)
    folder: Folder = request.app.state.folder
    return reply({"id": await run_in_threadpool(folder.rename, asked["id"], asked["name"])})


def template() -> bytes:
    """The file that `foederis new` writes."""
    return resources.files("foederis").joinpath("cli", "starter.yaml").read_bytes()
