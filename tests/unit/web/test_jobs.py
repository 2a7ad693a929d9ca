"""What the desk is asked for, and what becomes of its answers and failures."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from foederis.web.app import make_app
from foederis.web.desk import Failed
from foederis.web.guard import Guard, Rules
from tests.unit.web.conftest import HereDesk
from tests.unit.web.test_guard import scope_of

ID = "file:patron.yaml"


class Briefs(HereDesk):
    """A desk that knows briefs; `sent` is what it was given."""

    def __init__(self, page: str = "<p>brief</p>") -> None:
        super().__init__()
        self.page = page
        self.sent: dict[str, Any] = {}

    async def run(self, kind: str, payload: dict[str, Any], **options: Any) -> dict[str, Any]:
        if kind != "brief":
            return await super().run(kind, payload, **options)
        self.sent = payload
        return {"html": self.page}


@pytest.fixture
def desk() -> HereDesk:
    return Briefs()


def test_a_brief_is_saved_and_not_shown(page: TestClient, desk: Briefs, folder: Path) -> None:
    (folder / 'my "ü".yaml').write_text((folder / "patron.yaml").read_text())
    changes = json.dumps({"set": {"quantities.stake": "3"}, "on": ["weak_client"]})
    reply = page.get("/api/brief", params={"id": 'file:my "ü".yaml', "changes": changes})
    assert (reply.status_code, reply.text) == (200, desk.page)
    assert reply.headers["content-disposition"] == 'attachment; filename="my ___-brief.html"'
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert (desk.sent["set"], desk.sent["on"]) == ({"quantities.stake": "3"}, ["weak_client"])
    assert desk.sent["text"] == (folder / "patron.yaml").read_text()
    assert (desk.sent["name"], desk.sent["folder"]) == ('my "ü"', str(folder))
    assert page.get("/api/brief", params={"id": ID}).status_code == 200


@pytest.mark.parametrize("changes", ["{", "[]", "1", '{"set": {"a": 1}}', '{"on": "x"}', '{"on": [1]}', "[" * 5_000])
def test_changes_in_an_address_are_checked(page: TestClient, desk: Briefs, changes: str) -> None:
    assert page.get("/api/brief", params={"id": ID, "changes": changes}).status_code == 400
    assert desk.sent == {}


def test_a_brief_is_given_up_when_nobody_waits(folder: Path, static: Path, rules: Rules) -> None:
    cancelled: list[str] = []
    begun = asyncio.Event()

    class Slow(HereDesk):
        async def run(self, kind: str, payload: dict[str, Any], **_: Any) -> dict[str, Any]:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(kind)
                raise
            return {}

    async def leave(app: Guard) -> None:
        async def receive() -> dict[str, Any]:
            await begun.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            pass

        scope = {**scope_of("GET", "/api/brief", {}), "query_string": f"id={ID}".encode()}
        await app(scope, receive, send)
        await asyncio.sleep(0)

    asyncio.run(leave(make_app(folder, rules, Slow(), static)))
    assert cancelled == ["brief"]


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        (Failed("it takes too long"), {"error": {"message": "it takes too long", "cure": ""}}),
        (Failed(diagnostics=[{"code": "F101"}]), {"diagnostics": [{"code": "F101"}]}),
    ],
)
def test_what_the_desk_cannot_do_is_told(
    page: TestClient, desk: Briefs, monkeypatch: pytest.MonkeyPatch, failed: Failed, told: dict[str, Any]
) -> None:
    async def fails(*_: Any, **__: Any) -> dict[str, Any]:
        raise failed

    monkeypatch.setattr(desk, "run", fails)
    for path in (f"/api/model?id={ID}", f"/api/brief?id={ID}"):
        reply = page.get(path)
        assert (reply.status_code, reply.json()) == (422, told)


def test_a_mistake_of_the_server_shows_no_traceback(
    page: TestClient, desk: Briefs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any, **__: Any) -> dict[str, Any]:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(desk, "run", breaks)
    reply = page.get("/api/model", params={"id": ID})
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text
    assert reply.json()["error"]["cure"]
    assert reply.headers["x-content-type-options"] == "nosniff"
