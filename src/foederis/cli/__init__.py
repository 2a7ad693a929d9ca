"""The command line: one small file per command, no mathematics."""

from __future__ import annotations

import atexit
import gc
import io
import sys


def main() -> None:
    """Runs the command `foederis`."""
    from foederis.cli.commands import COMMANDS, make_app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal does not know is no reason to stop
    atexit.register(gc.freeze)  # an end of the process that looks for garbage once more takes a tenth of a `check`
    # Where the first word is a command, nobody needs the others; anything else is for the whole program to judge.
    make_app([word for word in sys.argv[1:2] if word in COMMANDS] or COMMANDS)()
