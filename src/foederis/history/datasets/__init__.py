"""Datasets that others publish: where they are found, whether they are what we know, and tidy frames of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from foederis.diagnostics import nearest
from foederis.history.datasets import alliances, crises, disputes, files, reliability, states, support, wars
from foederis.history.datasets.dataset import DataError, Dataset, raise_all
from foederis.history.datasets.tidy import tidy

if TYPE_CHECKING:
    import pandas

__all__ = ["DataError", "Dataset", "dataset", "datasets", "fetch", "load", "named", "require"]

_GROUPS = (wars, alliances, disputes, states, crises, reliability, support)


@cache
def datasets() -> dict[str, Dataset]:
    """All datasets that there are loaders for, by name."""
    return {dataset.name: dataset for group in _GROUPS for dataset in group.DATASETS}


def dataset(name: str) -> Dataset:
    """What is known of a dataset.

    Raises:
        DataError: there is none of the name.
    """
    return named([name])[0]


def named(names: Iterable[str]) -> list[Dataset]:
    """What is known of several datasets.

    Raises:
        DataError: there are none of some names; names all of them.
    """
    wanted = list(names)
    raise_all([
        (f"there is no dataset `{name}`", nearest(name, datasets())) for name in wanted if name not in datasets()
    ])  # fmt: skip
    return [datasets()[name] for name in wanted]


def load(name: str) -> pandas.DataFrame:
    """A dataset as a tidy frame; `dataset(name).columns` says what its columns mean. Needs pandas.

    Raises:
        DataError: there is no such dataset, its file is not there, or it is not the version that is known.
    """
    wanted = dataset(name)
    return tidy(wanted, files.checked(wanted))


def require(names: Iterable[str]) -> None:
    """Whether the files of several datasets are there and as known, so that all that are not are named at once.

    Raises:
        DataError: some are not; says of each what is wrong and where to get it.
    """
    wanted = named(names)
    there = files.find_all(wanted)
    lacking = [one for one in wanted if there[one.name] is None]
    wrong = {
        one.name: f"{found.path} {problem}"
        for one in wanted
        if (found := there[one.name]) is not None and (problem := files.difference(one, found))
    }
    bad = [one for one in wanted if there[one.name] is None or one.name in wrong]
    if len(bad) == 1:
        files.checked(bad[0])
    if not bad:
        return
    told = []
    if lacking:
        listed = "".join(f"\n   {one.name}: `{one.files[0].name}`, {one.title}" for one in lacking)
        told.append(f"{len(lacking)} of {len(wanted)} data files are not in {files.described_folder()}:{listed}")
    if wrong:
        listed = "".join(f"\n   {name}: {problem}" for name, problem in wrong.items())
        told.append(f"{len(wrong)} of {len(wanted)} data files are not as known:{listed}")
    places = "".join(f"\n   {one.name}: {files.where_to_get(one)}" for one in bad)
    raise DataError("\n".join(told), f"where to get them:{places}")


def fetch(name: str) -> Path:
    """Gets a dataset's file from its authors where they offer a plain one. Needs pooch.

    Raises:
        DataError: there is no such dataset, no plain file, no network, or another version comes.
    """
    return files.fetch(dataset(name))
