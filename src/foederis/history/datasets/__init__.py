"""Datasets that others publish: where they are found, whether they are what we know, and tidy frames of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from foederis.diagnostics import nearest
from foederis.history.datasets import alliances, crises, disputes, files, reliability, states, support, wars
from foederis.history.datasets.dataset import DataError, Dataset
from foederis.history.datasets.tidy import tidy

if TYPE_CHECKING:
    import pandas

__all__ = ["DataError", "Dataset", "dataset", "datasets", "fetch", "load", "require"]

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
    if name not in datasets():
        raise DataError(f"there is no dataset `{name}`", nearest(name, datasets()))
    return datasets()[name]


def load(name: str) -> pandas.DataFrame:
    """A dataset as a tidy frame; `dataset(name).columns` says what its columns mean. Needs pandas.

    Raises:
        DataError: there is no such dataset, its file is not there, or it is not the version that is known.
    """
    wanted = dataset(name)
    return tidy(wanted, files.checked(wanted))


def require(names: Iterable[str]) -> None:
    """Whether the files of several datasets are there, so that all that are missing are named at once.

    Raises:
        DataError: some are not; says of each where to get it.
    """
    wanted = [dataset(name) for name in names]
    lacking = [one for one in wanted if files.find(one) is None]
    if not lacking:
        return
    if len(lacking) == 1:
        files.locate(lacking[0])
    listed = "".join(f"\n   {one.name}: `{one.files[0].name}`, {one.title}" for one in lacking)
    places = "".join(f"\n   {one.name}: {files.where_to_get(one)}" for one in lacking)
    message = f"{len(lacking)} of {len(wanted)} data files are not in {files.folder()}:{listed}"
    raise DataError(message, f"where to get them:{places}")


def fetch(name: str) -> Path:
    """Gets a dataset's file from its authors where they offer a plain one. Needs pooch.

    Raises:
        DataError: there is no such dataset, no plain file, no network, or another version comes.
    """
    return files.fetch(dataset(name))
