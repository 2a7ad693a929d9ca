"""The files of the folder that is served: found, read, made, renamed and saved, and nothing outside of it.

Every step goes through folders that are opened one by one and never through a symbolic link, so that nothing that is
moved meanwhile leads out of the folder.
"""

from __future__ import annotations

import os
import re
import stat
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from foederis.analysis.gallery import gallery
from foederis.language import source
from foederis.web.disk import (
    ENDINGS,
    MAX_DEPTH,
    checked,
    is_there,
    like,
    make,
    move,
    parts_of,
    put_in_place,
    read,
    refusal_of,
    sha256_of,
)
from foederis.web.plain import Refusal

MAX_LISTED = 300
MAX_LOOKED_AT = 5_000
NEWS = "news.yaml"
# Within a line, and no two repetitions in a row that could share blanks out: texts are looked at that may be hostile.
_MARK = re.compile(r"^[ \t]*(?:\{[ \t]*)?[\"']?foederis[\"']?[ \t]*:", re.MULTILINE)
_NAME = re.compile(r"\w[\w. \-]*\Z")
_KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)
_MAX_NAME = 200  # bytes


@dataclass(frozen=True)
class Document:
    """A file as it stands: `text` has plain line breaks, `sha256` is of the bytes on disk, `name` is the case's name,
    and `folder` is where the files of its sources lie."""

    id: str
    path: str
    text: str
    sha256: str
    writable: bool
    modified: str
    folder: Path

    @property
    def filename(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).stem

    @property
    def is_case(self) -> bool:
        return _MARK.search(self.text) is not None


@dataclass(frozen=True)
class Listing:
    """The crisis files of the folder by their paths, and what was left out."""

    paths: tuple[str, ...]
    notes: tuple[str, ...]


class Folder:
    """The folder that is served, and the gallery beside it. Its methods may be called from several threads."""

    def __init__(self, root: Path):
        self.root = root.resolve(strict=True)
        self._lock = threading.Lock()

    # Reading

    def read(self, id: str) -> Document:
        """A file by its id, `file:sub/name.yaml` or `gallery:name`.

        Raises:
            Refusal: no such file, or one that may not be read.
            CaseError: it is too large, or no text.
        """
        kind, _, path = id.partition(":")
        if kind == "gallery":
            return self._of_gallery(id, path)
        if kind != "file":
            raise Refusal(404, f"there is no file `{id}`", "ids begin with `file:` or `gallery:`")
        with self._inside(path) as (at, name):
            data, status = read(at, name, path)
            writable = os.access(name, os.W_OK, dir_fd=at) and os.access(".", os.W_OK, dir_fd=at)
        return _document(id, path, data, status, writable, self.root.joinpath(path).parent)

    def _of_gallery(self, id: str, path: str) -> Document:
        name, _, rest = path.partition("/")
        found = gallery().get(name)
        if found is None or rest not in ("", NEWS):
            raise Refusal(404, f"the gallery has no `{path}`", "`foederis cases` lists what it has")
        file = found.parent / NEWS if rest else found
        if not file.is_file():
            raise Refusal(404, f"the gallery has no `{path}`")
        return _document(id, file.name, file.read_bytes(), file.stat(), False, file.parent)

    def listing(self) -> Listing:
        """The paths of the crisis files: of those that end in .yaml or .yml, those that say `foederis:`."""
        paths: list[str] = []
        notes: list[str] = []
        looked = 0
        waiting: list[str] = [""]
        while waiting:
            below = waiting.pop(0)
            for name, is_folder in self._entries(below, notes):
                looked += 1
                path = f"{below}{name}"
                if looked > MAX_LOOKED_AT or len(paths) >= MAX_LISTED:
                    notes.append(f"The folder holds more; the first {len(paths)} crisis files are listed.")
                    return Listing(tuple(paths), tuple(notes))
                if not is_folder:
                    if self._is_case(path, notes):
                        paths.append(path)
                elif path.count("/") < MAX_DEPTH:
                    waiting.append(f"{path}/")
        return Listing(tuple(paths), tuple(notes))

    def alone(self, path: str) -> bool:
        """Whether no other crisis file lies in the folder of a file."""
        below = path[: path.rfind("/") + 1]
        names = [name for name, is_folder in self._entries(below, []) if not is_folder]
        return not any(self._is_case(other, []) for name in names if (other := f"{below}{name}") != path)

    def _entries(self, below: str, notes: list[str]) -> list[tuple[str, bool]]:
        """Files that may be crisis files, then folders, both by name; links and hidden ones are left out."""
        found = []
        try:
            with self._inside(f"{below}any.yaml") as (at, _), os.scandir(at) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or not entry.name.isprintable():
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        found.append((entry.name, True))
                    elif entry.name.endswith(ENDINGS) and entry.is_file(follow_symlinks=False):
                        found.append((entry.name, False))
        except (OSError, Refusal):
            notes.append(f"The folder `{below.rstrip('/')}` cannot be read.")
        return sorted(found, key=lambda item: (item[1], item[0].casefold()))

    def _is_case(self, path: str, notes: list[str]) -> bool:
        try:
            with self._inside(path) as (at, name):
                data, _ = read(at, name, path)
        except Refusal as refused:
            notes.append(f"`{path}`: {refused.message}.")
            return False
        return _MARK.search(data.decode("utf-8", "replace").removeprefix("\ufeff")) is not None

    # Writing

    def create(self, name: str, text: bytes, below: str = "") -> str:
        """Makes a file and returns its id; one that is there already is left alone."""
        path = f"{below}{file_name(name)}"
        with self._lock, self._inside(path) as (at, last):
            make(at, last, path, text)
        return f"file:{path}"

    def duplicate(self, id: str, name: str) -> str:
        """Copies a file and its news, byte for byte, under another name beside it; one of the gallery into the folder.
        What is there already is left alone."""
        kind, _, path = id.partition(":")
        below = path[: path.rfind("/") + 1] if kind == "file" else ""
        data, news = self._data(id), self.news_ids(id)
        with_news = next((found for one in news if (found := self._data_if_there(one)) is not None), None)
        new = f"{below}{file_name(name)}"
        with self._lock, self._inside(new) as (at, last):
            _refuse_news(at, last)
            make(at, last, new, data)
            if with_news is not None:
                make(at, own_news(last), own_news(last), with_news)
        return f"file:{new}"

    def news_ids(self, id: str) -> list[str]:
        """Where the news of a case may be, the likelier place first: NAME.news.yaml, and news.yaml where the case has
        its folder to itself."""
        kind, _, path = id.partition(":")
        if kind == "gallery":
            return [f"gallery:{path}/{NEWS}"]
        names = [own_news(path), *([NEWS] if self.alone(path) else [])]
        return [f"file:{PurePosixPath(path).parent / name}" for name in names]

    def _data(self, id: str) -> bytes:
        text = self.read(id).text
        kind, _, path = id.partition(":")
        if kind == "gallery":
            return text.encode()
        with self._inside(path) as (at, last):
            return read(at, last, path)[0]

    def _data_if_there(self, id: str) -> bytes | None:
        try:
            return self._data(id)
        except Refusal as refused:
            if refused.status != 404:
                raise
        return None

    def rename(self, id: str, name: str) -> str:
        """Gives a file, and its news with it, another name in its folder; one that is there already is left alone."""
        document = self.read(id)
        if not id.startswith("file:"):
            raise Refusal(403, "the gallery cannot be changed", "duplicate the case first")
        ending = PurePosixPath(document.path).suffix
        new = PurePosixPath(file_name(name)).with_suffix(ending).name
        path = str(PurePosixPath(document.path).with_name(new))
        if path == document.path:
            return id
        with self._lock, self._inside(document.path) as (at, old):
            _refuse_news(at, new)
            move(at, old, new, path)
            if is_there(at, own_news(old)):
                move(at, own_news(old), own_news(new), own_news(new))
        return f"file:{path}"

    def save(self, id: str, text: str, base: str, force: bool = False) -> str:
        """Puts a text in a file's place, at once or not at all, and returns the sha256 of what then stands there.

        Args:
            base: the sha256 of the bytes that the text was made from; "" for a file that is not there yet.
            force: whether to save also where another text stands there by now.
        Raises:
            Refusal: 409 with `text` and `sha256` of what stands there, if that is not the base.
        """
        kind, _, path = id.partition(":")
        if kind != "file":
            raise Refusal(403, "the gallery cannot be changed", "duplicate the case first")
        with self._lock, self._inside(path) as (at, name):
            try:
                before, status = read(at, name, path)
            except Refusal as refused:
                if refused.status != 404 or not (force or base == ""):
                    raise _conflict(path, None) if refused.status == 404 else refused from None
                data = checked(text.encode())
                make(at, name, path, data)
                return sha256_of(data)
            if sha256_of(before) != base and not force:
                raise _conflict(path, before)
            if not os.access(name, os.W_OK, dir_fd=at):
                raise Refusal(403, f"{path} may not be written", "change its permissions, or duplicate it")
            data = checked(like(before, text))
            put_in_place(at, name, path, data, stat.S_IMODE(status.st_mode))
        return sha256_of(data)

    @contextmanager
    def _inside(self, path: str) -> Iterator[tuple[int, str]]:
        """The open folder that a path leads to, and the last word of the path."""
        parts = parts_of(path)
        at = -1
        try:
            at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
            for part in parts[:-1]:
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = below
        except OSError as problem:
            if at >= 0:
                os.close(at)
            raise refusal_of(problem, path) from None
        try:
            yield at, parts[-1]
        finally:
            os.close(at)


def _refuse_news(at: int, name: str) -> None:
    """A file must not come by the news of another that had its name."""
    if is_there(at, own_news(name)):
        raise Refusal(409, f"there is news of a case `{PurePosixPath(name).stem}` already", "choose another name")


def own_news(name: str) -> str:
    """The file of the news of a case alone, beside the case's own."""
    return f"{PurePosixPath(name).stem}.{NEWS}"


def file_name(name: str) -> str:
    """The file name that an author's word makes.

    Raises:
        Refusal: it makes none that is safe everywhere.
    """
    stem = unicodedata.normalize("NFC", name).strip()
    stem = next((stem.removesuffix(ending) for ending in ENDINGS if stem.endswith(ending)), stem)
    good = _NAME.match(stem) and not stem.endswith((".", " ")) and not _KEPT_BY_WINDOWS.match(stem)
    if not good or len(stem.encode("utf-8", "replace")) > _MAX_NAME:
        raise Refusal(400, f"`{name}` is no good name for a file", "use letters, digits, - and _")
    return f"{stem}.yaml"


def _document(id: str, path: str, data: bytes, status: os.stat_result, writable: bool, folder: Path) -> Document:
    text = source.decode(data, PurePosixPath(path).name)
    modified = datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="seconds")
    return Document(id, path, text, sha256_of(data), writable, modified, folder)


def _conflict(path: str, now: bytes | None) -> Refusal:
    """Somebody else has saved meanwhile; an empty sha256 says that the file is gone."""
    text = (now or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    said = f"{path} is not there any more" if now is None else f"{path} has been changed on disk meanwhile"
    cure = "compare the two texts, then save again or take what is on disk"
    return Refusal(409, said, cure, text=text, sha256="" if now is None else sha256_of(now))
