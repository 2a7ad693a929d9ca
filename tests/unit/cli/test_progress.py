from __future__ import annotations

import sys

import pytest

from foederis.cli.progress import Bar


def test_a_bar_shows_only_on_a_terminal_and_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with Bar() as bar:
        bar.begun -= 2
        bar.update("baseline", 1, 2)
        assert bar.bar is None  # standard error is no terminal here
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        bar.update("baseline", 1, 2)
        assert bar.bar is not None
        bar.update("baseline", 2, 2)
        assert [(task.completed, task.total) for task in bar.bar.tasks] == [(2, 2)]
    with Bar() as early:
        early.update("baseline", 1, 2)
        assert early.bar is None


def test_what_is_done_can_be_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Bar(only_running=True) as bar:
        bar.begun -= 2
        bar.update("baseline", 2, 2)
        bar.update("what-if", 1, 2)
        assert bar.bar is not None
        assert [(task.description, task.visible) for task in bar.bar.tasks] == [
            ("baseline, draws", False),
            ("what-if, draws", True),
        ]
