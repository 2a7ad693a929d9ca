"""The news beside a case: observations in a file of their own, added and dropped as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from foederis.diagnostics import CaseError, Report, TooMany
from foederis.language import edit
from foederis.language.source import Mapping, Scalar, Sequence, parse
from foederis.web.edits import difference
from foederis.web.folder import NEWS, Document, Folder
from foederis.web.jobs import found, payload
from foederis.web.patch import Places, edited, replaced, same
from foederis.web.plain import Refusal
from foederis.web.replies import fields, reply

_START = "observed:\n"


@dataclass(frozen=True)
class News:
    """The news of a case: `id` is None where there is no file yet, `new_id` is what it would be."""

    id: str | None
    new_id: str
    text: str
    sha256: str
    writable: bool


async def news(request: Request) -> Response:
    """GET /api/news"""
    document = await found(request)
    beside = await run_in_threadpool(_news_of, request.app.state.folder, document)
    return reply(
        {
            "id": beside.id,
            "text": beside.text,
            "sha256": beside.sha256,
            "writable": beside.writable,
            "items": await run_in_threadpool(items, beside.text),
        }
    )


async def change(request: Request) -> Response:
    """POST /api/news: what the file would be with one observation more or less."""
    asked = await fields(request, id=str, add=(str, type(None)), drop=(int, type(None)))
    if (asked["add"] is None) == (asked["drop"] is None) or isinstance(asked["drop"], bool):
        raise Refusal(400, "one of `add` and `drop` is needed")
    document = await found(request, asked["id"])
    beside = await run_in_threadpool(_news_of, request.app.state.folder, document)
    work: Callable[[], str] = (
        (lambda: added(beside.text, asked["add"]))
        if asked["add"] is not None
        else (lambda: dropped(beside.text, asked["drop"]))
    )
    text = await run_in_threadpool(work)
    sent = payload(document, news=text, news_name=beside.new_id.rpartition("/")[2], news_folder=str(document.folder))
    checked: dict[str, Any] = await request.app.state.desk.run("news", sent)
    return reply(
        {
            "id": beside.new_id,
            "text": text,
            "sha256": beside.sha256,
            "diff": await run_in_threadpool(difference, beside.text, text),
            "diagnostics": checked["diagnostics"],
        }
    )


def _news_of(folder: Folder, document: Document) -> News:
    names = folder.news_ids(document.id)
    for id in names:
        try:
            there = folder.read(id)
        except Refusal as refused:
            if refused.status != 404:
                raise
        else:
            return News(id, id, there.text, there.sha256, there.writable)
    return News(None, names[-1], "", "", document.id.startswith("file:") and document.writable)


def items(text: str) -> list[dict[str, Any]]:
    """The observations of a file of news, each as it is written.

    Raises:
        CaseError: it is not YAML.
    """
    root = _root(text)
    observed = root.get("observed") if root else None
    places = Places(text)
    listed = []
    for item in observed.items if isinstance(observed, Sequence) else ():
        lead = " " * (item.span.column - 1)
        said = item.get("says") if isinstance(item, Mapping) else None
        listed.append(
            {
                "text": textwrap.dedent(lead + text[places.start(item) : places.end(item)]),
                "line": item.span.line,
                "says": " ".join(said.text.split()) if isinstance(said, Scalar) else "",
            }
        )
    return listed


def added(text: str, observation: str) -> str:
    """The file with one observation more, at its end.

    Raises:
        CaseError: the observation, or the file, is not YAML.
        Refusal: the file has no list to add it to.
    """
    report = Report(context="the new observation")
    item = edit.parse_value(observation, report)
    if item is None:
        raise CaseError(report.in_order())
    if not isinstance(item, Mapping):
        raise Refusal(422, "an observation is a mapping", "as in `{step: 0, patron: stand_aside}`")
    root = _root(text)
    if root is None:
        text = f"{text.rstrip()}\n\n{_START}".lstrip()
        root = _root(text)
    assert root is not None
    before = root.get("observed")
    known = before.items if isinstance(before, Sequence) else ()
    wanted = root.with_entry(Scalar("observed", item.span), Sequence((*known, item), item.span))
    return edited(text, root, wanted)


def dropped(text: str, place: int) -> str:
    """The file without one of its observations; comments before and after it stay.

    Args:
        place: which one, counted from 0.
    Raises:
        CaseError: the file is not YAML.
        Refusal: there is no such observation.
    """
    root = _root(text)
    observed = root.get("observed") if root else None
    if root is None or not isinstance(observed, Sequence) or not 0 <= place < len(observed.items):
        raise Refusal(404, "there is no such observation", "read the news anew")
    left = (*observed.items[:place], *observed.items[place + 1 :])
    wanted = root.with_entry(Scalar("observed", observed.span), Sequence(left, observed.span))
    if left:
        found = replaced(text, [(*_stretch(text, observed, place), "")])
        if same(parse(found, Report()), wanted):
            return found
    return edited(text, root, wanted)


def _stretch(text: str, observed: Sequence, place: int) -> tuple[int, int]:
    """From where to where an item of a list stands, with its dash or comma."""
    places, listed = Places(text), observed.items
    start, end = places.start(listed[place]), places.end(listed[place])
    if places.is_flow(observed):
        if place + 1 < len(listed):
            return start, places.start(listed[place + 1])
        return places.end(listed[place - 1]), end
    first = text.rfind("\n", 0, text.rfind("-", 0, start)) + 1
    return first, min(places.end_of_line(end) + 1, len(text))


def _root(text: str) -> Mapping | None:
    """The root of a file of news; None where it says nothing yet."""
    if not text.strip() or all(line.lstrip().startswith("#") or not line.strip() for line in text.splitlines()):
        return None
    report = Report()
    root = None
    with suppress(TooMany):
        root = parse(text, report)
    if not report.has_errors and not isinstance(root, Mapping):
        report.add("F201", "a file of news is a mapping of keys", None, "as in `observed: [{step: 0, …}]`")
    if report.has_errors or not isinstance(root, Mapping):
        raise CaseError(report.in_order(), text, NEWS)
    return root
