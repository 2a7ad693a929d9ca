"""The pieces of an ensemble: some draws of one case in one setting, each known by a hash of all that decides it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.ensembles.nodes import to_plain
from foederis.ensembles.plan import BLOCK, Plan


@dataclass(frozen=True, eq=False)  # each is itself
class Study:
    """A case in a setting under a seed: what its pieces share, as plain data that can be sent to other machines.

    Attributes:
        text: of the crisis file, which was read from `filename` and has the hash `sha256`.
        changes: (path, node as plain data; see nodes.to_plain) pairs.
        what_ifs: names of those that are solved too.
        total: how many worlds are drawn in all; None where nothing is observed, since a world then does not depend on
            how many others there are.
    """

    case: str
    setting: str
    seed: int
    text: str
    filename: str
    sha256: str
    changes: tuple[tuple[str, Any], ...]
    what_ifs: tuple[str, ...]
    total: int | None
    versions: dict[str, str]

    @property
    def observed(self) -> bool:
        return self.total is not None

    def identity(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "setting": self.setting,
            "seed": self.seed,
            "sha256": self.sha256,
            "changes": self.changes,
            "what_ifs": self.what_ifs,
            "total": self.total,
            "versions": self.versions,
        }

    @cached_property
    def hash(self) -> str:
        """Of its worlds, which are worked out before its pieces where something is observed."""
        return _hash({**self.identity(), "what_ifs": None, "worlds": True})


@dataclass(frozen=True, eq=False)
class Piece:
    """So many draws of a study, from the `first` on."""

    study: Study
    first: int
    draws: int

    @cached_property
    def hash(self) -> str:
        return _hash({**self.study.identity(), "first": self.first, "draws": self.draws})

    def places(self, leading: bool) -> NDArray[np.int64]:
        """int64[worlds]: the places of its worlds among all that are drawn.

        Args:
            leading: the first worlds of all come before them: where somebody has private types, these decide how
                beliefs are followed.
        """
        mine = np.arange(self.first, self.first + self.draws)
        return np.concatenate([np.arange(BLOCK), mine]) if leading and self.first else mine

    def entry(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {
            "piece": self.hash,
            "case": self.study.case,
            "setting": self.study.setting,
            "seed": self.study.seed,
            "first_draw": self.first,
            "draws": self.draws,
        }


def _hash(identity: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def studies_of(plan: Plan, versions: dict[str, str]) -> Iterator[Study]:
    """Every case in every setting that is for it, under every seed."""
    for planned, setting in plan.pairs:
        changes = tuple((path, to_plain(node)) for path, node in setting.changes)
        total = plan.draws if (planned.name, setting.name) in plan.observed else None
        case = planned.case
        for seed in plan.seeds:
            yield Study(
                planned.name,
                setting.name,
                seed,
                case.text,
                case.filename,
                case.sha256,
                changes,
                planned.what_ifs,
                total,
                versions,
            )


def pieces_of(plan: Plan, study: Study) -> Iterator[Piece]:
    for first in range(0, plan.draws, plan.piece):
        yield Piece(study, first, min(plan.piece, plan.draws - first))
