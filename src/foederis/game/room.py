"""How much memory there is for a case, and what to do where it is not enough."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game import store
from foederis.game.packing import Codes, Packing
from foederis.game.rules import Rule

BASE = 0.4e9  # bytes that the program itself takes, with JAX and compiled kernels
FEW = 200_000  # states in all, which fit anywhere
LARGE = 2e9  # bytes, from which on it is said beforehand what a case takes
_MEMORY = Path("/proc/meminfo")
_PROCESS, _GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def limit() -> float:
    """Bytes that this process may take: what the machine has, or what its control groups allow; inf where neither can
    be told."""
    found = [float("inf")]
    with suppress(AttributeError, OSError, ValueError):  # another system
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min([*found, *_of_groups()])


def _of_groups() -> Iterator[int]:
    """What the control groups that the process is in allow, of the first and of the second make."""
    try:
        lines = _PROCESS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number != "0" and "memory" not in controllers.split(","):
            continue
        top, name = (_GROUPS, "memory.max") if number == "0" else (_GROUPS / "memory", "memory.limit_in_bytes")
        here = top / path.lstrip("/")
        for folder in (here, *here.parents):
            with suppress(OSError, ValueError):  # no such limit, or `max`
                yield int((folder / name).read_text(encoding="utf-8"))
            if folder == top:
                break


def free() -> float:
    """Bytes that no process holds just now, as far as the system tells; inf where it does not."""
    with suppress(OSError, StopIteration, ValueError):
        lines = _MEMORY.read_text(encoding="utf-8").splitlines()
        return 1024.0 * int(next(line for line in lines if line.startswith("MemAvailable")).split()[1])
    return float("inf")


def of_links(rule: Rule, states: int) -> float:
    """Bytes of memory that the states of a phase and where they lead take, at least."""
    branches, types = len(rule.branches), len(rule.types)
    leads = 4 * branches * states, branches * states
    return states * (8 + 4 + 4 + 1 + branches * types) + sum(leads) - store.filed(*leads)


def product_of(packing: Packing, codes: Codes) -> str:
    """What multiplies the states of a phase."""
    counts = sorted(packing.levels(codes).items(), key=lambda item: -item[1])
    notes = len(np.unique(codes // packing.states)) if packing.notes > 1 else 1
    counts += [("what is chosen together", notes)] if notes > 1 else []
    return " × ".join(f"{name} ({count:,})" for name, count in counts if count > 1)


def must_fit(needed: float, what: str, states: Iterable[tuple[Packing, Codes]]) -> None:
    """
    Args:
        needed: bytes, by an estimate; what: takes them; states: those of the phase that has most, to say why.
    Raises:
        CaseError: F411 if there is less.
    """
    there = limit()
    if needed <= there:
        return
    message = f"{what} would take about {gigabytes(needed)} of memory, and there are {gigabytes(there)}"
    multiplies = "".join(f"what multiplies: {product_of(*one)}; " for one in states)
    cure = "use fewer levels, variables, options or questions, or a machine with more memory; fewer worlds do not help"
    raise CaseError([Diagnostic("F411", message, help=multiplies + cure)])


def gigabytes(size: float) -> str:
    return f"{size / 1e9:.2g} GB" if size < 9.95e9 else f"{size / 1e9:,.0f} GB"


def said_of(needed: float, filed: float) -> str:
    """A sentence about what solving takes; nothing if it is little.

    Args:
        needed: bytes in all; filed: of them in files, which the system may take out of memory.
    """
    if needed < LARGE:
        return ""
    there, now, alone = limit(), free(), needed - filed
    has = f", of {gigabytes(there)}" if np.isfinite(there) else ""
    files = f"; {gigabytes(filed)} of that may go to the disk in {store.folder()}" if filed >= LARGE / 2 else ""
    scarce = f"; only {gigabytes(now)} are free now" if now < alone <= there else ""
    too_much = ": more than there is" if alone > there else ""
    return f"Solving it takes about {gigabytes(needed)} of memory{has}{too_much}{files}{scarce}."
