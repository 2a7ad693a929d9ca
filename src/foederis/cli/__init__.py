"""The command line: one small file per command, no mathematics."""

from __future__ import annotations


def main() -> None:
    """Runs the command `foederis`."""
    from foederis.cli.app import app

    app()
