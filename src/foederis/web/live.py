"""The connection of a page: sliders and asks over one WebSocket. Nothing is kept once it is closed."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
from collections.abc import Callable, Hashable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from foederis.diagnostics import CaseError
from foederis.web.commands import read_options
from foederis.web.desk import Desk
from foederis.web.failures import Failed, diagnosed
from foederis.web.frames import as_text
from foederis.web.outbox import Outbox
from foederis.web.sliders import Sliders

LONGEST = 1_000_000  # characters of a message
_ASKS = 64  # of one page, at a time
_SETTINGS, _VALUE, _NAMES = 500, 100_000, 200
_TRY_AGAIN = 1013  # a WebSocket's code for a server that has too much to do


async def endpoint(websocket: WebSocket) -> None:
    """Serves a page until it goes away."""
    desk: Desk = websocket.app.state.desk
    await websocket.accept()
    if desk.pages >= desk.limits.pages:
        message = f"{desk.pages} pages are open already; close some of them"
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await websocket.send_text(as_text({"type": "failed", "message": message}))
            await websocket.close(_TRY_AGAIN)
        return
    desk.pages += 1
    try:
        await Page(websocket, desk, websocket.app.state.folder).serve()
    finally:
        desk.pages -= 1


class Page:
    """One page that is connected."""

    def __init__(self, websocket: WebSocket, desk: Desk, folder: Any):
        self._websocket, self._desk, self._folder = websocket, desk, folder
        self._outbox = Outbox()
        self._sliders: Sliders | None = None
        self._live: Any = None
        self._asks: dict[int | str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in [*tasks, *self._asks.values()]:
                task.cancel()
            await asyncio.gather(*tasks, *self._asks.values(), return_exceptions=True)
            if self._sliders is not None:
                await self._sliders.close()
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await self._websocket.close(_TRY_AGAIN if self._outbox.full else 1000)

    async def _send(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._websocket.send_text(as_text(await self._outbox.get()))

    async def _receive(self) -> None:
        while not self._outbox.full:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            await self._hear(received.get("text"))
            await asyncio.sleep(0)  # whatever comes in, answers go out

    def _say(self, message: dict[str, Any], replaces: Hashable = None) -> None:
        self._outbox.put(message, replaces)

    async def _hear(self, text: str | None) -> None:
        """Does what a message says; whatever it is, the connection stays."""
        about: dict[str, Any] = {}
        try:
            message = _object(text)
            about = {key: message[key] for key in ("ask", "live", "seq") if _is_id(message.get(key))}
            handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
                "open": self._open,
                "turn": self._turn,
                "close": self._close,
                "ask": self._ask,
                "cancel": self._cancel,
            }
            kind = message.get("type")
            if not isinstance(kind, str) or kind not in handlers:
                raise Failed("a message has a `type`: open, turn, close, ask or cancel")
            done = handlers[kind](message)
            if inspect.isawaitable(done):
                await done
        except Failed as failure:
            self._say({"type": "failed", **about, **failure.to_json()})

    async def _open(self, message: dict[str, Any]) -> None:
        live = _id(message, "live")
        payload = await self._payload(message)
        if self._sliders is not None:
            await self._sliders.close()
        self._live, self._sliders = live, Sliders(self._desk, live, payload, self._say)
        self._sliders.open()

    async def _close(self, message: dict[str, Any]) -> None:
        """Gives up the case that is turned, if it is still this one."""
        if _id(message, "live") == self._live and self._sliders is not None:
            sliders, self._sliders, self._live = self._sliders, None, None
            await sliders.close()

    def _turn(self, message: dict[str, Any]) -> None:
        live, seq, settle = _id(message, "live"), message.get("seq"), message.get("settle", False)
        if not _is_id(seq) or not isinstance(seq, int) or seq < 0 or not isinstance(settle, bool):
            raise Failed("a turn has `seq`, a whole number, and `settle`, true or false")
        if self._sliders is None or live != self._live:
            raise Failed("this case is not open here; open it first")
        self._sliders.turn({"seq": seq, "settle": settle, **_changes(message)})

    async def _ask(self, message: dict[str, Any]) -> None:
        ask = _id(message, "ask")
        if ask in self._asks:
            raise Failed("an ask of this number is being worked on; give each its own")
        if len(self._asks) >= _ASKS:
            raise Failed(f"{_ASKS} asks of this page are being worked on; wait for some of them, or cancel them")
        changes, options = _changes(message), message.get("options") or {}
        read_options(message.get("command"), options, self._desk.limits)
        payload = await self._payload(message)
        payload = {**payload, **changes, "command": message["command"], "options": options}
        self._asks[ask] = asyncio.create_task(self._answer(ask, payload))

    async def _answer(self, ask: int | str, payload: dict[str, Any]) -> None:
        def tell(what: str, done: int, total: int) -> None:
            head = {"type": "progress", "ask": ask}
            self._say({**head, "what": what, "done": done, "total": total}, ("progress", ask))

        try:
            result = await self._desk.run("ask", payload, progress=tell, owner=self)
            self._say({"type": "answered", "ask": ask, "result": result})
        except Failed as failure:
            self._say({"type": "failed", "ask": ask, **failure.to_json()})
        except asyncio.CancelledError:
            self._say({"type": "cancelled", "ask": ask})
            raise
        finally:
            self._asks.pop(ask, None)

    def _cancel(self, message: dict[str, Any]) -> None:
        task = self._asks.get(_id(message, "ask"))
        if task is None:
            raise Failed("no ask of this number is being worked on")
        task.cancel()

    async def _payload(self, message: dict[str, Any]) -> dict[str, Any]:
        """The case that a message is about, for a worker."""
        id = message.get("id")
        if not isinstance(id, str) or len(id) > 1000:
            raise Failed("`id` is missing: the id of a case")
        try:
            document = await asyncio.to_thread(self._folder.read, id)
        except CaseError as error:
            raise Failed(diagnostics=diagnosed(error.diagnostics, error.filename)) from None
        except Exception as error:
            if not hasattr(error, "cure"):
                raise
            raise Failed(f"{error.message}; {error.cure}".rstrip("; ")) from None  # type: ignore[attr-defined]
        return {
            "text": document.text,
            "filename": document.filename,
            "folder": str(document.folder),
            "name": document.name,
            "sha256": document.sha256,
        }


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise Failed("messages are text, not bytes")
    if len(text) > LONGEST:
        raise Failed(f"this message is longer than {LONGEST:,} characters")
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Failed("this message is not JSON") from None
    if not isinstance(found, dict):
        raise Failed("this message is not a JSON object")
    return found


def _is_id(value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    return whole or (isinstance(value, str) and 0 < len(value) <= 64)


def _id(message: dict[str, Any], key: str) -> int | str:
    if not _is_id(message.get(key)):
        raise Failed(f"`{key}` is missing: a whole number, or a short text")
    found: int | str = message[key]
    return found


def _changes(message: dict[str, Any]) -> dict[str, Any]:
    """`set` and `on`, once they are texts by path, and names."""
    settings, on = message.get("set") or {}, message.get("on") or []
    texts = isinstance(settings, dict) and len(settings) <= _SETTINGS
    if not texts or not all(isinstance(value, str) and len(value) <= _VALUE for value in settings.values()):
        raise Failed(f"`set` is an object of at most {_SETTINGS} paths, each with the text that is put there")
    if not isinstance(on, list) or len(on) > _NAMES or not all(isinstance(name, str) for name in on):
        raise Failed(f"`on` is a list of at most {_NAMES} names of what-ifs")
    return {"set": settings, "on": on}
