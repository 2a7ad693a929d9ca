"""Reading tables as they are: line ends, marks, codes for missing values, dates in three columns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.history.datasets.dataset import Column, DataError, Dataset, Kind

if TYPE_CHECKING:
    from pandas import DataFrame as Frame
    from pandas import Series


def pandas_module() -> Any:
    """Pandas, imported when first needed.

    Raises:
        DataError: it is not installed.
    """
    try:
        import pandas
    except ImportError:
        help = "install the extra `history`, as in `pip install 'foederis[history]'`"
        raise DataError("reading data files needs pandas, which is not installed", help) from None
    return pandas


def read_table(path: Path, *, missing: Collection[float] = (), keep: Collection[str] = ()) -> Frame:
    """A CSV file as a frame: any line ends, byte order mark or not, `NA` a text like others.

    Args:
        missing: numbers that stand for no value; keep: columns in which they are values all the same.
    Returns:
        The columns as they are named in the file. Empty cells, and the given numbers, are missing.
    """
    pandas = pandas_module()
    # Only an empty cell is missing: `NA` is Namibia. Marks and all line ends are read by pandas itself.
    frame = pandas.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False, encoding_errors="replace")
    for name in frame.columns:
        if missing and name not in keep and pandas.api.types.is_numeric_dtype(frame[name]):
            frame[name] = frame[name].mask(frame[name].isin(list(missing)))
    return frame


def tidy(dataset: Dataset, path: Path) -> Frame:
    """The columns of a dataset from its file, named and typed as the dataset says."""
    pandas = pandas_module()
    if path.suffix == ".dta":
        frame = pandas.read_stata(path, convert_categoricals=False)
    else:
        frame = read_table(path, missing=dataset.codes, keep=dataset.kept)
    made = {name: _column(frame, column) for name, column in dataset.columns.items()}
    found = pandas.DataFrame(made, index=frame.index)
    return dataset.finish(found) if dataset.finish else found


def _column(frame: Frame, column: Column) -> Series:
    if column.kind in (Kind.FIRST_DAY, Kind.LAST_DAY):
        last = column.kind is Kind.LAST_DAY
        parts = frame if len(column.sources) == 3 else _parts(frame[column.sources[0]])
        names = column.sources if len(column.sources) == 3 else ("year", "month", "day")
        return dates(parts, *names, last=last)
    values = frame[column.sources[0]]
    if column.kind is Kind.TEXT:
        return values.astype("string").str.strip().replace("", None)
    number = values.astype("Float64")
    if column.kind is Kind.FLAG:
        return number.ne(0)
    if column.kind is Kind.ONE:
        return number.eq(1)
    return number.astype("Int64") if column.kind is Kind.WHOLE else number.astype(float)


def _parts(values: Series) -> Frame:
    """Year, month and day out of dates such as 192001 or 1920-01-10."""
    digits = values.astype("string").str.replace("-", "").str.replace(r"\.0$", "", regex=True)
    places = {"year": (0, 4), "month": (4, 6), "day": (6, 8)}
    pandas = pandas_module()
    parts = {name: pandas.to_numeric(digits.str.slice(*place)) for name, place in places.items()}
    return pandas.DataFrame(parts, index=values.index)


def dates(frame: Frame, year: str, month: str, day: str, *, last: bool = False) -> Series:
    """Three columns as dates: a missing day or month is the first that it can be, or with `last` the last.

    Returns:
        datetime64[s]; NaT where the year is missing, 0 or negative. Days up to 31 past the end of a month are its last;
        a day that no month has is a code, and so unknown.
    """
    pandas = pandas_module()
    years, months, days = (
        pandas.to_numeric(frame[name]).to_numpy(float, na_value=np.nan) for name in (year, month, day)
    )
    known = years > 0
    full = np.where(known, years, 1970).astype(int)
    no_month, no_day = ~(months >= 1), ~((days >= 1) & (days <= 31))
    of_month = np.where(no_month, 12 if last else 1, months).astype(int)
    start = ((full - 1970) * 12 + of_month - 1).astype("datetime64[M]")
    end = (start + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    number = np.where(no_day | no_month, 31 if last else 1, days).astype(int)
    chosen = np.minimum(start.astype("datetime64[D]") + (number - 1), end).astype("datetime64[s]")
    return pandas.Series(np.where(known, chosen, np.datetime64("NaT", "s")), index=frame.index)
