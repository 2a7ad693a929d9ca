"""The sections put together into one page that needs nothing from outside."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from importlib import resources

from foederis._version import __version__
from foederis.report.brief import (
    answers,
    assumptions,
    bottom_line,
    boxes,
    claims,
    courses,
    dials,
    drivers,
    exposures,
    method,
    moves,
    record,
    sources,
    through_time,
    tipping,
    types,
    what_ifs,
    why,
    worth,
)
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Markup, data_block, raw, tag
from foederis.report.brief.phrases import Section, file_name, moment
from foederis.report.setting import observation_text, standing_text
from foederis.report.words import counted

# In the order of reading. Each gives its section, or None if the case has nothing for it.
SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    bottom_line.bottom_line,
    answers.answers,
    through_time.through_time,
    courses.courses,
    moves.moves,
    types.types_section,
    why.whys,
    drivers.drivers,
    tipping.tipping,
    boxes.boxes,
    worth.worth,
    what_ifs.what_ifs,
    dials.dials_section,
    claims.claims,
    exposures.exposures,
    assumptions.assumptions,
    sources.sources,
    method.method,
    record.record,
)


def page(material: Material) -> str:
    """The whole brief as HTML."""
    found = [section for make in SECTIONS if (section := make(material)) is not None]
    body = tag(
        "body",
        tag("a", "Skip to the bottom line", href="#bottom-line", class_="skip"),
        _header(material),
        tag("div", _contents(found), tag("main", [_section(item) for item in found], id="main"), class_="columns"),
        _footer(material),
        data_block("what-if-data", answers.switch_data(material)),
        data_block("dial-data", dials.dials_data(material)),
        raw("script", _script()),
    )
    return "<!doctype html>\n" + tag("html", _head(material), body, lang="en") + "\n"


def _resource(name: str) -> str:
    return resources.files("foederis.report.brief").joinpath(name).read_text(encoding="utf-8")


def _script() -> str:
    return _resource("script.js")


def policy(script: str) -> str:
    """What the browser may do with the page: run this one script, apply its styles, and load nothing at all."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _head(material: Material) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(_script())),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content=f"Foederis {__version__}"),
        tag("title", f"{material.case.title} – brief"),
        tag("link", rel="icon", href="data:,"),
        raw("style", _resource("style.css")),
    )


def _header(material: Material) -> Markup:
    case = material.case
    clock = case.clock
    span = f"{counted(clock.steps, 'step')} of {clock.step_text}"
    if clock.start is not None:
        span += f", from {moment(case, 0)}"
        last = moment(case, clock.steps)
        span += f" to {last}" if not last.startswith("the end") else ""
    worlds = counted(material.answer.draws, "possible world")
    return tag(
        "header",
        tag("p", "Brief", class_="kicker"),
        tag("h1", case.title),
        tag("p", f"{span}. Worked out in {worlds}.", class_="subtitle"),
        _changed(material),
        _observed(material),
    )


def _changed(material: Material) -> Markup | None:
    if not material.settings:
        return None
    return tag("p", "Changed from the file: ", [tag("code", text, " ") for text in material.settings], class_="note")


def _observed(material: Material) -> Markup | None:
    standing = material.answer.standing
    if standing is None:
        return None
    seen = [tag("li", observation_text(item)) for item in material.case.observed]
    note = tag("p", "All of this is given what was observed: ", standing_text(standing), class_="note")
    return tag("div", note, tag("ul", seen))


def _contents(sections: list[Section]) -> Markup:
    links = [tag("li", tag("a", item.short, href=f"#{item.name}")) for item in sections]
    return tag("nav", tag("ol", links), aria_label="Contents")


def _section(item: Section) -> Markup:
    title = f"{item.name}-title"
    return tag("section", tag("h2", item.title, id=title), item.body, id=item.name, aria_labelledby=title)


def _footer(material: Material) -> Markup:
    return tag(
        "footer",
        tag(
            "p",
            f"Made with Foederis {__version__} from {file_name(material.case)}. An argument made precise, and no "
            "record of what will happen.",
        ),
    )
