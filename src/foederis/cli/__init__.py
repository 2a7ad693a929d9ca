"""The command line: one small file per command, no mathematics."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Runs the command `foederis`."""
    from foederis.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal does not know is no reason to stop
    app()
