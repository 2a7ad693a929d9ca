"""Small crisis files for tests: one whole file, of which a test replaces the sections that it is about."""

from __future__ import annotations

import textwrap

from foederis.diagnostics import CaseError, Diagnostic, render_all
from foederis.language.case import Case
from foederis.language.check import read_text

SECTIONS = {
    "foederis": "1",
    "title": "A small crisis",
    "clock": "{start: 2030-01-01, step: 1 week, steps: 4}",
    "actors": """
        patron: {rationality: 0.5}
        rival: {rationality: 0.5}
    """,
    "state": """
        war: [on, over]
        help: [words, arms, troops]
        fallen: flag
        count: 0..6
    """,
    "facts": "{fighting: war == on}",
    "quantities": """
        stake: 5 to 20
        chance: 10% to 30%
        fixed: 4
    """,
    "sources": "{memo: {title: A memo, reliability: B}}",
    "moves": """
        - actor: patron
          when: fighting
          options:
            wait:
            send: {when: help < arms, sets: {help: arms}, pays: {patron: -1}}
        - actor: rival
          when: fighting
          options:
            press: {}
            stop: {sets: {war: over}}
    """,
    "events": "{fall: {when: fighting, chance: chance, sets: {fallen: yes}}}",
    "interests": "{patron: {client: {worth: -stake, when: fallen, paid: at_end}}}",
    "questions": """
        falls: {at_end: fallen}
        sends: {takes: patron.send}
    """,
}


def text_of(**sections: str | None) -> str:
    """A crisis file with some sections replaced, added, or left out (None)."""
    lines = []
    for name, content in {**SECTIONS, **sections}.items():
        if content is None:
            continue
        if content.startswith("\n"):
            lines.append(f"{name}:\n{textwrap.indent(textwrap.dedent(content).strip(), '  ')}")
        else:
            lines.append(f"{name}: {content}")
    return "\n".join(lines) + "\n"


TYPED_ACTORS = """
    patron: {rationality: RATIONALITY, patience: PATIENCE, reconsiders: every RECONSIDERS weeks, types: {weak: SHARE, strong: 60%}}
    rival: {rationality: 0.5, types: {bold: 10%, weak: 90%}}
    bystander: {rationality: 1}
"""


def typed(**changes: str) -> dict[str, str | None]:
    """Sections with private types, and a fact that reads one; some numbers of the patron's replaced."""
    text = TYPED_ACTORS
    for word, value in {"RATIONALITY": "0.5", "PATIENCE": "1", "RECONSIDERS": "2", "SHARE": "40%", **changes}.items():
        text = text.replace(word, value)
    return {"actors": text, "facts": "{fighting: war == on, tender: patron.type == weak}"}


def case_of(**sections: str | None) -> Case:
    return read_text(text_of(**sections), filename="small.yaml")


def mistakes_in(text: str) -> tuple[Diagnostic, ...]:
    """The mistakes in a text; none if it is in order."""
    try:
        read_text(text, filename="small.yaml")
    except CaseError as error:
        return tuple(item for item in error.diagnostics if item.is_error)
    return ()


def mistakes(**sections: str | None) -> tuple[Diagnostic, ...]:
    return mistakes_in(text_of(**sections))


def only(**sections: str | None) -> Diagnostic:
    """The one mistake that a file has."""
    found = mistakes(**sections)
    assert len(found) == 1, render_all(found, text_of(**sections), "small.yaml")
    return found[0]


def marked(item: Diagnostic, text: str) -> str:
    """What a diagnostic marks in the first line of its span."""
    assert item.span is not None
    line = text.split("\n")[item.span.line - 1]
    end = item.span.end_column - 1 if item.span.end_line == item.span.line else len(line)
    return line[item.span.column - 1 : end]
