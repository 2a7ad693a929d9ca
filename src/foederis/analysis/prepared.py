"""Games that were compiled and laid out for a solve, kept for the next one of the same case, or of a change of it that
makes the same game in other worlds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from foederis.game.compile import compile_game, content_hash, form_hash
from foederis.game.room import FEW
from foederis.game.rules import rules_of
from foederis.language.case import Case

if TYPE_CHECKING:  # at run time this would import the solver
    from foederis.language.memory import Memory
    from foederis.solve.layout import Layout

_KEPT = 4  # games of a case and its changes
Key = tuple[str, int]

_layouts: WeakKeyDictionary[Memory, OrderedDict[Key, Layout]] = WeakKeyDictionary()
_lock = threading.Lock()


class Prepared:
    """The game of a case, and its layout, both made now or before.

    Layouts are kept as long as the case or a change of it is. Not kept is what is large, since it may take up memory
    only while it is solved; nor what has private types, since its layout learns from one solve how fine the grid of
    beliefs of the next has to be.

    Attributes:
        game: that of the case.
    """

    def __init__(self, case: Case, max_states: int):
        """
        Raises:
            CaseError: as compile_game.
        """
        self._key, self._memory = (form_hash(case), max_states), case.memory
        with _lock:
            kept = _layouts.get(case.memory) if case.memory is not None else None
            self._layout = kept.get(self._key) if kept else None
        if self._layout is None:
            self.game = compile_game(case, max_states=max_states)
        else:
            self.game = replace(self._layout.game, hash=content_hash(case, rules_of(case)))

    def layout(self) -> Layout:
        """
        Raises:
            CaseError: F411 if there is too little memory.
        """
        from foederis.solve.layout import lay_out

        found = self._layout or lay_out(self.game)
        if self._memory is not None and not self.game.roster.typed and sum(self.game.structure.states_per_phase) < FEW:
            with _lock:
                kept = _layouts.setdefault(self._memory, OrderedDict())
                kept[self._key] = found
                kept.move_to_end(self._key)
                while len(kept) > _KEPT:
                    kept.popitem(last=False)
        return found
