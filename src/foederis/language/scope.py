"""Which names an expression may use at a place of the file, and what each of them means there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from foederis.language.expressions import Expression
from foederis.language.kinds import Kind

UNREAD = "?"  # as `owner`: an actor that could not be read


@dataclass
class Scope:
    """The names an expression may use. What is None may not be read here, and `place` says where `here` is.

    `broken` names stand in the file, but what they mean could not be read and has been reported.

    `types` holds by actor what its type yields; None where that could not be read. `owner` is the actor whose
    item this is: plain `type` is its own, and it may be read here; one that is no actor has been reported. The
    types of others may be read too, unless `hidden` says why not and what to do.
    """

    variables: Mapping[str, Kind]
    facts: Mapping[str, Expression | None]
    quantities: Collection[str]
    actors: Collection[str] = ()
    losses: Callable[[str], Expression | None] | None = None
    place: str = ""
    state: bool = True
    drawn: bool = True
    broken: Collection[str] = ()
    types: Mapping[str, Kind | None] = field(default_factory=dict)
    owner: str = ""
    hidden: str = ""

    def shows(self, actor: str) -> bool:
        """Whether the type of an actor may be read here."""
        return not self.hidden or actor == self.owner

    def knows(self, word: str) -> bool:
        """Whether a word may be read here."""
        if self.state and (word == "step" or word in self.variables or word in self.facts):
            return True
        return self.drawn and word in self.quantities

    def mentions(self, word: str) -> bool:
        """Whether a word is a name at all, be it one that may not be read here."""
        return word == "step" or word in self.variables or word in self.facts or word in self.quantities

    def everything(self) -> set[str]:
        """All names that may be read here."""
        names = {"step", *self.facts, *self.variables} if self.state else set()
        return names | (set(self.quantities) if self.drawn else set())
