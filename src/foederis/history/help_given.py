"""How far help went: the steps of the hostility ladder that defenders climbed, and kinds of outside support."""

from __future__ import annotations

from dataclasses import dataclass

from foederis.history.datasets import load
from foederis.history.datasets.disputes import HOSTILITY
from foederis.history.datasets.support import SUPPORT_TYPES

FORCE = 4
WAR = 5
DISPUTES, CONFLICTS = (1816, 2014), (1975, 2017)  # first and last years of the data
APART = "not in the dispute"
AGAINST = "on the other side"


@dataclass(frozen=True)
class Step:
    """How many pairs of an attacked state and a defender ended on a step, in disputes short of war and in wars."""

    step: str
    short_of_war: int
    war: int


@dataclass(frozen=True)
class Support:
    """A kind of support from other states: in how many years of actors in armed conflict it was given."""

    kind: str
    to_governments: int
    to_rebels: int


def ladder(since: int, until: int) -> tuple[Step, ...]:
    """How far states went that owed defense to a state against which force was used.

    A pair is a state of side B from the first day on, in a dispute in which side A used force, and a state that owed it
    defense in that year and was in the dispute from the first day on neither side. Counted is the highest hostility
    that the defender reached on side B.

    Args:
        since, until: first and last year in which the dispute began.
    """
    acts, pacts = load("mid-participants"), load("atop-dyad-years")
    year = acts["start"].dt.year
    acts = acts.assign(year=year)[year.between(since, until)]
    force = acts[acts["side_a"]].groupby("dispute")["hostility"].max()
    used = force[force >= FORCE].index
    acts = acts[acts["dispute"].isin(used)]
    is_war = acts.groupby("dispute")["hostility"].max().eq(WAR)
    targets = acts[~acts["side_a"] & acts["originator"]].groupby(["dispute", "state"], as_index=False)["year"].min()
    owed = pacts.loc[pacts["defense"], ["state", "ally", "year"]]
    pairs = targets.merge(owed.rename(columns={"state": "defender", "ally": "state"}), on=["state", "year"])
    first = acts.loc[acts["originator"], ["dispute", "state"]].drop_duplicates().rename(columns={"state": "defender"})
    pairs = pairs.merge(first, how="left", indicator="there").query("there == 'left_only'").drop(columns="there")
    for name, side in (("beside", ~acts["side_a"]), ("against", acts["side_a"])):
        highest = acts[side].groupby(["dispute", "state"], as_index=False)["hostility"].max()
        highest = highest.rename(columns={"state": "defender", "hostility": name})
        pairs = pairs.merge(highest, how="left", on=["dispute", "defender"])
    reached = pairs["beside"].map(HOSTILITY).astype("object")
    reached = reached.mask(pairs["beside"].isna(), APART).mask(pairs["against"].notna(), AGAINST)
    tally = pairs.assign(step=reached, war=pairs["dispute"].map(is_war)).groupby(["step", "war"]).size()
    steps = (AGAINST, APART, *HOSTILITY.values())
    return tuple(Step(step, *(int(tally.get((step, war), 0)) for war in (False, True))) for step in steps)


def support(since: int, until: int) -> tuple[tuple[int, int], tuple[Support, ...]]:
    """What states gave to governments and to rebels in armed conflicts.

    Args:
        since, until: first and last year; the data run from 1975 to 2017.
    Returns:
        How many years of governments and of rebels in an active conflict there are; and in how many each kind of
        support was given. A year of an actor counts once, whatever number of opponents it has, and may have several
        kinds of support.
    """
    found = load("ucdp-external-support")
    found = found[found["active"] & found["year"].between(since, until)]
    kinds = {"any": "by_states", **{kind: kind for kind in SUPPORT_TYPES}}
    years = found.groupby(["actor_is_state", "actor", "year"])[list(kinds.values())].max().reset_index()
    sides = [years[years["actor_is_state"]], years[~years["actor_is_state"]]]
    counts = tuple(Support(kind, *(int(side[column].sum()) for side in sides)) for kind, column in kinds.items())
    return (len(sides[0]), len(sides[1])), counts
