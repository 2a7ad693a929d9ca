"""The beliefs with which play begins, from the shares of types in a block of draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.pools import Worlds
from foederis.game.types import Profile, Roster, shares_of
from foederis.solve.beliefs import REACH, Axes, Floats, Grid, coordinates, make_grid, spread_nodes


@dataclass(frozen=True)
class Prior:
    """`shares` by actor with types, float64[types, draws]; `likely`, float64[profiles, draws], how likely each profile
    of types is."""

    shares: tuple[Floats, ...]
    likely: Floats

    def grid(self, axes: Axes, put: Callable[[Any], Any], more: Sequence[Sequence[Floats]] | None = None) -> Grid:
        """The grid with as many nodes as `axes` says, and `more`, by actor and coordinate float64[nodes, draws]."""
        nodes = [
            [
                spread_nodes(prior, axes.nodes, REACH, more[k][c] if more else None)
                for c, prior in enumerate(coordinates(share))
            ]
            for k, share in enumerate(self.shares)
        ]
        return make_grid(Axes(axes.types, len(nodes[0][0])), self.shares, nodes, put)


def prior_of(game: Game, worlds: Worlds, chosen: NDArray[np.int64]) -> Prior | None:
    """None where nobody has types.

    Raises:
        CaseError: impossible shares in some draw.
    """
    if not game.roster.typed:
        return None
    draws = len(chosen)
    mine = {name: values[chosen] for name, values in worlds.items()}
    shares = tuple(shares_of(typed, mine, draws, int(chosen[0])) for typed in game.roster.typed)
    return Prior(shares, likely_of(game.roster, shares))


def likely_of(roster: Roster, shares: Sequence[Floats]) -> Floats:
    """float64[profiles, draws]: how likely each profile of types is, from the shares of types by actor."""
    found = []
    for profile in roster.profiles:
        chance = np.ones(shares[0].shape[1])
        for typed, share in zip(roster.typed, shares, strict=True):
            chance = chance * share[typed.names.index(profile[typed.actor])]
        found.append(chance)
    return np.stack(found)


def share_in(roster: Roster, likely: Floats, actor: str, name: str) -> Floats:
    """float64[draws]: the share of a type, from how likely each profile is."""
    return np.sum([part for part, p in zip(likely, roster.profiles, strict=True) if p[actor] == name], axis=0)


def given_types(roster: Roster, likely: Floats, known: Profile) -> Floats:
    """float64[profiles, draws]: how likely each profile of types is, given some types. A type whose share is 0 leaves
    the others as likely as they are."""
    fits = np.array([all(p[actor] == name for actor, name in known.items()) for p in roster.profiles])
    found = likely * fits[:, None]
    total = found.sum(axis=0)
    without = np.ones_like(likely) * fits[:, None]
    for typed in roster.typed:
        if typed.actor not in known:
            for place, profile in enumerate(roster.profiles):
                without[place] = without[place] * share_in(roster, likely, typed.actor, profile[typed.actor])
    return np.where(total > 0, found / np.where(total > 0, total, 1.0), without)


def given_seen(likely: Floats, evidence: Floats) -> tuple[Floats, Floats]:
    """Profiles of types given what was seen.

    Args:
        likely: float64[profiles, draws], how likely each is before; evidence: likewise, the logarithm of how likely
            what was seen is under each.
    Returns:
        float64[profiles, draws], how likely each is given that, 0 throughout where it cannot be; float64[draws], the
        logarithm of how likely it is.
    """
    can = (likely > 0) & (evidence > -np.inf)
    logs = np.where(can, evidence, -np.inf)
    top = logs.max(axis=0)
    top = np.where(top > -np.inf, top, 0.0)
    odds = np.where(can, likely * np.exp(logs - top), 0.0)
    whole = odds.sum(axis=0)
    known = whole > 0
    kept = np.where(known, whole, 1.0)
    return odds / kept, np.where(known, top + np.log(kept), -np.inf)
