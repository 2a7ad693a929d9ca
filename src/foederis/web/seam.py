"""The desk and the live connection, or stand-ins that work in a thread."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

__all__ = ["Failed", "endpoint", "make_desk"]

try:
    from foederis.web.desk import Desk, Failed  # type: ignore[import-not-found,unused-ignore]
    from foederis.web.limits import Limits  # type: ignore[import-not-found,unused-ignore]
    from foederis.web.live import endpoint  # type: ignore[import-not-found,unused-ignore]
except ModuleNotFoundError:
    from foederis.diagnostics import CaseError

    class Failed(Exception):  # type: ignore[no-redef]
        def __init__(self, message: str = "", diagnostics: Any = ()):
            self.message, self.diagnostics = message, list(diagnostics)
            super().__init__(message)

    def Limits(**_: Any) -> None:
        pass

    class Desk:  # type: ignore[no-redef]
        def __init__(self, limits: Any = None):
            self.limits = limits

        async def start(self) -> None:
            pass

        async def stop(self) -> None:
            pass

        async def run(self, kind: str, payload: dict[str, Any], *, progress: Any = None, timeout: Any = None) -> Any:
            from foederis.web import checks, edits, model
            from foederis.web.replies import diagnosed

            works: dict[str, Any] = {"check": checks.check_text, "news": checks.check_news, "model": model.model}
            works |= {"changed": edits.changed, "keep": edits.keep}
            if kind not in works:
                raise Failed(f"`{kind}` is not there yet")
            try:
                return await run_in_threadpool(works[kind], payload)
            except CaseError as problem:
                raise Failed(diagnostics=diagnosed(problem.diagnostics)) from None

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.close(code=1011)


def make_desk(max_states: int) -> Any:
    return Desk(Limits(max_states=max_states))
