"""A case and some of its what-ifs, solved again and again in the same worlds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from foederis.analysis.answers import Floats
from foederis.analysis.lab import Laboratory, Told
from foederis.analysis.solving import Progress
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, WhatIf

Worlds = dict[str, Floats]
BASELINE = ""


class Scenarios:
    """The baseline, whose name is empty, and what-ifs by their names.

    Those that impose moves on the case as it stands are solved together with it; each of the others is laid out once.
    """

    def __init__(
        self,
        case: Case,
        questions: Collection[str],
        whatifs: Sequence[WhatIf],
        *,
        max_states: int = MAX_STATES,
        progress: Progress | None = None,
    ):
        self.case = case
        beside = [whatif for whatif in whatifs if not whatif.changes]
        base = Laboratory(case, questions, imposed=beside, max_states=max_states, progress=progress)
        self._labs = [((BASELINE, *(whatif.name for whatif in beside)), base)]
        for whatif in whatifs:
            if whatif.changes:
                lab = Laboratory(case, questions, whatif=whatif, max_states=max_states, progress=progress)
                self._labs.append(((whatif.name,), lab))

    @property
    def residual(self) -> float:
        """The largest residual of all that was solved so far."""
        return max(lab.residual for _, lab in self._labs)

    @property
    def cases(self) -> dict[str, Case]:
        """The case of each scenario, changed where it changes anything."""
        return {name: lab.case for names, lab in self._labs for name in names}

    def ask(self, worlds_of: Callable[[Case], Worlds], draws: int, what: str = "") -> dict[str, Told]:
        """{scenario: its answers}.

        Args:
            worlds_of: the worlds of a scenario's case, {quantity: float64[draws]}: the same draws of each.
            what: what is being solved, for the progress.
        """
        found: dict[str, Told] = {}
        for names, lab in self._labs:
            told = f"{names[0] or 'baseline'}{f', {what}' if what else ''}"
            found.update(zip(names, lab.ask_each(worlds_of(lab.case), draws, told), strict=True))
        return found
