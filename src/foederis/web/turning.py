"""Sliders, in a worker process: the cases that pages turn, and their answers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.analysis.live import Live
from foederis.analysis.solving import Progress
from foederis.report.words import counted, probability_word
from foederis.web.failures import Failed
from foederis.web.given import case_of, key_of
from foederis.web.worker import Job


@dataclass(eq=False)
class Open:
    """A case that is turned, by one page or by several."""

    live: Live
    lock: threading.Lock = field(default_factory=threading.Lock)
    tuned: bool = False


_sessions: dict[str, Open] = {}
_open: WeakValueDictionary[tuple[str, ...], Open] = WeakValueDictionary()
_lock = threading.Lock()


def open_case(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """Makes a case ready to be turned under the name `session`, in place of the one before."""
    case = case_of(payload)
    with _lock:
        found = _open.get(key_of(payload))
        if found is None or found.live.case is not case:
            found = _open[key_of(payload)] = Open(Live(case, max_states=job.limits.max_states))
    with found.lock:
        if not found.tuned:
            job.progress("getting ready", 0, 1)
            found.live.tune(job.limits.rough * job.limits.lanes)
            found.tuned = True
    _sessions[payload["session"]] = found
    if job.cancelled.is_set():  # whoever wanted it is gone, and may have closed it already
        close_case(payload)
        job.look()
    live = found.live
    return {"draws_rough": live.worlds, "draws_full": live.draws, "typed": live.typed, "label": live.label}


def close_case(payload: dict[str, Any]) -> dict[str, Any]:
    """Forgets the case of a session."""
    _sessions.pop(payload["session"], None)
    return {}


def turn(payload: dict[str, Any]) -> dict[str, Any]:
    """The answer in a few worlds, under the changes `set` and `on`."""
    return turned(_live(payload), {**payload, "settle": False})


def settle(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """The answer in all worlds."""
    return turned(_live(payload), {**payload, "settle": True}, job.progress)


def turned(live: Live, wanted: dict[str, Any], progress: Progress | None = None) -> dict[str, Any]:
    """The answer under the changes `set` and `on`: in a few worlds, or in all if it is to `settle`."""
    begun = time.perf_counter()
    if wanted["settle"]:
        answer = live.full(wanted["set"], wanted["on"], progress=progress)
        label = counted(answer.draws, "world")
    else:
        answer = live.rough(wanted["set"], wanted["on"])
        label = live.label_of(answer.case, answer.draws)
    label = "every quantity at its median" if answer.at else label
    seconds = round(time.perf_counter() - begun, 4)
    return {"draws": answer.draws, "label": label, "answer": in_words(answer), "seconds": seconds}


def _live(payload: dict[str, Any]) -> Live:
    found = _sessions.get(payload["session"])
    if found is None:
        raise Failed("no case is open here")
    return found.live


def in_words(answer: Answer) -> dict[str, Any]:
    """An answer as `solve --json` gives it, with the words for its probabilities."""
    words = {
        name: probability_word(reply.mean)
        for name, reply in answer.questions.items()
        if isinstance(reply, Estimate) and is_share(answer.case.questions[name])
    }
    return {**answer.to_json(), "words": words}
