"""Formulas: `esc + war ~ s_wt_re1 + revis1 | 0 | regime1 | balanc + regime2`.

On the left what was observed, then one part for each utility, set apart by `|`. A part is a sum of terms: a column, an
interaction of columns `a:b`, `1` for a constant and `0` or `- 1` for none. A constant is put in unless it is taken out;
a part that is `0` alone is a utility of zero. Nothing is evaluated: a term is the name of a column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from foederis.history.estimate.errors import FitError

_NAME = r"[^\W\d][\w.]*"
_TERM = re.compile(rf"{_NAME}(?:\s*:\s*{_NAME})*")
_SIGNED = re.compile(r"([+-])([^+-]*)")
_TERMS = "terms are columns joined by `+`, and `a:b`; names of columns have letters, digits, `_` and `.` only"
_CURES = {"*": "write `a + b + a:b`", "^": "put the power into a column", "(": "put the result into a column"}


@dataclass(frozen=True)
class Part:
    """One sum of terms.

    Attributes:
        terms: each the columns that are multiplied, in the order written.
        constant: whether a constant is among them.
    """

    terms: tuple[tuple[str, ...], ...]
    constant: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for term in self.terms for name in term))


@dataclass(frozen=True)
class Formula:
    """Attributes:
    observed: the columns that say what was observed.
    parts: one for each utility.
    """

    observed: tuple[str, ...]
    parts: tuple[Part, ...]


def parse(text: str) -> Formula:
    """
    Raises:
        FitError: no `~`, or a term that is no column, interaction, 0 or 1.
    """
    if not isinstance(text, str):
        raise FitError(f"a formula is a text, as in `esc + war ~ x | 0 | 1 | z`, not {text!r}")
    left, tilde, right = text.partition("~")
    if not tilde:
        raise FitError(f"the formula `{text}` has no `~`; write what was observed, `~`, and a part for each utility")
    observed = parse_part(left, text)
    if not observed.terms or any(len(term) > 1 for term in observed.terms):
        raise FitError(f"before `~` stand the columns that say what was observed, joined by `+`, in `{text}`")
    return Formula(tuple(term[0] for term in observed.terms), parse_parts(right, text))


def parse_parts(text: str, whole: str = "") -> tuple[Part, ...]:
    """Parts set apart by `|`; a `~` may stand before them.

    Raises:
        FitError: a term that is no column, interaction, 0 or 1.
    """
    return tuple(parse_part(part, whole or text) for part in text.strip().removeprefix("~").split("|"))


def parse_part(text: str, whole: str) -> Part:
    """
    Raises:
        FitError: a term that is no column, interaction, 0 or 1.
    """
    stripped = text.strip()
    if not stripped:
        raise FitError(f"a part of the formula `{whole}` is empty; write `0` for a utility of zero, `1` for a constant")
    signed = stripped if stripped[0] in "+-" else f"+{stripped}"
    terms: dict[tuple[str, ...], None] = {}
    constant = True
    for sign, found in _SIGNED.findall(signed):
        term = found.strip()
        if term in ("0", "1"):
            constant = (sign == "+") == (term == "1")
        elif sign == "-":
            raise FitError(
                f"`- {term}` in the formula `{whole}`: only `- 1` can be taken out; leave the term out, or "
                "rename a column with a dash in its name"
            )
        elif _TERM.fullmatch(term):
            terms[tuple(name.strip() for name in term.split(":"))] = None
        else:
            cure = next((c for sign, c in _CURES.items() if sign in term), _TERMS)
            raise FitError(f"`{term}` in the formula `{whole}` is no term; {cure}")
    return Part(tuple(terms), constant)
