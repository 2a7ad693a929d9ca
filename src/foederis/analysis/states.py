"""States picked by the levels of their variables, as in `war=over,regime=shaken`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.game.packing import Codes, Packing
from foederis.language.case import Case


def parse_levels(text: str) -> dict[str, str]:
    """{variable: level} from `variable=level,variable=level`.

    Raises:
        CaseError: F705, for each part that is not of this form.
    """
    found, problems = {}, []
    for part in text.split(","):
        name, sign, level = (piece.strip() for piece in part.partition("="))
        if sign and name and level and name not in found:
            found[name] = level
        else:
            problem = f"`{name}` stands twice" if name in found else f"`{part.strip()}` does not say what a variable is"
            problems.append(Diagnostic("F705", problem, help="as in `war=over,regime=shaken`"))
    if problems:
        raise CaseError(problems)
    return found


def read_levels(case: Case, levels: Mapping[str, str]) -> dict[str, int]:
    """{variable: code of the level}.

    Raises:
        CaseError: F102 for each unknown variable, F103 for each unknown level.
    """
    found, problems = {}, []
    for name, level in levels.items():
        variable = case.variables.get(name)
        if variable is None:
            problems.append(
                Diagnostic("F102", f"there is no state variable `{name}`", help=nearest(name, case.variables))
            )
        elif str(level) not in variable.levels:
            message = f"`{name}` has no level `{level}`"
            problems.append(Diagnostic("F103", message, help=nearest(str(level), variable.levels)))
        else:
            found[name] = variable.levels.index(str(level))
    if problems:
        raise CaseError(problems)
    return found


def states_with(packing: Packing, codes: Codes, levels: Mapping[str, int]) -> NDArray[np.bool_]:
    """bool[states]: those in which the variables have these levels."""
    found = np.ones(len(codes), dtype=bool)
    for name, code in levels.items():
        found &= packing.digits(codes, name) == code
    return found
