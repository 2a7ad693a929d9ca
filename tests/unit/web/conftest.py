"""A server for a folder of a test, asked as a browser asks it."""

from __future__ import annotations

import asyncio
import importlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.concurrency import run_in_threadpool
from starlette.testclient import TestClient

from foederis.analysis.gallery import gallery
from foederis.diagnostics import CaseError
from foederis.web import cases
from foederis.web.app import make_app
from foederis.web.desk import Failed
from foederis.web.failures import diagnosed
from foederis.web.guard import Guard, Rules

TOKEN = "the-token-of-this-run"
PORT = 8437
HOST = f"127.0.0.1:{PORT}"
ORIGIN = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
KINDS = {
    "check": "foederis.web.checks:check_text",
    "news": "foederis.web.checks:check_news",
    "model": "foederis.web.model:model",
    "changed": "foederis.web.edits:changed",
    "keep": "foederis.web.edits:keep",
}


class HereDesk:
    """Does in a thread of this process what the desk does in others; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def run(self, kind: str, payload: dict[str, Any], **_: Any) -> dict[str, Any]:
        self.asked.append(kind)
        module, _, name = KINDS[kind].partition(":")
        work: Callable[[dict[str, Any]], dict[str, Any]] = getattr(importlib.import_module(module), name)
        try:
            return await run_in_threadpool(work, payload)
        except CaseError as problem:
            raise Failed(diagnostics=diagnosed(problem.diagnostics)) from None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one case, and a file outside of it."""
    inside = tmp_path / "inside"
    inside.mkdir()
    shutil.copy(gallery()["patron"], inside / "patron.yaml")
    (tmp_path / "outside.yaml").write_text("foederis: 1\ntitle: Nobody's business\n")
    return inside


@pytest.fixture
def static(tmp_path: Path) -> Path:
    built = tmp_path / "static"
    built.mkdir()
    (built / "index.html").write_text("<!doctype html><title>Foederis</title>")
    (built / "app.js").write_text("export {};")
    (tmp_path / "secret.js").write_text("secret")
    return built


@pytest.fixture
def rules() -> Rules:
    return Rules(TOKEN, frozenset({HOST, f"localhost:{PORT}"}), PORT)


@pytest.fixture
def desk() -> HereDesk:
    return HereDesk()


@pytest.fixture
def app(folder: Path, static: Path, rules: Rules, desk: HereDesk) -> Guard:
    return make_app(folder, rules, desk, static)


@pytest.fixture
def state(app: Guard) -> Any:
    """What the application keeps."""
    inner: Any = app.app
    return inner.state


@pytest.fixture
def stranger(app: Guard, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Somebody who has not been given the address with the token."""
    monkeypatch.setattr(cases, "PATIENCE", 600.0)  # on a slow machine lists are complete too
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def begun(stranger: TestClient, state: Any) -> None:
    """The server has checked what there was when it began, and does nothing by itself from now on."""
    assert stranger.portal is not None
    stranger.portal.call(asyncio.wait, [state.checking])


@pytest.fixture
def page(stranger: TestClient) -> TestClient:
    """The page itself, with its cookie, as a browser lets it ask."""
    stranger.cookies.set(f"foederis_{PORT}", TOKEN, domain="127.0.0.1")
    stranger.headers.update(ORIGIN)
    return stranger
