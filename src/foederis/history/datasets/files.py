"""Finding, checking and fetching data files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foederis.history.datasets.dataset import AS_PUBLISHED, DataError, DataFile, Dataset

VARIABLE = "FOEDERIS_DATA"
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Found:
    """A file of a dataset, where it lies."""

    path: Path
    file: DataFile


def folder() -> Path:
    """Where data files are looked for and kept: $FOEDERIS_DATA, or `foederis/data` in the user's cache folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path("~/.cache").expanduser()) / "foederis" / "data"


def described_folder() -> str:
    """The folder, and whether it is one."""
    where = folder()
    if where.is_dir():
        return str(where)
    return f"{where}, which is {'a file, not a folder' if where.exists() else 'no folder yet'}"


def require_folder() -> None:
    """
    Raises:
        DataError: FOEDERIS_DATA names something that is no folder.
    """
    if os.environ.get(VARIABLE) and not folder().is_dir():
        raise DataError(f"{VARIABLE} names {described_folder()}", "set it to the folder that has the data files")


def find(dataset: Dataset) -> Found | None:
    """The first of the dataset's files that lies in the folder or in a folder within it; None if there is none."""
    return find_all([dataset])[dataset.name]


def find_all(datasets: Iterable[Dataset]) -> dict[str, Found | None]:
    """As find, by the name of the dataset, looking through the folders once: they may hold much else."""
    wanted = list(datasets)
    where = folder()
    lying = {file.name: [where / file.name] for one in wanted for file in one.files}
    if not all((where / one.files[0].name).is_file() for one in wanted):
        for inner, _, names in os.walk(where):
            for name in lying.keys() & names:
                lying[name].append(Path(inner) / name)
    found: dict[str, Found | None] = {}
    for one in wanted:
        places = ((path, file) for file in one.files for path in (lying[file.name][0], *sorted(lying[file.name][1:])))
        found[one.name] = next((Found(path, file) for path, file in places if path.is_file()), None)
    return found


def locate(dataset: Dataset) -> Found:
    """As find.

    Raises:
        DataError: there is none; says where to get it.
    """
    found = find(dataset)
    if found is None:
        names = " or ".join(f"`{file.name}`" for file in dataset.files)
        message = f"{dataset.title}: there is no file {names} in {described_folder()}"
        raise DataError(message, where_to_get(dataset))
    return found


def where_to_get(dataset: Dataset) -> str:
    """A sentence that says how to come by the file."""
    file = dataset.files[0]
    if file.address:
        return f"`foederis data fetch {dataset.name}` gets it from {file.address}, or set {VARIABLE} to your folder"
    place = f"{dataset.page} publishes it"
    if file.form != AS_PUBLISHED:
        return (
            f"{place} in another format; this loader reads {file.converted}: put it as `{file.name}` into {folder()}, "
            f"or set {VARIABLE} to the folder that has it"
        )
    inside = f" in {dataset.inside}" if dataset.inside else ""
    return f"{place}{inside}; put `{file.name}` into {folder()}, or set {VARIABLE} to the folder that has it"


def checked(dataset: Dataset) -> Path:
    """The path of a file whose content is what the loader knows.

    Raises:
        DataError: there is none, or it is another version.
    """
    found = locate(dataset)
    if problem := difference(dataset, found):
        raise DataError(f"{found.path} {problem}", f"{dataset.name} is read in version {dataset.version} only: "
                        f"{where_to_get(dataset)}")  # fmt: skip
    return found.path


def difference(dataset: Dataset, found: Found) -> str:
    """What a file has that the known one has not, in a sentence; nothing if they hold the same."""
    try:
        content = found.path.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if content_sha256(content, found.file) == found.file.content_sha256:
        return ""
    if not content.strip():
        return "is empty"
    if found.file.width:
        header = _header(content)
        needed = dict.fromkeys(name for column in dataset.columns.values() for name in column.sources)
        if lacking := [f"`{name}`" for name in needed if name not in header]:
            return f"has other columns than the known version: {', '.join(lacking[:5])} cannot be found there"
        if len(header) != found.file.width:
            return f"has {len(header)} columns, and the known version {found.file.width}"
    known, have = found.file.content_sha256[:12], content_sha256(content, found.file)[:12]
    return (
        f"holds other data than the known version (SHA-256 of its content {have}…, known is {known}…; "
        f"{len(content):,} bytes, known are {found.file.size:,}): it is another version, cut short, or changed since"
    )


def content_sha256(content: bytes, file: DataFile) -> str:
    """The checksum of what a file holds, whatever its line ends are."""
    if file.width:
        content = content.removeprefix(_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(content).hexdigest()


def _header(content: bytes) -> list[str]:
    first = content.removeprefix(_MARK).replace(b"\r", b"\n").partition(b"\n")[0]
    return [name.strip().strip('"') for name in first.decode("utf-8", errors="replace").split(",")]


def fetch(dataset: Dataset) -> Path:
    """Gets the dataset's file from its authors, where they offer a plain one; a file that is there already is kept.

    Raises:
        DataError: they offer none, it cannot be had, what comes is not the version that is known, or a file of its name
            that is another version is in its place.
    """
    if (found := find(dataset)) is not None and not difference(dataset, found):
        return found.path
    file = next((file for file in dataset.files if file.address), None)
    if file is None:
        raise DataError(f"{dataset.title} cannot be fetched: its authors offer no plain file", where_to_get(dataset))
    where = folder()
    if (where / file.name).exists():
        there = Found(where / file.name, file)
        raise DataError(f"{there.path} {difference(dataset, there)}", "move it away, then it can be fetched")
    with _waiting_room(where) as waiting:
        came = Found(_download(dataset, file, waiting), file)
        if problem := difference(dataset, came):
            raise DataError(f"what came from {file.address} {problem}", f"see {dataset.page}")
        return came.path.replace(where / file.name)


def _waiting_room(where: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder within the folder, where a file waits until it is checked."""
    try:
        where.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=where)
    except OSError as error:
        help = f"set {VARIABLE} to a folder that you may write to"
        raise DataError(f"nothing can be written to {where} ({error.strerror})", help) from None


def _download(dataset: Dataset, file: DataFile, where: str) -> Path:
    try:
        import pooch
    except ImportError:
        help = "install the extra `history`, as in `pip install 'foederis[history]'`"
        raise DataError("fetching needs pooch, which is not installed", help) from None
    pooch.get_logger().setLevel("ERROR")
    known = f"sha256:{file.sha256}" if file.confirmed else None
    try:
        return Path(pooch.retrieve(file.address, known_hash=known, fname=file.name, path=where))
    except OSError as error:
        help = f"get it by hand: {dataset.page}, into {folder()}"
        name = type(error).__name__  # requests leaves the reason of the system empty
        why = error.strerror or ("no connection" if name.startswith("Connect") else name)
        raise DataError(f"{dataset.title} could not be fetched from {file.address} ({why})", help) from None
    except ValueError as error:  # pooch's word for a checksum that does not fit
        raise DataError(f"what came from {file.address} is not the version that is known", str(error)) from None
