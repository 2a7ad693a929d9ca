"""Which datasets are here, and whether they are the versions that are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foederis.history.datasets import datasets, named
from foederis.history.datasets.dataset import Dataset
from foederis.history.datasets.files import difference, find_all, where_to_get


@dataclass(frozen=True)
class Status:
    """A dataset, where its file lies (nowhere: None), and what is wrong with the file (nothing: empty)."""

    dataset: Dataset
    path: Path | None
    problem: str

    @property
    def word(self) -> str:
        if self.path is None:
            return "not here"
        return "another version" if self.problem else "here"

    @property
    def advice(self) -> str:
        """Where to get the file."""
        return where_to_get(self.dataset)

    def brief(self) -> dict[str, Any]:
        """Where it lies and whether it is as known, as plain data."""
        path = None if self.path is None else str(self.path)
        return {"name": self.dataset.name, "status": self.word, "path": path, "problem": self.problem}

    def to_json(self) -> dict[str, Any]:
        """All that is known of it, as plain data."""
        return {**self.brief(), **self.dataset.to_json(), "where_to_get": self.advice}


def statuses(names: Iterable[str] = ()) -> list[Status]:
    """The named datasets, or all.

    Raises:
        DataError: there are no datasets of some names; names all of them.
    """
    wanted = named(names) or list(datasets().values())
    places = find_all(wanted)
    found = []
    for one in wanted:
        there = places[one.name]
        problem = difference(one, there) if there else ""
        found.append(Status(one, there.path if there else None, problem))
    return found
