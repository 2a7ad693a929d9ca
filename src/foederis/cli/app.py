"""The whole program, as a variable."""

from __future__ import annotations

from foederis.cli.commands import make_app

app = make_app()
