"""A case in a notebook: the workbench's pages, answered by the notebook's own process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from foederis.analysis.answers import Answer
from foederis.analysis.live import Live
from foederis.language.case import Case
from foederis.web.commands import COMMANDS, answer_about
from foederis.web.failures import Failed, failure_of
from foederis.web.limits import Limits
from foederis.web.model import model_of
from foederis.web.plain import finite
from foederis.web.turning import turned
from foederis.web.worker import Job, Stopped

_STATIC = Path(__file__).parent / "static"
_ROUGH = 0.16  # seconds that a rough answer may take
# Each widget has a page of its own, with its own state, although notebooks load equal code once.
_LOADER = """
async function render({ model, el }) {
  const address = URL.createObjectURL(new Blob([model.get("_code")], { type: "text/javascript" }));
  try {
    const page = await import(address);
    return page.show(model, el);
  } finally {
    URL.revokeObjectURL(address);
  }
}
export default { render };
"""
Say = Callable[[dict[str, Any]], None]


def _about(message: dict[str, Any]) -> tuple[str, Any]:
    """The ask or the view that a message belongs to."""
    name = "ask" if "ask" in message else "live"
    return name, message.get(name)


@dataclass
class Post:
    """What waits to be worked on, in a thread of its own: of turned numbers each view's newest, asks in their order."""

    work: Callable[[dict[str, Any]], None]
    turns: dict[Any, dict[str, Any]] = field(default_factory=dict)
    asks: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    running: bool = False

    def put(self, message: dict[str, Any]) -> None:
        with self.changed:
            if message["type"] == "turn":
                self.turns[message.get("live")] = message
            else:
                self.asks.append(message)
            if not self.running:
                self.running = True
                threading.Thread(target=self._run, daemon=True).start()

    def drop(self, about: tuple[str, Any]) -> None:
        """Forgets what waits of an ask, or of a view."""
        with self.changed:
            self.asks = [message for message in self.asks if _about(message) != about]
            self.turns = {live: message for live, message in self.turns.items() if _about(message) != about}

    def _take(self) -> dict[str, Any] | None:
        with self.changed:
            if self.asks and self.asks[0]["type"] == "open":
                return self.asks.pop(0)
            if self.turns:
                return self.turns.pop(next(iter(self.turns)))
            if self.asks:
                return self.asks.pop(0)
            self.running = False
            return None

    def _run(self) -> None:
        while (message := self._take()) is not None:
            self.work(message)


def _options_of(answer: Answer | None) -> dict[str, dict[str, Any]]:
    """{command: the options by which its figures are those of an answer}; the page may choose others."""
    if answer is None:
        return {}
    found: dict[str, dict[str, Any]] = {name: {"seed": answer.seed} for name in COMMANDS if name != "show"}
    if answer.at:
        found["solve"]["at"] = answer.at
    else:
        for name in ("solve", "why", "exposure"):
            found[name]["draws"] = answer.draws
    found["solve"]["plain"] = bool(answer.standing and answer.standing.moved)
    return found


class Desk:
    """Answers the page of one case as the workbench's server does; see live.py for the messages.

    Args:
        like: an answer to the case that the page is to show.
    """

    def __init__(self, case: Case, say: Say, like: Answer | None = None):
        self.case, self._say, self._like = case, say, like
        self._options = _options_of(like)
        self._live: Live | None = None
        self._post = Post(self._work)
        self._job: tuple[tuple[str, Any], Job] | None = None

    def hear(self, message: Any) -> None:
        """Notes what a page asks for and says so, as no kernel does that is gone; the answer comes later, from another
        thread."""
        if not isinstance(message, dict):
            return
        self._say({"type": "heard"})
        kind, about = message.get("type"), _about(message)
        if kind in ("cancel", "close"):
            self._post.drop(about)
        working = self._job  # which may end meanwhile
        # A view's newer turn takes the place of its older one; other work goes on.
        if kind in ("cancel", "close", "turn") and working is not None and working[0] == about:
            working[1].cancelled.set()
        if kind in ("open", "turn", "ask"):
            self._post.put(message)

    def _work(self, message: dict[str, Any]) -> None:
        name, number = about = _about(message)
        where = {name: number} | ({"seq": message["seq"]} if "seq" in message else {})
        job = Job(Limits(), partial(self._tell, where))
        self._job = about, job
        try:
            self._say({**where, **finite(self._answer(message, job))})
        except Stopped:
            if name == "ask":
                self._say({"type": "cancelled", **where})
        except Exception as problem:  # whatever it is, the page must not wait for ever
            failed = failure_of(problem) or Failed(f"the program made a mistake ({type(problem).__name__}: {problem})")
            self._say({"type": "failed", **where, **failed.to_json()})
        finally:
            self._job = None

    def _tell(self, where: dict[str, Any], told: dict[str, Any]) -> None:
        what, done, total = told["progress"]
        self._say({"type": "progress", **where, "what": what, "done": done, "total": total})

    def _answer(self, message: dict[str, Any], job: Job) -> dict[str, Any]:
        if message["type"] == "open":
            if self._live is None:  # another view of the same widget goes on with it
                self._live = Live(self.case, like=self._like)
                self._live.tune(_ROUGH)
            live = self._live
            worlds = {"draws_rough": live.worlds, "draws_full": live.draws}
            return {"type": "ready", **worlds, "typed": live.typed, "label": live.label}
        if message["type"] == "ask":
            return {"type": "answered", "result": answer_about(self.case, message, job, self._options)}
        if self._live is None:
            raise Failed("no case is open here")
        return {"type": "turned", "rough": not message["settle"], **turned(self._live, message, job.progress)}


class CaseWidget(anywidget.AnyWidget):
    """The pages of a case and its sliders, for a notebook.

    Args:
        like: an answer to the case, which the pages then show; in the usual worlds if None.
        instead: HTML to be shown where there is no kernel to answer the pages, as on a web site that shows notebooks.
    """

    _esm = _LOADER
    _code = traitlets.Unicode().tag(sync=True)
    _styles = traitlets.Unicode().tag(sync=True)
    _model = traitlets.Dict().tag(sync=True)

    def __init__(self, case: Case, instead: str = "", like: Answer | None = None):
        model = model_of(case, {"id": case.name, "sha256": case.sha256, "writable": False})
        worlds = like.draws if like and not like.at else None
        super().__init__(
            _code=(_STATIC / "widget.js").read_text(encoding="utf-8"),
            _styles=(_STATIC / "widget.css").read_text(encoding="utf-8"),
            _model=finite({**model, "worlds": worlds}),
        )
        self.desk = Desk(case, self.send, like)
        self.on_msg(lambda _, message, __: self.desk.hear(message))
        self._instead = instead

    def _repr_mimebundle_(self, **how: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, told = super()._repr_mimebundle_(**how) or ({}, {})
        data["text/plain"] = f"the pages of the case {self.desk.case.name}; run the cell to see them"
        if self._instead:
            data["text/html"] = self._instead
        return data, told
