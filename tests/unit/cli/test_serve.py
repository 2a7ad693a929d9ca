"""The command that serves: what it refuses before it starts, and the server as a program of its own."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from foederis.analysis.gallery import gallery
from foederis.cli.app import app

pytest.importorskip("uvicorn")
SERVER = ("starlette", "uvicorn", "websockets", "jax", "scipy", "foederis.web")


def serve(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["serve", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(gallery()["patron"], tmp_path / "patron.yaml")
    return tmp_path


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = serve(str(tmp_path / "nobody"))
    assert (done.exit_code, done.output) == (2, f"there is no folder {tmp_path / 'nobody'}\n")


def test_a_file_is_no_folder_and_its_own_is_named(folder: Path) -> None:
    done = serve(str(folder / "patron.yaml"))
    assert done.exit_code == 2
    assert done.output.endswith(f"foederis serve {folder}\n")


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve(str(folder), "--port", str(port), "--no-browser")
    assert done.exit_code == 2
    assert f"port {port}" in done.output
    assert "--port 0" in done.output


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_the_network_is_opened_only_if_asked(folder: Path, host: str) -> None:
    done = serve(str(folder), "--host", host, "--no-browser")
    assert done.exit_code == 2
    assert "--open-to-network" in done.output


def test_the_network_is_opened_with_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foederis.web.server.run", lambda *_: None)
    done = serve(str(folder), "--host", "0.0.0.0", "--port", "0", "--open-to-network", "--no-browser")
    assert done.exit_code == 0
    assert "not encrypted" in done.output


def test_a_host_that_does_not_exist(folder: Path) -> None:
    done = serve(str(folder), "--host", "nobody.invalid", "--open-to-network", "--no-browser")
    assert done.exit_code == 2
    assert "cannot be had" in done.output


def test_without_safe_folders_it_does_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", frozenset())
    done = serve(str(folder))
    assert done.exit_code == 2
    assert "POSIX" in done.output


@pytest.mark.parametrize(("options", "opened"), [([], 1), (["--no-browser"], 0)])
def test_the_browser_is_opened_unless_told_otherwise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], opened: int
) -> None:
    urls: list[str] = []
    done = threading.Event()
    monkeypatch.setattr("webbrowser.open", lambda url: (urls.append(url), done.set()))

    def run(folder: Path, listening: Any, host: str, max_states: int, started: Any) -> None:
        started("http://127.0.0.1/?token=x", "http://127.0.0.1/?token=once")
        assert not opened or done.wait(60)
        raise KeyboardInterrupt

    monkeypatch.setattr("foederis.web.server.run", run)
    result = serve(str(folder), "--port", "0", *options)
    assert result.exit_code == 0
    assert urls == ["http://127.0.0.1/?token=once"] * opened
    assert "token=once" not in result.output
    assert result.output.count("http://127.0.0.1/?token=x") == 1
    assert result.output.endswith("stopped\n")


def test_help_imports_no_server() -> None:
    code = f"""
import sys
sys.argv = ["foederis", "serve", "--help"]
try:
    from foederis.cli import main
    main()
except SystemExit as end:
    assert not end.code, end.code
print("heavy:", [name for name in {SERVER!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "heavy: []"


class Running:
    """The server in a process of its own, at a port of the machine's choice."""

    def __init__(self, folder: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "foederis", "serve", str(folder), "--port", "0", "--no-browser"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
        )  # fmt: skip
        self.said = ""
        assert self.process.stdout is not None
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", self.said)):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()[1]
            self.said += line
        self.port, self.token = int(found.group(1)), found.group(2)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        found = reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read().decode()
        connection.close()
        return found

    @property
    def cookie(self) -> str:
        return f"foederis_{self.port}={self.token}"


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    server = Running(folder)
    yield server
    server.process.kill()
    server.process.communicate()


def test_the_server_answers_its_page_alone_and_stops_cleanly(running: Running) -> None:
    status, headers, _ = running.ask(f"/?token={running.token}")
    assert (status, headers["location"], headers["set-cookie"].split(";")[0]) == (303, "/", running.cookie)
    assert "server" not in headers
    assert running.ask("/api/schema")[0] == 401
    assert running.ask("/api/schema", cookie=running.cookie)[0] == 200
    assert running.ask("/api/schema", cookie=running.cookie, host="evil.example")[0] == 421
    assert running.ask("/api/rename", "POST", cookie=running.cookie, origin="http://evil.example")[0] == 403
    upgrade = {"cookie": running.cookie, "connection": "Upgrade", "upgrade": "websocket",
               "sec_websocket_version": "13", "sec_websocket_key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
    assert running.ask("/api/live", origin="http://evil.example", **upgrade)[0] == 403
    status, headers, _ = running.ask("/nowhere", cookie=running.cookie)
    assert (status, headers["cache-control"]) == (404, "no-store")

    running.process.send_signal(signal.SIGINT)
    out, err = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert out.endswith("stopped\n")
    assert running.token not in out + err  # only in the address that was printed before
    assert err == ""


ODD = (
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: {host}\r\n\r\n",
    "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "\x00\x01\x02\r\n\r\n",
)


def test_odd_requests_are_refused(running: Running) -> None:
    for text in ODD:
        with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
            connection.sendall(text.format(host=f"127.0.0.1:{running.port}").encode())
            connection.shutdown(socket.SHUT_WR)
            status = int(connection.makefile("rb").readline().split()[1])
        assert 400 <= status < 500, text
    assert running.ask("/api/schema", cookie=running.cookie)[0] == 200  # and the server goes on
