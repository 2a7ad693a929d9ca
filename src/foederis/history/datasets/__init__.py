"""Datasets that others publish: where they are found, whether they are what we know, and tidy frames of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from foederis.diagnostics import nearest
from foederis.history.datasets import alliances, crises, disputes, files, reliability, states, support, wars
from foederis.history.datasets.dataset import DataError, Dataset
from foederis.history.datasets.tidy import tidy

if TYPE_CHECKING:
    import pandas

__all__ = ["DataError", "Dataset", "dataset", "datasets", "fetch", "load"]

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


def fetch(name: str) -> Path:
    """Gets a dataset's file from its authors where they offer a plain one. Needs pooch.

    Raises:
        DataError: there is no such dataset, no plain file, no network, or another version comes.
    """
    return files.fetch(dataset(name))
