"""The bar of a long command."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """A progress bar on the error stream, once something takes more than a second."""

    def __init__(self, *, only_running: bool = False, unit: str = "{what}, draws") -> None:
        """`only_running` shows what is being solved and not what is done, for commands that solve a great deal; `unit`
        says what is counted."""
        self.unit = unit
        self.only_running = only_running
        self.begun = time.monotonic()
        self.bar: Progress | None = None
        self.tasks: dict[str, object] = {}

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def update(self, what: str, done: int, total: int) -> None:
        if self.bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self.begun < 1:
                return
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
        if what not in self.tasks:
            self.tasks[what] = self.bar.add_task(self.unit.format(what=what), total=total)
        visible = done < total or not self.only_running
        self.bar.update(self.tasks[what], completed=done, visible=visible)  # type: ignore[arg-type]
