"""The sources, with their grades and how often they are called on."""

from __future__ import annotations

from collections import Counter

from foederis.language.case import Case, Source
from foederis.report.brief.evidence import RELIABILITY, items
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag, web_link
from foederis.report.brief.phrases import Section
from foederis.report.words import counted


def sources(material: Material) -> Section:
    case = material.case
    called = Counter(reason.source for item in items(case) for reason in item.because if reason.source)
    if not case.sources:
        body = tag("p", "The file names no sources: all of it is its author’s judgement.")
    else:
        body = tag("dl", [_source(case, source, called[source.name]) for source in case.sources.values()])
    return Section("sources", "Sources", "Sources", body)


def _source(case: Case, source: Source, called: int) -> Markup:
    details = source.details
    known = ", ".join(details[key] for key in ("author", "date") if key in details)
    parts: list[Child] = [tag("cite", source.title or source.name)]
    parts.append(f", {known}" if known else None)
    if "url" in details:
        parts += [". ", web_link(details["url"], details["url"])]
    parts.append(".")
    graded = f"{source.reliability}, {RELIABILITY[source.reliability]}" if source.reliability else "not graded"
    facts = f"Reliability: {graded}. Called on {counted(called, 'time')}."
    if "file" in details:
        facts += f" Its text is in the file {details['file']}, which is not part of this brief."
    return join(
        tag("dt", tag("code", source.name), id=f"source-{source.name}"),
        tag(
            "dd",
            tag("p", parts),
            tag("p", facts, class_="legend"),
            tag("p", details["note"]) if "note" in details else None,
        ),
    )
