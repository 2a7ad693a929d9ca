"""Base rates: how often alliances were kept when it came to war, under the definitions in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis._version import __version__
from foederis.analysis.result import Row, plain
from foederis.diagnostics import nearest
from foederis.history import cases as past
from foederis.history.attacks import defenders, neutrals
from foederis.history.datasets import DataError, require
from foederis.history.datasets.dataset import raise_all
from foederis.history.help_given import Step, Support, ladder, support
from foederis.history.intervals import Interval, by_cluster, jeffreys

if TYPE_CHECKING:
    import pandas

FIRST_YEAR, LAST_YEAR = 1816, 2100
# How our own count of attacks counts, and the files that it needs.
COUNTS = {"defense": (past.ONE, past.EVERY, past.PAIR), "neutrality": (past.EVERY, past.PAIR)}
NEEDS = ("cow-wars", "cow-war-dyads", "atop-members")
LAST_WAR = 2003  # in the list of Berkemeier and Fuhrmann, and in COW's of pairs


@dataclass(frozen=True)
class WarShare:
    """The cases of one war, and the rate if it had not been (nan if it has all cases)."""

    war: str
    year: int
    kept: int
    cases: int
    rate_without: float


@dataclass(frozen=True)
class Rate:
    """A share of cases in which an alliance was kept.

    Attributes:
        definition: what a case is; counted: what is counted, alliances or pairs of states.
        independent: the Jeffreys interval, as if cases were independent. by_war: the bootstrap over wars, since the
            cases of a war share its fate; nan where wars do not differ. Both 95 %.
        wars: those that the cases are from, the ones that move the rate most first.
    """

    definition: str
    counted: str
    kept: int
    cases: int
    independent: Interval
    by_war: Interval
    wars: tuple[WarShare, ...]

    @property
    def rate(self) -> float:
        return self.kept / self.cases if self.cases else float("nan")

    def row(self) -> Row:
        """The share and its intervals, without the wars."""
        return {
            "definition": self.definition,
            "counted": self.counted,
            "kept": self.kept,
            "cases": self.cases,
            "rate": self.rate,
            "independent_low": self.independent.low,
            "independent_high": self.independent.high,
            "by_war_low": self.by_war.low,
            "by_war_high": self.by_war.high,
            "wars": len(self.wars),
        }


@dataclass(frozen=True)
class BaseRate:
    """How often alliances were kept, and how far help went.

    Attributes:
        obligation, since, until, multilateral, major_power: which cases were looked at; None is all.
        rates: the share under each definition, the published one first.
        ladder: how far defenders went in disputes; only where the obligation is defense or any.
        support: kinds of support from states in armed conflicts; support_years: years of governments and of rebels. The
            ladder and the support are not narrowed to alliances by their size or their major powers.
        notes: what could not be worked out, and why.
    """

    obligation: str
    since: int | None
    until: int | None
    multilateral: bool | None
    major_power: bool | None
    seed: int
    rates: tuple[Rate, ...]
    ladder: tuple[Step, ...] = ()
    support: tuple[Support, ...] = ()
    support_years: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """A row for each definition."""
        return [rate.row() for rate in self.rates]

    def to_frame(self) -> pandas.DataFrame:
        """The rows as a table. Needs pandas."""
        import pandas

        return pandas.DataFrame(self.rows())

    def to_json(self) -> dict[str, Any]:
        """Everything as plain data; the same object that the command prints with `--json`."""
        asked = {name: getattr(self, name) for name in ("obligation", "since", "until", "multilateral", "major_power")}
        wars = {f"{rate.definition}: {rate.counted}": [asdict(war) for war in rate.wars] for rate in self.rates}
        return plain({
            "foederis": __version__,
            **asked,
            "seed": self.seed,
            "rows": self.rows(),
            "wars": wars,
            "ladder": [asdict(step) for step in self.ladder],
            "support_years": dict(zip(("governments", "rebels"), self.support_years, strict=True)),
            "support": [asdict(kind) for kind in self.support],
            "notes": list(self.notes),
        })  # fmt: skip


def base_rate(
    obligation: str = past.ANY,
    *,
    since: int | None = None,
    until: int | None = None,
    multilateral: bool | None = None,
    major_power: bool | None = None,
    seed: int = 0,
) -> BaseRate:
    """How often alliances were kept when it came to war. Needs pandas and data files.

    Args:
        obligation: "any", "defense", "offense", "neutrality", "nonaggression" or "consultation".
        since, until: first and last year of the cases; None is no limit.
        multilateral: alliances of more than two members only, or of two only.
        major_power: only alliances with a major power as a member in the year of the case, or without one.
        seed: of the bootstrap, 0 or more.
    Raises:
        DataError: no such obligation, years without wars or the wrong way round, a negative seed; all of them at once.
            Or no definition has its files; names all that are missing.
    """
    raise_all(list(_mistakes(obligation, since, until, seed)))
    notes: list[str] = []
    rates: list[Rate] = []

    def choose(found: pandas.DataFrame) -> pandas.DataFrame:
        return _chosen(found, since, until, multilateral, major_power)

    for source in (published, counted_by_us):
        try:
            named = source(obligation, choose)
        except DataError as error:
            notes.append(f"{source.__doc__} is left out: {error.message}")
            problem = error
            continue
        rates += [rate_of(definition, counted, found, seed) for definition, counted, found in named]
    if not rates:
        require(("berkemeier-fuhrmann", *(NEEDS if obligation in COUNTS else ())))
        raise problem
    years = (since or FIRST_YEAR, until or LAST_YEAR)
    steps: tuple[Step, ...] = ()
    kinds: tuple[tuple[int, int], tuple[Support, ...]] = ((0, 0), ())
    try:
        steps = ladder(*years) if obligation in (past.ANY, "defense") else ()
    except DataError as error:
        notes.append(f"how far defenders went is left out: {error.message}")
    try:
        kinds = support(*years)
    except DataError as error:
        notes.append(f"support from outside is left out: {error.message}")
    asked = (obligation, since, until, multilateral, major_power, seed)
    return BaseRate(*asked, tuple(rates), steps, kinds[1], kinds[0], tuple(notes))


Choice = Callable[["pandas.DataFrame"], "pandas.DataFrame"]


def _all(found: pandas.DataFrame) -> pandas.DataFrame:
    return found


def _mistakes(obligation: str, since: int | None, until: int | None, seed: int) -> Iterator[tuple[str, str]]:
    if obligation not in past.CHOICES:
        yield f"there is no obligation `{obligation}`", nearest(obligation, past.CHOICES)
    if since is not None and until is not None and since > until:
        yield f"since {since} and until {until} leaves no year", "give the earlier year as `since`"
    if since is not None and since < 1000:  # such as 45 for 1945
        yield f"`since` is a year of four digits, not {since}", f"leave it out for all from {FIRST_YEAR} on"
    if since is not None and since > LAST_WAR:
        yield f"there are no cases from {since} on", f"the lists of wars end with {LAST_WAR}"
    if until is not None and until < FIRST_YEAR:
        yield f"there are no cases until {until}", f"the lists of wars begin with {FIRST_YEAR}"
    if seed < 0:
        yield f"a seed is 0 or more, not {seed}", ""


def published(obligation: str, choose: Choice = _all) -> list[tuple[str, str, pandas.DataFrame]]:
    """Berkemeier and Fuhrmann's list of cases"""
    return [(name, past.WHOLE, choose(past.invoked(name, obligation))) for name in (past.LLM, past.BF)]


def counted_by_us(obligation: str, choose: Choice = _all) -> list[tuple[str, str, pandas.DataFrame]]:
    """our own count of attacks"""
    if obligation not in COUNTS:
        return []
    # Alliances are chosen before pairs are made of them, since a pair may be bound by one of each kind.
    members = choose(defenders() if obligation == "defense" else neutrals())
    return [(past.ATTACKED, counted, past.attacked(members, counted)) for counted in COUNTS[obligation]]


def _chosen(
    found: pandas.DataFrame, since: int | None, until: int | None, multilateral: bool | None, major_power: bool | None
) -> pandas.DataFrame:
    found = found[found["year"].between(since or FIRST_YEAR, until or LAST_YEAR)]
    if multilateral is not None:
        found = found[found["multilateral"].astype(bool).eq(multilateral)]
    if major_power is not None:
        found = past.with_majors(found)
        found = found[found["major_power"].eq(major_power)]
    return found


def rate_of(definition: str, counted: str, found: pandas.DataFrame, seed: int) -> Rate:
    groups = found.assign(kept=found["kept"].astype(bool)).groupby("war")
    by_war = groups.agg(name=("war_name", "first"), year=("year", "min"), kept=("kept", "sum"), cases=("kept", "size"))
    kept, cases = (by_war[name].to_numpy(np.int64) for name in ("kept", "cases"))
    every, total = int(kept.sum()), int(cases.sum())
    wars = []
    for war in by_war.itertuples():
        left = total - war.cases
        without = (every - war.kept) / left if left else float("nan")
        wars.append(WarShare(str(war.name), int(war.year), int(war.kept), int(war.cases), without))
    whole = every / total if total else float("nan")
    wars.sort(key=lambda war: (-abs(np.nan_to_num(war.rate_without - whole, nan=1.0)), war.year))
    return Rate(
        definition, counted, every, total, jeffreys(every, total), by_cluster(kept, cases, seed=seed), tuple(wars)
    )
