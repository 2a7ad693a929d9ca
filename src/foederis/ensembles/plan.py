"""The plan of an ensemble: which cases are solved, in which settings and in how many worlds."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from foederis.analysis.gallery import gallery
from foederis.analysis.solving import MAX_DRAWS
from foederis.diagnostics import CaseError, Diagnostic, Report, Span, TooMany, nearest
from foederis.ensembles.nodes import moved, moved_span, to_words
from foederis.ensembles.shapes import PLAN, PLAN_VERSION, PLANNED_CASE, SETTING
from foederis.language import check, source
from foederis.language.case import Case
from foederis.language.forms import Forms, is_empty
from foederis.language.source import Mapping, Node, Scalar, Sequence

DRAWS, PIECE, SEED = 1024, 256, 0
BLOCK = 32  # worlds, the most that are solved at once
MAX_SETTINGS = 10_000
MAX_PIECES = 1_000_000
AS_WRITTEN = "as_written"
_BELOW = 10**8  # lines: where the nodes of a plan are put, so that their places differ from those of the crisis file


@dataclass(frozen=True)
class PlannedCase:
    """A case under the name that it has in the plan, and the what-ifs that are solved too, in the order of the file."""

    name: str
    case: Case
    what_ifs: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """Changes to cases: (path, node) pairs; `cases` are the names of those that it is for."""

    name: str
    changes: tuple[tuple[str, Node], ...]
    cases: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True)
class Plan:
    """Attributes:
    draws: worlds of each case, setting and seed; piece: how many of them are solved in one go.
    observed: the (case, setting) pairs in which something is observed.
    """

    title: str
    cases: tuple[PlannedCase, ...]
    settings: tuple[Setting, ...]
    draws: int
    piece: int
    seeds: tuple[int, ...]
    observed: frozenset[tuple[str, str]]
    text: str
    filename: str
    sha256: str

    @property
    def pairs(self) -> Iterator[tuple[PlannedCase, Setting]]:
        """Each case in each setting that is for it."""
        return ((case, setting) for case in self.cases for setting in self.settings if case.name in setting.cases)


def read_plan(path: str | Path) -> Plan:
    """The plan in a file.

    Raises:
        CaseError: with every mistake found, also those that settings make in the crisis files.
    """
    path = Path(path)
    text = source.decode(source.read_bytes(path), path.name)
    return read_plan_text(text, filename=path.name, folder=path.parent)


def read_plan_text(text: str, *, filename: str = "<text>", folder: Path | None = None) -> Plan:
    """As read_plan; `folder` is where its crisis files lie, this one if None."""
    report = Report()
    plan = None
    try:
        if not text.strip():
            report.add("F004", "the file is empty", None, f"begin with `ensemble: {PLAN_VERSION}` and `cases:`")
        elif (root := source.parse(text, report)) is not None and _is_plan(root, report):
            plan = _Reader(report, folder or Path()).plan(root)
    except TooMany:
        message = f"there are more than {len(report.found)} mistakes; the rest is not listed"
        report.found.append(Diagnostic("F010", message, help="mend those above and try again"))
    if plan is None or report.has_errors:
        raise CaseError(report.in_order(), text, filename)
    return replace(plan, text=text, filename=filename, sha256=hashlib.sha256(text.encode()).hexdigest())


def _is_plan(root: Node, report: Report) -> bool:
    begin = f"begin with `ensemble: {PLAN_VERSION}`"
    if not isinstance(root, Mapping):
        report.add("F201", "a plan is a mapping of keys", root.span, f"{begin} and `cases: …`")
        return False
    node = root.get("ensemble")
    if node is None:
        crisis = "; this is a crisis file: a plan names it under `cases`" if root.get("foederis") else ""
        report.add("F009", "this is not marked as the plan of an ensemble", root.span, begin + crisis)
        return False
    if getattr(node, "text", None) != str(PLAN_VERSION):
        cure = f"this version of Foederis reads version {PLAN_VERSION}"
        report.add("F009", f"the language of plans has no version `{getattr(node, 'text', '…')}`", node.span, cure)
        return False
    return True


class _Reader(Forms):
    """Reads a plan."""

    def __init__(self, report: Report, folder: Path):
        super().__init__(report)
        self.folder = folder
        self.declared: list[str] = []  # of the cases in the plan, also of those that could not be read

    def plan(self, root: Node) -> Plan:
        entries = self.keys(root, PLAN, "the plan")
        cases = self._cases(entries.get("cases"))
        settings = self._settings(entries.get("settings"), self.declared)
        draws = self._count(entries, "draws", DRAWS)
        piece = self._count(entries, "piece", PIECE)
        if piece % BLOCK:
            cure = f"write {max(1, round(piece / BLOCK)) * BLOCK}: worlds are solved in blocks of {BLOCK}"
            self.report.add("F213", f"`piece` must be a multiple of {BLOCK}", entries["piece"].span, cure)
        seeds = self._seeds(entries.get("seeds"))
        title = self.text(entries["title"], "`title`") if "title" in entries else ""
        settled = tuple(setting for setting, _ in settings)
        plan = Plan(title, tuple(cases), settled, draws, piece, seeds, frozenset(), "", "", "")
        pieces = sum(1 for _ in plan.pairs) * len(seeds) * math.ceil(draws / piece)
        if pieces > MAX_PIECES:
            cure = "solve fewer, or more worlds in one go, with `piece`"
            self.report.add("F822", f"the plan has {pieces:,} pieces; {MAX_PIECES:,} are the most", root.span, cure)
            return plan
        return replace(plan, observed=frozenset(self._fit(cases, settings)))

    def _count(self, entries: dict[str, Node], key: str, usual: int) -> int:
        found = self.integer(entries[key], f"`{key}`", 1, MAX_DRAWS) if key in entries else None
        return usual if found is None else found

    def _one_or_more(self, node: Node, where: str) -> tuple[Node, ...]:
        return (node,) if isinstance(node, Scalar) else self.sequence(node, where)

    def _seeds(self, node: Node | None) -> tuple[int, ...]:
        found: dict[int, Node] = {}
        for item in self._one_or_more(node, "`seeds`") if node is not None and not is_empty(node) else ():
            seed = self.integer(item, "a seed", 0, 2**63 - 1)
            if seed in found:
                self.report.add("F111", f"the seed {seed} stands twice", item.span, "keep one of them")
            elif seed is not None:
                found[seed] = item
        return tuple(found) or (SEED,)

    # Cases

    def _cases(self, node: Node | None) -> list[PlannedCase]:
        found = []
        items = self.items(node, "`cases`")
        if node is not None and not items and not self.report.has_errors:
            self.report.add("F202", "the plan names no case", node.span, "as in `cases: {kremlin: kremlin}`")
        for key, item in items:
            self.declared.append(key.text)
            entries = self.keys(item, PLANNED_CASE, f"the case `{key.text}`")
            case = self._case(key.text, entries["file"]) if "file" in entries else None
            if case is not None:
                found.append(PlannedCase(key.text, case, self._what_ifs(case, entries.get("what_ifs"))))
        return found

    def _case(self, name: str, node: Node) -> Case | None:
        scalar = self.scalar(node, f"the file of `{name}`")
        if scalar is None:
            return None
        path, shipped = self.folder / scalar.text, gallery()
        if not path.exists() and scalar.text in shipped:
            path = shipped[scalar.text]
        elif not path.exists():
            cure = "paths begin in the plan's folder" if "/" in scalar.text else nearest(scalar.text, shipped)
            message = f"there is no file and no shipped case `{scalar.text}`"
            self.report.add("F001", message, scalar.span, cure + "; `foederis cases` lists the shipped ones")
            return None
        try:
            return check.read_file(path)
        except CaseError as error:
            first, *more = [item for item in error.diagnostics if item.is_error]
            line = f" in line {first.span.line}" if first.span else ""
            told = f"{1 + len(more)} mistakes, the first" if more else "a mistake"
            message = f"the crisis file {scalar.text} has {told}{line}: {first.message} [{first.code}]"
            self.report.add("F821", message, scalar.span, f"`foederis check {scalar.text}` shows the place")
            return None

    def _what_ifs(self, case: Case, node: Node | None) -> tuple[str, ...]:
        if node is None or is_empty(node):
            return ()
        wanted = set()
        for item in self._one_or_more(node, "`what_ifs`"):
            found = self.scalar(item, "a what-if")
            if found is not None and found.text == "all":
                wanted |= set(case.whatifs)
            elif found is not None and self.word(found, "", case.whatifs, "F109", "what-if"):
                wanted.add(found.text)
        return tuple(name for name in case.whatifs if name in wanted)

    # Settings

    def _settings(self, node: Node | None, cases: list[str]) -> list[tuple[Setting, tuple[Scalar, ...]]]:
        """Each with where its paths stand."""
        items = self.items(node, "`settings`")
        if not items:
            return [(Setting(AS_WRITTEN, (), tuple(cases)), ())]
        found: list[tuple[Setting, tuple[Scalar, ...]]] = []
        for key, item in items:
            for setting in self._setting(key, item, cases):
                found.append(setting)
                if len(found) > MAX_SETTINGS:
                    message = f"there are more than {MAX_SETTINGS:,} settings up to here"
                    self.report.add("F822", message, key.span, "vary fewer values, or make two plans of it")
                    return []
        return found

    def _setting(self, key: Scalar, node: Node, cases: list[str]) -> Iterator[tuple[Setting, tuple[Scalar, ...]]]:
        """The setting of an item, or one for each combination of what it varies, named with its number."""
        where = f"the setting `{key.text}`"
        entries = self.keys(node, SETTING, where)
        chosen = tuple(cases)
        if "cases" in entries:
            names = [self.scalar(item, "a case") for item in self._one_or_more(entries["cases"], f"`cases` of {where}")]
            chosen = tuple(
                name.text for name in names if name is not None and self.word(name, "", cases, "F102", "case")
            )
        fixed = self._paths(entries.get("set"), f"`set` of {where}")
        varied = self._paths(entries.get("vary"), f"`vary` of {where}")
        says = self.text(entries["says"], "`says`") if "says" in entries else ""
        for path in varied:
            if path.text in {other.text for other in fixed}:
                self.report.add("F111", f"`{path.text}` is both set and varied", path.span, "keep one of them")
        lists = [self._contents(path, item) for path, item in varied.items()]
        places = (*fixed, *varied)
        for number, values in enumerate(product(*lists), start=1):
            name = f"{key.text}.{number}" if varied else key.text
            changes = [(path.text, value) for path, value in zip(places, (*fixed.values(), *values), strict=True)]
            told = ", ".join(f"{path.text}={to_words(value)}" for path, value in zip(varied, values, strict=True))
            yield Setting(name, tuple(changes), chosen, "; ".join(filter(None, (says, told)))), places

    def _contents(self, path: Scalar, node: Node) -> tuple[Node, ...]:
        if isinstance(node, Sequence) and node.items:
            return node.items
        self.report.add("F201", f"`{path.text}` must be varied over a list", node.span, "as in `[5 to 20, 10 to 40]`")
        return ()

    def _paths(self, node: Node | None, where: str) -> dict[Scalar, Node]:
        if node is None or is_empty(node):
            return {}
        if isinstance(node, Mapping):
            return dict(node.entries)
        self.report.add("F201", f"{where} must be a mapping of paths", node.span, "as in `quantities.stake: 10 to 40`")
        return {}

    # Both

    def _fit(
        self, cases: list[PlannedCase], settings: list[tuple[Setting, tuple[Scalar, ...]]]
    ) -> Iterator[tuple[str, str]]:
        """Tries every setting on every case that it is for, and names the pairs in which something is observed."""
        for planned in cases:
            for setting, places in settings:
                if planned.name not in setting.cases:
                    continue
                changes = [(path, moved(node, _BELOW)) for path, node in setting.changes]
                try:
                    below = tuple(moved(place, _BELOW) for place in places)
                    changed = check.change(planned.case, changes, places=below) if changes else planned.case
                except CaseError as error:
                    for item in error.diagnostics:
                        if item.is_error:
                            self._misfit(item, planned, setting, places[0].span)
                else:
                    if changed.observed:
                        yield planned.name, setting.name

    def _misfit(self, item: Diagnostic, planned: PlannedCase, setting: Setting, place: Span) -> None:
        """A mistake that a setting makes in a case: where it stands in the plan, or else under what it changes."""
        if item.span is not None and item.span.line > _BELOW:
            message = f"in the case `{planned.name}`: {item.message}"
            self.report.add(item.code, message, moved_span(item.span, -_BELOW), item.help)
            return
        line = f" in line {item.span.line}" if item.span else ""
        message = f"with the setting `{setting.name}`, {planned.case.filename} has a mistake{line}: {item.message}"
        self.report.add("F823", f"{message} [{item.code}]", place, item.help)
