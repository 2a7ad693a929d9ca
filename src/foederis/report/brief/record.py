"""The record: with what the brief was made, how it was checked, and the file itself."""

from __future__ import annotations

import base64
import platform
import shlex
from importlib.metadata import version

from foederis._version import __version__
from foederis.diagnostics import Report
from foederis.language.case import Case
from foederis.language.source import parse
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, file_name, moment
from foederis.report.words import counted, points


def record(material: Material) -> Section:
    answer, case = material.answer, material.case
    check = answer.check
    bound = "no bound applies" if check.regret_bound == float("inf") else f"bound {points(check.regret_bound)}"
    facts: list[tuple[str, Child]] = [
        ("Made by", tag("code", command(material))),
        ("Possible worlds", f"{answer.draws:,}, what-ifs in {material.compared.draws:,} of them; seed {answer.seed}"),
        ("Crisis", _crisis(case)),
        ("Check", f"largest residual {material.residual:.1g} of the range of payoffs (limit 1e-9)"),
        ("Largest regret", f"{points(check.regret)} points in one choice ({bound})"),
        ("File, SHA-256", tag("code", case.sha256)),
        ("Game", tag("code", answer.game_hash)),
        ("Versions", _versions()),
    ]
    body = join(
        tag("dl", [join(tag("dt", name), tag("dd", value)) for name, value in facts], class_="facts"),
        _warnings(case),
        _file(material),
    )
    return Section("record", "How this brief was made", "Record and file", body)


def _crisis(case: Case) -> str:
    clock = case.clock
    begins = f" from {moment(case, 0)}" if clock.start else ""
    return f"{counted(clock.steps, 'step')} of {clock.step_text}{begins}"


def _versions() -> str:
    parts = [f"{name} {version(name.lower())}" for name in ("JAX", "NumPy")]
    return f"Foederis {__version__}, Python {platform.python_version()}, {', '.join(parts)}"


def command(material: Material) -> str:
    """What makes this brief again from the file in it."""
    answer = material.answer
    words = ["foederis", "report", file_name(material.case)]
    words += ["--draws", str(answer.draws), "--seed", str(answer.seed)]
    for setting in material.settings:
        words += ["--set", setting]
    if material.what_ifs != ("all",):
        for name in material.what_ifs or ("none",):
            words += ["--what-if", name]
    return shlex.join(words)


def is_changed_elsewhere(material: Material) -> bool:
    """Whether the case was changed by more than the stated settings, so that its file alone does not give it."""
    case = material.case
    return not material.settings and parse(case.text, Report()) != case.root


def _warnings(case: Case) -> Markup | None:
    if not case.warnings:
        return None
    lines = [tag("li", f"{item.message} ", tag("small", item.code)) for item in case.warnings]
    return join(tag("h3", "Warnings about the file"), tag("ul", lines))


def _file(material: Material) -> Markup:
    """The crisis file: to be read here, or saved and run again."""
    case = material.case
    name = file_name(case)
    address = "data:application/yaml;charset=utf-8;base64," + base64.b64encode(case.text.encode("utf-8")).decode(
        "ascii"
    )
    needed = sorted({source.details["file"] for source in case.sources.values() if "file" in source.details})
    files = f" It also needs, beside it: {', '.join(needed)}." if needed else ""
    changed = tag(
        "p",
        "The case was changed in Python before it was solved, so the file alone does not give this brief.",
        class_="note",
    )
    lines = case.text.count("\n") + 1
    return join(
        tag("h3", "The crisis file"),
        changed if is_changed_elsewhere(material) else None,
        tag(
            "p",
            "This brief was worked out from the file below and from nothing else. To run it again, ",
            tag("a", f"save it as {name}", href=address, download=name),
            " and give the command above." + files,
        ),
        tag(
            "details",
            tag("summary", f"Read {name} ({lines:,} lines)"),
            tag("pre", case.text, tabindex=0),
            class_="file",
        ),
    )
