"""Sliders, in the worker process of a page: the case that they turn, and its answers."""

from __future__ import annotations

import time
from typing import Any

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.analysis.live import Live
from foederis.report.words import counted, probability_word
from foederis.web.failures import Failed
from foederis.web.given import case_of
from foederis.web.worker import Job


def open_case(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """Makes a case ready to be turned, in place of the one before."""
    live = Live(case_of(payload), max_states=job.limits.max_states)
    live.tune(job.limits.rough * job.limits.lanes)
    job.memory["live"] = live
    return {"draws_rough": live.worlds, "draws_full": live.draws, "typed": live.typed, "label": live.label}


def turn(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """The answer in a few worlds, under the changes `set` and `on`."""
    live, begun = _live(job), time.perf_counter()
    answer = live.rough(payload["set"], payload["on"])
    return _turned(answer, live.label, begun)


def settle(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """The answer in all worlds."""
    live, begun = _live(job), time.perf_counter()
    answer = live.full(payload["set"], payload["on"], progress=job.progress)
    return _turned(answer, counted(answer.draws, "world"), begun)


def _live(job: Job) -> Live:
    live = job.memory.get("live")
    if not isinstance(live, Live):
        raise Failed("no case is open here")
    return live


def _turned(answer: Answer, label: str, begun: float) -> dict[str, Any]:
    seconds = time.perf_counter() - begun
    return {"draws": answer.draws, "label": label, "answer": in_words(answer), "seconds": round(seconds, 4)}


def in_words(answer: Answer) -> dict[str, Any]:
    """An answer as `solve --json` gives it, with the words for its probabilities."""
    words = {
        name: probability_word(reply.mean)
        for name, reply in answer.questions.items()
        if isinstance(reply, Estimate) and is_share(answer.case.questions[name])
    }
    return {**answer.to_json(), "words": words}
