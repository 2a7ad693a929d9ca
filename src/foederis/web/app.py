"""The server: which address is answered by what, behind the guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from foederis.diagnostics import CaseError, explanation
from foederis.language.schema import json_schema
from foederis.web import cases, jobs, news, texts
from foederis.web.desk import Failed
from foederis.web.folder import Folder
from foederis.web.guard import Guard, Rules
from foederis.web.live import endpoint
from foederis.web.plain import Refusal
from foederis.web.replies import on_case_error, on_failed, on_failure, on_http, on_refusal, reply

STATIC = Path(__file__).parent / "static"
_NO_PAGE = """The page of the workbench has not been built: src/foederis/web/static/index.html is missing.

In a clone of the source, `make ui` builds it (needs Node.js). An installed package brings it along.
"""


def make_app(folder: Path, rules: Rules, desk: Any, static: Path = STATIC) -> Guard:
    """The application for one folder, behind its guard: nothing reaches it, or leaves it, by another way.

    Args:
        rules: what a request must bring.
        desk: runs what may take long in processes of its own (a Desk).
        static: the folder of the built page.
    """
    files = Folder(folder)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await desk.start()
        app.state.checking = checking = asyncio.create_task(app.state.checks.begin(files))
        try:
            yield
        finally:
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)
            await app.state.checks.stop()
            await desk.stop()

    app = Starlette(
        routes=_routes(static),
        exception_handlers={
            Refusal: on_refusal,
            Failed: on_failed,
            CaseError: on_case_error,
            HTTPException: on_http,
            Exception: on_failure,
        },
        lifespan=lifespan,
    )
    app.state.folder = files
    app.state.desk = desk
    app.state.static = static
    app.state.checks = cases.Checks(desk)
    return Guard(app, rules)


def _routes(static: Path) -> list[Route | Mount | WebSocketRoute]:
    return [
        Route("/", index, methods=["GET"]),
        Mount("/static", StaticFiles(directory=static, check_dir=False)),
        Route("/api/cases", cases.listed, methods=["GET"]),
        Route("/api/cases", cases.create, methods=["POST"]),
        Route("/api/rename", cases.rename, methods=["POST"]),
        Route("/api/text", texts.text, methods=["GET"]),
        Route("/api/text", texts.save, methods=["PUT"]),
        Route("/api/check", texts.check, methods=["POST"]),
        Route("/api/changed", texts.changed, methods=["POST"]),
        Route("/api/keep", texts.keep, methods=["POST"]),
        Route("/api/news", news.news, methods=["GET"]),
        Route("/api/news", news.change, methods=["POST"]),
        Route("/api/schema", schema, methods=["GET"]),
        Route("/api/explain", explain, methods=["GET"]),
        Route("/api/model", jobs.model, methods=["GET"]),
        Route("/api/brief", jobs.brief, methods=["GET"]),
        WebSocketRoute("/api/live", endpoint),
    ]


async def index(request: Request) -> Response:
    page = request.app.state.static / "index.html"
    return FileResponse(page) if page.is_file() else PlainTextResponse(_NO_PAGE, 503)


async def schema(request: Request) -> Response:
    return reply(json_schema())


async def explain(request: Request) -> Response:
    """GET /api/explain?code=F104"""
    code = request.query_params.get("code", "")[:20]
    try:
        return reply({"text": await run_in_threadpool(explanation, code)})
    except LookupError as problem:
        raise Refusal(404, problem.args[0]) from None
