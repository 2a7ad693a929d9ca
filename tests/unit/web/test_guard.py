"""What comes from elsewhere is refused, whatever it asks, and every answer carries the headers that keep it harmless."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from foederis.web.guard import MAX_BODY, Guard, Rules
from tests.unit.web.conftest import HOST, ORIGIN, PORT, TOKEN

NEW = {"name": "another", "from": None}


def test_the_token_becomes_a_cookie_and_leaves_the_address(stranger: TestClient) -> None:
    reply = stranger.get("/", params={"token": TOKEN})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    cookie = reply.headers["set-cookie"].lower()
    assert f"foederis_{PORT}={TOKEN}" in cookie
    for word in ("httponly", "samesite=strict", "path=/"):
        assert word in cookie
    assert stranger.get("/api/schema").status_code == 200  # with the cookie that was set


@pytest.mark.parametrize("query", ["token=wrong", "token=", f"token={TOKEN}&token={TOKEN}", "token=%ff%00é"])
def test_another_token_is_refused(stranger: TestClient, query: str) -> None:
    reply = stranger.get(f"/?{query}")
    assert reply.status_code == 401
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("path", ["/api/cases", "/api/text?id=file:patron.yaml", "/api/schema", "/nowhere"])
@pytest.mark.parametrize("cookie", [None, "wrong", f"{TOKEN}x", ""])
def test_without_the_cookie_nothing_is_told(stranger: TestClient, path: str, cookie: str | None) -> None:
    if cookie is not None:
        stranger.cookies.set(f"foederis_{PORT}", cookie, domain="127.0.0.1")
    reply = stranger.get(path)
    assert reply.status_code == 401
    assert "foederis serve" in reply.json()["error"]["cure"]


def test_a_cookie_of_another_server_does_not_count(stranger: TestClient) -> None:
    stranger.cookies.set("foederis_9999", TOKEN, domain="127.0.0.1")
    assert stranger.get("/api/schema").status_code == 401


def test_a_token_for_one_time_counts_once(stranger: TestClient, rules: Rules) -> None:
    rules.once.append("for-the-browser")
    assert stranger.get("/?token=for-the-browser").status_code == 303
    assert stranger.get("/api/schema").status_code == 200
    assert stranger.get("/?token=for-the-browser").status_code == 401
    stranger.cookies.clear()
    assert stranger.get("/api/schema", headers={"cookie": f"foederis_{PORT}=for-the-browser"}).status_code == 401


@pytest.mark.parametrize("odd", ['a={"b": 1}', "ünï=1", "=", "a", 'a="', "a b=c"])
def test_odd_cookies_of_other_servers_do_no_harm(stranger: TestClient, odd: str) -> None:
    cookie = f"{odd}; foederis_{PORT}={TOKEN}; {odd}"
    assert stranger.get("/api/schema", headers={"cookie": cookie.encode("latin-1")}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.evil.example:{PORT}", ""]
)
@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/schema", f"/?token={TOKEN}"])
def test_another_name_is_refused(page: TestClient, host: str, path: str) -> None:
    """DNS rebinding: a name of somebody else's that leads here."""
    assert page.get(path, headers={"host": host}).status_code == 421


def test_its_names_are_known_in_any_case(page: TestClient) -> None:
    page.cookies.set(f"foederis_{PORT}", TOKEN, domain="localhost.local")
    assert page.get("/", headers={"host": f"LOCALHOST:{PORT}"}).status_code == 200


def test_addresses_are_known_only_where_all_are_listened_on() -> None:
    here, all_of_them = Rules("t", frozenset({HOST}), PORT), Rules("t", frozenset({HOST}), PORT, any_address=True)
    for host, known in [
        (f"192.168.1.5:{PORT}", True),
        (f"[fe80::1]:{PORT}", True),
        (f"fe80::1:{PORT}", False),
        ("192.168.1.5:1", False),
        ("192.168.1.5", False),
        (f"evil.example:{PORT}", False),
    ]:
        assert all_of_them.listens_as(host) is known, host
        assert not here.listens_as(host), host


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://" + HOST,
        "http://127.0.0.1:9000",
        f"http://localhost:{PORT}",
        "http://127.0.0.1",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/cases"), ("PUT", "/api/text"), ("POST", "/"), ("POST", "/static/app.js")]
)
def test_another_origin_changes_nothing(page: TestClient, method: str, path: str, origin: str | None) -> None:
    del page.headers["origin"]
    headers = {} if origin is None else {"origin": origin}
    assert page.request(method, path, json=NEW, headers=headers).status_code == 403
    assert page.get("/api/text", params={"id": "file:another.yaml"}).status_code == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_reads_nothing(page: TestClient, site: str) -> None:
    assert page.get("/api/schema", headers={"sec-fetch-site": site}).status_code == 403
    assert page.post("/api/cases", json=NEW, headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(page: TestClient, method: str) -> None:
    assert page.request(method, "/api/cases").status_code == 405


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/schema", "/api/cases", "/nowhere", "/?token=wrong"])
def test_every_answer_is_kept_harmless(page: TestClient, path: str) -> None:
    headers = page.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.js",
        "/static/%2e%2e/secret.js",
        "/static/..%2fsecret.js",
        "/static//etc/passwd",
        "/static/./../secret.js",
    ],
)
def test_only_the_built_page_is_served(app: Guard, path: str) -> None:
    status, body = asyncio.run(ask(app, "GET", path))
    assert status in (401, 404)
    assert b"secret" not in body


def test_a_page_that_is_not_built_says_so(page: TestClient, state: Any) -> None:
    (state.static / "index.html").unlink()
    reply = page.get("/")
    assert reply.status_code == 503
    assert "make ui" in reply.text
    assert reply.headers["content-type"].startswith("text/plain")


def test_what_is_too_large_is_stopped_while_it_comes_in(app: Guard) -> None:
    given = 0

    async def parts() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(100):
            given += 1
            yield b"x" * 1_000_000

    status, body = asyncio.run(ask(app, "PUT", "/api/text", parts()))
    assert status == 413
    assert given == MAX_BODY // 1_000_000 + 1
    assert json.loads(body)["error"]["message"]


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "9" * 40, "-1", "1e3"])
def test_what_is_announced_as_too_large_is_not_read(app: Guard, length: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    status, _ = asyncio.run(ask(app, "PUT", "/api/text", parts(), {"content-length": length}))
    assert status == 413


def test_strangers_may_not_even_send(app: Guard) -> None:
    async def parts() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    status, _ = asyncio.run(ask(app, "PUT", "/api/text", parts(), {"cookie": ""}))
    assert status == 401


def test_a_request_that_breaks_off_is_no_failure() -> None:
    async def never(*_: Any) -> None:
        raise AssertionError("it went through")

    guard = Guard(never, Rules(TOKEN, frozenset({HOST}), PORT))
    assert asyncio.run(ask(guard, "PUT", "/api/text", breaks_off=True))[0] == 400


@pytest.mark.parametrize(
    ("headers", "cookie"),
    [
        ({"origin": "http://evil.example"}, TOKEN),
        ({"origin": ""}, TOKEN),
        ({"sec-fetch-site": "cross-site"}, TOKEN),
        ({"sec-fetch-site": "same-site"}, TOKEN),
        ({"host": f"evil.example:{PORT}"}, TOKEN),
        ({"host": f"evil.example:{PORT}", "origin": f"http://evil.example:{PORT}"}, TOKEN),
        ({}, "wrong"),
        ({}, None),
    ],
)
def test_strangers_get_no_live_connection(rules: Rules, headers: dict[str, str], cookie: str | None) -> None:
    sent = {"cookie": f"foederis_{PORT}={cookie}" if cookie else "", **headers}
    assert asyncio.run(connected(rules, sent)) == ["websocket.close"]


def test_the_page_gets_to_the_live_connection(rules: Rules) -> None:
    assert asyncio.run(connected(rules, {})) == ["/api/live"]


async def connected(rules: Rules, headers: dict[str, str]) -> list[str]:
    """What becomes of a connection: the path that it reaches, or what it is told."""
    found: list[str] = []

    async def live(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["path"])

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        found.append(message["type"])

    await Guard(live, rules)({**scope_of("GET", "/api/live", headers), "type": "websocket"}, receive, send)  # type: ignore[arg-type]
    return found


def test_two_hosts_are_none(rules: Rules) -> None:
    async def never(*_: Any) -> None:
        raise AssertionError("it went through")

    scope = scope_of("GET", "/api/schema", {})
    scope["headers"].append((b"host", HOST.encode()))
    assert asyncio.run(ask(Guard(never, rules), "GET", "/", scope=scope))[0] == 421


def scope_of(method: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """A request as the server hands it on: of the page itself, but for what is said otherwise."""
    sent = {
        "host": HOST,
        "content-type": "application/json",
        "cookie": f"foederis_{PORT}={TOKEN}",
        **ORIGIN,
        **headers,
    }
    return {
        "type": "http",
        "method": method,
        "path": path.replace("%2e", ".").replace("%2f", "/"),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 50000),
    }


async def ask(
    app: Any,
    method: str,
    path: str,
    parts: AsyncIterator[bytes] | None = None,
    headers: dict[str, str] | None = None,
    *,
    breaks_off: bool = False,
    scope: dict[str, Any] | None = None,
) -> tuple[int, bytes]:
    """The status and the body of the answer to a request whose body comes in parts."""
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        if breaks_off:
            return {"type": "http.disconnect"}
        part = await anext(parts, None) if parts else None
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await app(scope or scope_of(method, path, headers or {}), receive, send)
    return status, body
