"""A case in a notebook: what its page asks, and what it hears."""

from __future__ import annotations

import queue
import re
from pathlib import Path
from typing import Any

import pytest

import foederis as fd

pytest.importorskip("anywidget", reason="no anywidget in this environment")
from foederis.web import widget as made

Message = dict[str, Any]


class Page:
    """Stands for the page: asks, and waits for what is not progress."""

    def __init__(self, case: fd.Case):
        self._heard: queue.Queue[Message] = queue.Queue()
        self.desk = made.Desk(case, self._heard.put)

    def ask(self, **message: Any) -> None:
        self.desk.hear(message)

    def next(self) -> Message:
        while (message := self._heard.get(timeout=120))["type"] == "progress":
            pass
        return message


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr("foederis.analysis.live.usual_draws", lambda case: 16)
    return Page(fd.load("patron"))


def test_turned_numbers_are_answered_roughly_and_in_full(page: Page) -> None:
    page.ask(type="open", live=1, id="patron")
    ready = page.next()
    assert (ready["type"], ready["live"], ready["draws_full"]) == ("ready", 1, 16)
    changes = {"set": {"quantities.stake": "15 to 30"}, "on": []}
    page.ask(type="turn", live=1, seq=1, settle=False, **changes)
    rough = page.next()
    assert (rough["type"], rough["seq"], rough["rough"], rough["draws"]) == ("turned", 1, True, ready["draws_rough"])
    page.ask(type="turn", live=1, seq=2, settle=True, **changes)
    full = page.next()
    assert (full["seq"], full["rough"], full["draws"]) == (2, False, 16)
    expected = fd.solve(fd.load("patron").with_changes(changes["set"]), draws=16).to_json()
    assert full["answer"]["questions"] == expected["questions"]


def test_asks_are_answered_and_mistakes_are_told(page: Page) -> None:
    page.ask(type="ask", ask=3, set={}, on=[], command="show", options={})
    assert page.next()["ask"] == 3
    page.ask(type="ask", ask=4, set={"quantities.nothing": "1"}, on=[], command="show", options={})
    failed = page.next()
    assert (failed["type"], failed["ask"], failed["diagnostics"][0]["code"]) == ("failed", 4, "F114")
    page.ask(type="turn", live=1, seq=1, set={}, on=[], settle=False)
    assert page.next() == {"type": "failed", "live": 1, "seq": 1, "message": "no case is open here"}
    page.desk.hear("no message at all")
    page.ask(type="ask", ask=5, set={}, on=[], command="show", options={})
    assert page.next()["ask"] == 5


def test_of_turns_that_wait_only_the_newest_is_worked_on() -> None:
    worked: list[Message] = []
    post = made.Post(worked.append, running=True)
    for seq in (1, 2, 3):
        post.put({"type": "turn", "seq": seq})
    post.put({"type": "ask", "ask": 8})
    post.put({"type": "ask", "ask": 9})
    post.put({"type": "open", "live": 1})
    post.drop(8)
    post._run()
    assert [(m["type"], m.get("seq", m.get("ask"))) for m in worked] == [("turn", 3), ("ask", 9), ("open", None)]


def test_a_widget_brings_its_page_and_its_case_along() -> None:
    case = fd.load("patron").with_changes({"quantities.stake": "15 to 30"})
    widget = fd.solve(case, draws=8).widget()  # type: ignore[attr-defined]
    assert widget._model["title"] == case.title
    stake = next(item for item in widget._model["quantities"] if item["name"] == "stake")
    assert stake["text"] == "15 to 30"
    static = Path(made.__file__).parent / "static"
    assert widget._code == (static / "widget.js").read_text(encoding="utf-8")
    # The styles are for a shadow root: nothing in them speaks of the notebook's own page.
    assert not re.search(r"(^|[},\s]):root|(^|[},\s])body\s*\{", widget._styles)
