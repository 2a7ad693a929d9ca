"""The folder of an ensemble: pieces that are there whole or not at all, and the manifest that says what they are.

The name of a file holds two hashes: of all that decides what is in it, and of what is in it. So what is done is known
from the names alone, and a damaged file is told from a whole one. A file is written under another name, brought to the
disk and then renamed: whoever is killed in between leaves a file that is swept away, and never half a piece.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foederis.ensembles.errors import EnsembleError

MANIFEST, LOCK = "manifest.json", "lock"
PIECES, WORLDS = "pieces", "worlds"
_NAME = re.compile(r"([0-9a-f]{32})-([0-9a-f]{16})\.parquet")
_UNFINISHED = ".unfinished"


class Store:
    """The files of an ensemble, in a folder that is held by this process alone; made by `hold`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.damaged = 0  # files that were not what their names say, and were removed
        self._known = {kind: self._look(folder / kind) for kind in (PIECES, WORLDS)}

    def _look(self, folder: Path) -> dict[str, Path]:
        folder.mkdir(exist_ok=True)
        found = {}
        for path in sorted(folder.iterdir()):
            name = _NAME.fullmatch(path.name)
            if path.name.endswith(_UNFINISHED):
                path.unlink()
            elif name is None:
                raise EnsembleError(f"{path} is no file of an ensemble; move it away, or choose another folder")
            elif _hash_of(path.read_bytes()) != name[2]:
                path.unlink()
                self.damaged += 1
            else:
                found[name[1]] = path
        return found

    def files(self, kind: str) -> dict[str, Path]:
        """{hash of what decides it: file} of the pieces or the worlds."""
        return dict(self._known[kind])

    def save(self, kind: str, key: str, data: bytes) -> None:
        """Keeps what was made for a key; on the disk when this returns."""
        path = self.folder / kind / f"{key}-{_hash_of(data)}.parquet"
        write_whole(path, data)
        self._known[kind][key] = path

    def remove(self, kind: str, key: str) -> None:
        self._known[kind].pop(key).unlink()

    def save_manifest(self, manifest: dict[str, Any]) -> None:
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        write_whole(self.folder / MANIFEST, text.encode())


@contextmanager
def hold(folder: Path) -> Iterator[Store]:
    """The files in a folder, which is made if there is none.

    Raises:
        EnsembleError: it is no folder for an ensemble, or another process works in it.
    """
    try:
        if folder.is_dir() and not (folder / MANIFEST).exists():
            strange = sorted({path.name for path in folder.iterdir()} - {LOCK, PIECES, WORLDS} - _unfinished(folder))
            if strange:
                raise EnsembleError(
                    f"{folder} holds other files ({', '.join(strange[:3])}{', …' if len(strange) > 3 else ''}); "
                    "an ensemble needs a folder of its own"
                )
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("w") as lock:
            _lock(lock.fileno(), folder)
            for name in _unfinished(folder):
                (folder / name).unlink()
            yield Store(folder)
    except OSError as error:
        raise EnsembleError(f"{error.filename or folder} cannot be used: {error.strerror or error}") from None


def _unfinished(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.endswith(_UNFINISHED)}


def _lock(file: int, folder: Path) -> None:
    """The lock goes with the process, however that ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EnsembleError(f"another `foederis ensemble` is at work in {folder}; wait for it, or end it") from None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has none.

    Raises:
        EnsembleError: it is none of ours.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["ensemble"] == 1:
            return dict(manifest)
        raise ValueError
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        raise EnsembleError(f"{path} is no manifest of an ensemble that this version knows") from None


def files_of(folder: Path, manifest: dict[str, Any]) -> dict[str, Path]:
    """{piece: file} of those pieces of a manifest that are there, by name alone."""
    wanted = {entry["piece"] for entry in manifest["pieces"]}
    try:
        names = [(path, _NAME.fullmatch(path.name)) for path in sorted((folder / PIECES).iterdir())]
    except OSError:
        return {}
    return {name[1]: path for path, name in names if name is not None and name[1] in wanted}


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file that is there whole or not at all, and is on the disk when this returns."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is on the disk too
    finally:
        os.close(folder)


def _hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
