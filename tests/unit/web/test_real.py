"""A page that turns a real case, over a real connection, in real worker processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

import foederis as fd
from foederis.analysis.gallery import gallery, with_settings
from foederis.web.desk import Desk
from foederis.web.limits import Limits
from foederis.web.live import endpoint

SRC = Path(fd.__file__).parents[1]
LONG = 300.0
CHANGED = {"quantities.p_truce": "20%"}


class Folder:
    def read(self, id: str) -> Any:
        path = gallery()[id.removeprefix("gallery:")]
        return SimpleNamespace(
            text=path.read_text(), filename=path.name, folder=path.parent, name=path.stem, sha256="", writable=False
        )


class Page:
    def __init__(self, connection: Any):
        self._connection = connection

    async def say(self, **message: Any) -> None:
        await self._connection.send(json.dumps(message))

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next message that is not of progress; it has to be of one of these kinds."""
        while True:
            message: dict[str, Any] = json.loads(await asyncio.wait_for(self._connection.recv(), LONG))
            if message["type"] != "progress":
                assert message["type"] in kinds, message
                return message

    async def turn(self, seq: int, changes: dict[str, str], settle: bool = False) -> None:
        await self.say(type="turn", live=1, seq=seq, set=changes, on=[], settle=settle)


@asynccontextmanager
async def connected(desk: Desk) -> AsyncIterator[Page]:
    app = Starlette(routes=[WebSocketRoute("/api/live", endpoint)])
    app.state.desk, app.state.folder = desk, Folder()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await desk.start()
    try:
        address = f"ws://127.0.0.1:{listening.getsockname()[1]}/api/live"
        async with websockets.connect(address, max_size=None) as connection:
            yield Page(connection)
    finally:
        server.should_exit = True
        await serving
        await desk.stop()


def same(one: Any, other: Any) -> None:
    if isinstance(other, dict):
        assert one.keys() == other.keys()
        for key, value in other.items():
            same(one[key], value)
    elif isinstance(other, list):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            same(mine, theirs)
    else:
        assert one == (pytest.approx(other, rel=0, abs=1e-12) if isinstance(other, float) else other)


def test_a_case_is_turned_settled_asked_about_and_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")]))

    async def work() -> dict[str, Any]:
        desk = Desk(Limits(jobs=1, live=1, rough=1e-9))
        async with connected(desk) as page:
            await page.say(type="open", id="gallery:patron", live=1)
            ready = await page.hear("ready")
            assert (ready["draws_rough"], ready["draws_full"]) == (4, 1024)

            await page.turn(1, CHANGED)
            rough = await page.hear("turned")
            assert (rough["seq"], rough["rough"], rough["draws"]) == (1, True, 4)
            await page.turn(2, CHANGED, settle=True)
            full = await page.hear("turned")
            assert (full["seq"], full["rough"], full["draws"]) == (2, False, 1024)

            await page.turn(3, {"quantities.p_trce": "1"})
            assert (await page.hear("failed"))["diagnostics"][0]["code"] == "F114"

            await page.say(type="ask", ask=1, id="gallery:patron", command="claims", options={"draws": 32})
            assert (await page.hear("answered"))["result"]["draws"] == 32

            [process] = desk._hired
            os.kill(process.pid, signal.SIGKILL)
            await page.turn(4, CHANGED)
            if (await page.hear("failed", "ready"))["type"] == "failed":
                await page.turn(5, CHANGED)
                await page.hear("ready")
            assert (await page.hear("turned"))["answer"] == rough["answer"]
        return full["answer"]

    found = asyncio.run(work())
    words = found.pop("words")
    expected = fd.solve(with_settings(fd.load("patron"), ["quantities.p_truce=20%"]))
    assert found.pop("file_sha256")
    same(found, {key: value for key, value in expected.to_json().items() if key != "file_sha256"})
    assert words["client_falls"] in {"very unlikely", "unlikely", "almost no chance"}
