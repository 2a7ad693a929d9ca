"""Starts the server on a socket that listens, and stops it."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from foederis.web.app import make_app
from foederis.web.desk import Desk
from foederis.web.guard import MAX_BODY, Rules
from foederis.web.limits import Limits

MOST_AT_ONCE = 100  # connections
LAST_SECONDS = 3  # for what is still being answered when the server is stopped


def run(
    folder: Path, listening: socket.socket, host: str, max_states: int, started: Callable[[str, str], None]
) -> None:
    """Serves a folder until it is interrupted.

    Args:
        host: what the socket was made for.
        started: called with the address to open, which holds the token, and with one that can be opened once.
    """
    port = listening.getsockname()[1]
    token, once = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    rules = Rules(token, names_of(host, port), port, any_address=is_everywhere(host), once=[once])
    app = make_app(folder, rules, Desk(Limits(max_states=max_states)))
    config = uvicorn.Config(
        app,
        access_log=False,  # it would hold the token
        server_header=False,
        proxy_headers=False,
        log_level="warning",
        ws_max_size=MAX_BODY,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    started(address(host, port, token), address(host, port, once))
    uvicorn.Server(config).run(sockets=[listening])


def address(host: str, port: int, token: str) -> str:
    """What a browser on this machine opens."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/?token={token}"


def names_of(host: str, port: int) -> frozenset[str]:
    """The Host headers under which a browser may ask a server that listens on a host."""
    names = {f"[{host}]" if ":" in host else host.lower()}
    if is_loopback(host) or is_everywhere(host):
        names |= {"localhost", "[::1]" if ":" in host else "127.0.0.1"}
    if is_everywhere(host):
        names.add(socket.gethostname().lower())
    with_port = {f"{name}:{port}" for name in names}
    return frozenset(with_port | names if port == 80 else with_port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_everywhere(host: str) -> bool:
    """Whether the host stands for all addresses of the machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
