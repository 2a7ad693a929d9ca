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

    def __init__(self, case: fd.Case, like: fd.Answer | None = None):
        self._heard: queue.Queue[Message] = queue.Queue()
        self.desk = made.Desk(case, self._heard.put, like)

    def ask(self, **message: Any) -> None:
        self.desk.hear(message)

    def next(self) -> Message:
        while (message := self._heard.get(timeout=120))["type"] in ("heard", "progress"):
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


def test_of_a_views_turns_that_wait_only_the_newest_is_worked_on() -> None:
    worked: list[Message] = []
    post = made.Post(worked.append, running=True)
    for seq in (1, 2, 3):
        for live in (1, 2, 3):
            post.put({"type": "turn", "live": live, "seq": seq * live})
    post.put({"type": "ask", "ask": 8})
    post.put({"type": "ask", "ask": 9})
    post.put({"type": "open", "live": 1})
    post.drop(("ask", 8))
    post.drop(("live", 3))
    post._run()
    turns = [("turn", 3), ("turn", 6)]
    assert [(m["type"], m.get("seq", m.get("ask"))) for m in worked] == [*turns, ("ask", 9), ("open", None)]


def test_two_views_of_a_widget_are_answered_each(page: Page) -> None:
    for live in (1, 2):
        page.ask(type="open", live=live, id="patron")
    readies = [page.next(), page.next()]
    assert [(message["type"], message["live"]) for message in readies] == [("ready", 1), ("ready", 2)]
    for live in (1, 2):
        page.ask(type="turn", live=live, seq=1, settle=True, set={"quantities.stake": str(live)}, on=[])
    turned = {message["live"]: message["answer"]["questions"] for message in (page.next(), page.next())}
    for live in (1, 2):
        changed = fd.load("patron").with_changes({"quantities.stake": str(live)})
        assert turned[live] == fd.solve(changed, draws=16).to_json()["questions"]


def test_a_message_is_heard_before_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Message] = []
    desk = made.Desk(fd.load("patron"), said.append)
    monkeypatch.setattr(desk, "_post", made.Post(lambda message: None, running=True))
    desk.hear({"type": "open", "live": 1})
    assert said == [{"type": "heard"}]


SEEN = "observed:\n  - {step: 0, truce: no, believed: 70%}\n"


@pytest.mark.parametrize(
    "how",
    [{"draws": 16, "seed": 5, "what_ifs": "all"}, {"draws": 2}, {"at": "median"}, {"draws": 16, "plain": True}],
    ids=["seed", "few", "median", "moved"],
)
def test_a_widget_shows_the_answer_that_it_is_asked_from(how: dict[str, Any]) -> None:
    case = fd.loads(fd.load("patron").text + (SEEN if how.get("plain") else ""))
    answer = fd.solve(case, **how)
    assert bool(answer.standing and answer.standing.moved) is bool(how.get("plain"))
    expected = answer.to_json()
    widget = answer.widget()  # type: ignore[attr-defined]
    assert widget._model["worlds"] == (None if answer.at else answer.draws)
    page = Page(case, widget.desk._like)
    page.ask(type="open", live=1, id="patron")
    ready = page.next()
    assert ready["draws_full"] == answer.draws
    assert ready["draws_rough"] <= answer.draws
    page.ask(type="turn", live=1, seq=1, settle=True, set={}, on=[])
    settled = page.next()["answer"]
    page.ask(type="ask", ask=2, set={}, on=[], command="solve", options={"what_ifs": "all"} if answer.what_ifs else {})
    asked = page.next()["result"]
    assert {**settled, "words": 0, "what_ifs": 0} == {**expected, "words": 0, "what_ifs": 0}
    assert {**asked, "words": 0} == {**expected, "words": 0}
    page.ask(type="turn", live=1, seq=2, settle=True, set={"quantities.stake": "20"}, on=[])
    changed = fd.solve(case.with_changes({"quantities.stake": "20"}), **how).to_json()
    assert page.next()["answer"]["questions"] == changed["questions"]


def test_other_pages_of_a_widget_look_at_the_worlds_of_its_answer(page: Page) -> None:
    case = fd.load("patron")
    page = Page(case, fd.solve(case, draws=8, seed=3))

    def ask(command: str, **options: Any) -> Message:
        page.ask(type="ask", ask=1, set={}, on=[], command=command, options=options)
        return page.next()["result"]  # type: ignore[no-any-return]

    assert ask("why", actor="patron") == made.finite(fd.why(case, actor="patron", draws=8, seed=3).to_json())
    assert ask("exposure", draws=4) == made.finite(fd.exposure(case, draws=4, seed=3).to_json())
    assert "text" in ask("show")


def test_a_widget_brings_its_page_and_its_case_along() -> None:
    case = fd.load("patron").with_changes({"quantities.stake": "15 to 30"})
    widget = fd.solve(case, draws=8).widget()  # type: ignore[attr-defined]
    assert widget._model["title"] == case.title
    stake = next(item for item in widget._model["quantities"] if item["name"] == "stake")
    assert stake["text"] == "15 to 30"
    static = Path(made.__file__).parent / "static"
    # A notebook that is shown where no kernel is shows this instead.
    data, _ = widget._repr_mimebundle_()
    assert "8 draws" in data["text/html"]
    assert "run the cell" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert widget._code == (static / "widget.js").read_text(encoding="utf-8")
    # The styles are for a shadow root: nothing in them speaks of the notebook's own page.
    assert not re.search(r"(^|[},\s]):root|(^|[},\s])body\s*\{", widget._styles)
