"""The base rate of a case: of the past that was known before it, under each definition that fits its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foederis.history import cases as past
from foederis.history.base_rates import Rate, counted_by_us, published, rate_of
from foederis.history.precedents import FOUGHT, fought_in_class
from foederis.language.case import ReferenceClass

if TYPE_CHECKING:
    from pandas import DataFrame as Frame


def reference_rates(wanted: ReferenceClass, bonds: Frame, seed: int) -> tuple[Rate, ...]:
    """The shares under each definition, the one that fits the question best first.

    Pairs of states come first, since a question is about one helper and one helped state, then the published
    lists. With the outcome `fought` and an obligation other than defense there is only our count of pairs that owed so
    much and no defense: the lists say whether such pacts were kept, and that asks for no fighting.

    Args:
        bonds: of precedents.bonds. seed: of the bootstrap.
    """
    if wanted.outcome == FOUGHT and wanted.obligation != "defense":
        named = [(past.ATTACKED, past.PAIR, fought_in_class(bonds, wanted.obligation))]
    else:
        named = [*counted_by_us(wanted.obligation), *published(wanted.obligation)]
    named.sort(key=lambda one: one[1] != past.PAIR)  # a stable sort
    return tuple(rate_of(name, counted, _known(found, wanted), seed) for name, counted, found in named)


def _known(found: Frame, wanted: ReferenceClass) -> Frame:
    found = past.over_before(found, wanted.day)
    return found[found["year"].between(wanted.since or 0, wanted.until or wanted.day.year)]
