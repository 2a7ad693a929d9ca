"""Who may ask what: the middleware that every request passes before anything else sees it.

Another page in the same browser can send requests to this server, so being on the loopback says nothing of who asks.
The token says that, the names and origins that the request did not come by way of somebody else's page.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foederis.web.replies import error

MAX_BODY = 6_000_000
BODY_SECONDS = 60
READING, WRITING = ("GET", "HEAD"), ("POST", "PUT")
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CURE = "open the address that `foederis serve` printed"


@dataclass(frozen=True)
class Rules:
    """What a request must bring.

    Args:
        token: in the address at first, in a cookie then.
        hosts: the Host headers under which the server may be asked, in lower case, each with its port.
        port: part of the cookie's name, since cookies are shared by all ports of a host.
        any_address: whether every IP address is a good host, where the server listens on all of the machine's.
        once: tokens that count once, for addresses that others on the machine may get to see.
    """

    token: str
    hosts: frozenset[str]
    port: int
    any_address: bool = False
    once: list[str] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        return f"foederis_{self.port}"

    def knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def lets_in(self, token: str) -> bool:
        """Whether a token may become a cookie."""
        if token in self.once:
            self.once.remove(token)
            return True
        return self.knows(token)

    def listens_as(self, host: str) -> bool:
        """Whether a Host header names this server. A name that an attacker's DNS points here is not among them."""
        return host.lower() in self.hosts or (self.any_address and _is_address(host, self.port))


def _is_address(host: str, port: int) -> bool:
    name, colon, number = host.rpartition(":")
    if not colon or (name.count(":") and not name.startswith("[")):
        return False
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return number == str(port)


class Guard:
    """Refuses what does not come from the page that this server served, and puts safe headers on every answer."""

    def __init__(self, app: ASGIApp, rules: Rules):
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _safely(scope, send))
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        refused = self._refusal(headers, method, path)
        if refused is None and path == "/" and "token" in (query := _query(scope)):
            refused = self._signed_in(query["token"])
        if refused is None and method in WRITING:
            body = await _body(headers, receive)
            if isinstance(body, Response):
                refused = body
            else:
                receive = _again(body, receive)
        await (refused or self.app)(scope, receive, send)

    def _refusal(self, headers: Headers, method: str, path: str) -> Response | None:
        if method not in (*READING, *WRITING):
            return error(405, f"the method {method} is not used here")
        if not self._is_known_host(headers):
            return error(421, "this server is not known under that name", _CURE)
        open_to_all = path == "/" or path.startswith("/static/")
        if method in WRITING and not self._is_own_origin(headers):
            return error(403, "the request comes from another page", _CURE)
        if open_to_all:
            return None
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return error(403, "the request comes from another page", _CURE)
        return None if self._has_cookie(headers) else error(401, "the server does not know this browser", _CURE)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site", "same-origin")
        if (
            self._is_known_host(headers)
            and self._is_own_origin(headers)
            and site == "same-origin"
            and self._has_cookie(headers)
        ):
            await self.app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it is accepted: 403

    def _is_known_host(self, headers: Headers) -> bool:
        hosts = headers.getlist("host")
        return len(hosts) == 1 and self.rules.listens_as(hosts[0])

    def _is_own_origin(self, headers: Headers) -> bool:
        """Browsers send an Origin with everything that may change something, and no page can forge it."""
        return headers.getlist("origin") == [f"http://{headers['host'].lower()}"]

    def _has_cookie(self, headers: Headers) -> bool:
        """Other servers on this host set cookies too, and where one is odd, ours counts all the same."""
        return self.rules.knows(cookie_parser(headers.get("cookie", "")).get(self.rules.cookie, ""))

    def _signed_in(self, tokens: list[str]) -> Response:
        """The token becomes a cookie, and leaves the address bar."""
        if len(tokens) != 1 or not self.rules.lets_in(tokens[0]):
            return error(401, "this token is not that of the running server", _CURE)
        reply = RedirectResponse("/", status_code=303)
        reply.set_cookie(self.rules.cookie, self.rules.token, path="/", httponly=True, samesite="strict")
        return reply


def _query(scope: Scope) -> Mapping[str, list[str]]:
    try:
        return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}


async def _body(headers: Headers, receive: Receive) -> bytes | Response:
    """What was sent, counted while it comes in: its announced length proves nothing."""
    too_large = error(413, f"more than {MAX_BODY // 1_000_000} MB were sent", "a crisis file is short")
    announced = headers.get("content-length", "0")
    if not announced.isdigit() or len(announced) > 12 or int(announced) > MAX_BODY:
        return too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return error(400, "the request broke off")
                part = message.get("body", b"")
                size += len(part)
                if size > MAX_BODY:
                    return too_large
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        return error(408, "the request took too long to come in")


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that was read already, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


def _safely(scope: Scope, send: Send) -> Send:
    """Puts the headers on that keep a browser from running or showing what it should not."""
    kept = scope["path"].startswith("/static/")

    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers["Cache-Control"] = "no-cache" if kept else "no-store"
        await send(message)

    return send_safely
