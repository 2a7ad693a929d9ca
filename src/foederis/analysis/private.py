"""What cannot be done yet where somebody has private types, said plainly."""

from __future__ import annotations

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case


def refuse_types(case: Case, command: str, cure: str) -> None:
    """Refuses a case in which somebody has private types; `cure` says what to do instead.

    Raises:
        CaseError: F210.
    """
    typed = [f"`{name}`" for name, actor in case.actors.items() if actor.types]
    if typed:
        have = "has" if len(typed) == 1 else "have"
        message = f"`foederis {command}` is not there yet for private types, which {' and '.join(typed)} {have}"
        raise CaseError([Diagnostic("F210", message, help=cure)], case.text, case.filename)
