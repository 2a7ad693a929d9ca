"""The workbench as its users have it: a server of its own on a folder of files, and a browser that looks at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 60.0


class Server:
    """`foederis serve` in a process of its own.

    Attributes:
        address: with the token; `origin` without.
    """

    def __init__(self, folder: Path, *, port: int = 0):
        self.folder, self._log = folder, folder.parent / f"{folder.name}.log"
        command = [sys.executable, "-m", "foederis", "serve", str(folder), "--port", str(port), "--no-browser"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.address = self._first_line()
        parts = urlsplit(self.address)
        self.origin, self.port = f"{parts.scheme}://{parts.netloc}", parts.port or 0

    def _first_line(self) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            for word in self._log.read_text(encoding="utf-8").split():
                if word.startswith("http://"):
                    return word
            time.sleep(0.05)
        raise RuntimeError(f"no address: {self._log.read_text(encoding='utf-8')}")

    def kill(self) -> None:
        """At once, with all that it has started: as a machine does that goes down."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def serve(folder: Path, *, port: int = 0) -> Iterator[Server]:
    server = Server(folder, port=port)
    try:
        yield server
    finally:
        server.stop()
        server.kill()
