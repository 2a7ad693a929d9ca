"""Pages that are connected, and a desk whose processes answer when the test says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from foederis.diagnostics import CaseError, Diagnostic
from foederis.web.limits import Limits
from foederis.web.live import endpoint

LONG = 20.0
READY = {"draws_rough": 8, "draws_full": 1024, "typed": False, "label": "8 worlds"}


class Socket:
    """A page: what it sends, and what it is sent."""

    def __init__(self, desk: Desk) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(desk=desk, folder=Folder()))
        self.coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: int | None = None
        self.takes = asyncio.Event()
        self.takes.set()

    async def accept(self) -> None:
        pass

    async def receive(self) -> dict[str, Any]:
        return await self.coming.get()

    async def send_text(self, text: str) -> None:
        await self.takes.wait()
        self.sent.put_nowait(json.loads(text))

    async def close(self, code: int = 1000) -> None:
        self.closed = code

    def say(self, **message: Any) -> None:
        self.raw(json.dumps(message))

    def raw(self, text: str | None) -> None:
        self.coming.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.sent.get(), LONG)


class Folder:
    def read(self, id: str) -> Any:
        if id == "file:broken.yaml":
            raise CaseError([Diagnostic("F002", "this is no text")], "", "broken.yaml")
        if id == "file:none.yaml":
            refusal = Exception()
            refusal.message, refusal.cure = "there is no file", "look again"  # type: ignore[attr-defined]
            raise refusal
        return SimpleNamespace(text="text", filename="a.yaml", folder="/", name="a", sha256="0", writable=True)


class Work:
    """A job that was handed in, until the test says what becomes of it."""

    def __init__(self, kind: str, payload: dict[str, Any], progress: Any):
        self.kind, self.payload, self.progress = kind, payload, progress
        self.result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class Desk:
    """A desk and all its processes."""

    def __init__(self, **limits: Any) -> None:
        self.limits, self.pages = Limits(**limits), 0
        self.handed: asyncio.Queue[Work] = asyncio.Queue()
        self.hired = self.released = 0
        self.alive = True
        self.closed: list[str] = []

    async def run(self, kind: str, payload: Any, progress: Any = None, owner: Any = None, urgent: bool = False) -> Any:
        assert urgent == (kind in ("turn", "close"))
        if kind == "close":
            self.closed.append(payload["session"])
            return {}
        work = Work(kind, payload, progress)
        self.handed.put_nowait(work)
        return await work.result

    async def hire(self) -> Desk:
        self.hired += 1
        return self

    def release(self, process: Any) -> None:
        self.released += 1

    async def next(self) -> Work:
        return await asyncio.wait_for(self.handed.get(), LONG)


def with_page(work: Callable[[Socket, Desk], Awaitable[Any]], **limits: Any) -> Any:
    async def run() -> Any:
        desk = Desk(**limits)
        socket = Socket(desk)
        serving = asyncio.create_task(endpoint(socket))  # type: ignore[arg-type]
        try:
            return await asyncio.wait_for(work(socket, desk), LONG)
        finally:
            socket.takes.set()
            socket.coming.put_nowait({"type": "websocket.disconnect"})
            await asyncio.wait_for(serving, LONG)
            assert desk.pages == 0
            assert desk.hired == desk.released

    return asyncio.run(run())


async def opened(socket: Socket, desk: Desk) -> None:
    socket.say(type="open", id="file:a.yaml", live=1)
    work = await desk.next()
    assert (work.kind, work.payload["text"]) == ("open", "text")
    work.result.set_result(READY)
    assert await socket.hear() == {"type": "ready", "live": 1, **READY}


def turn(seq: int, settle: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "type": "turn",
        "live": 1,
        "seq": seq,
        "set": {"quantities.p": f"{seq}%"},
        "on": [],
        "settle": settle,
    } | more
