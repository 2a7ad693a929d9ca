"""Files by an open folder and a name: read, made, and put in place of others, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from contextlib import suppress

from foederis.language import source
from foederis.web.plain import Refusal

ENDINGS = (".yaml", ".yml")
MAX_DEPTH = 4  # folders below the one that is served
_BOM = b"\xef\xbb\xbf"


def parts_of(path: str) -> list[str]:
    parts = path.split("/")
    bad = any(not part or part.startswith(".") or not part.isprintable() or "\\" in part for part in parts)
    if bad or len(parts) > MAX_DEPTH + 1 or any(len(part.encode("utf-8", "replace")) > 255 for part in parts):
        raise Refusal(403, f"`{path}` is not a file of this folder", "paths go down from the folder that is served")
    if not parts[-1].endswith(ENDINGS):
        raise Refusal(403, f"`{path}` is not a crisis file", "their names end in .yaml")
    return parts


def refusal_of(problem: OSError, path: str) -> Refusal:
    """What went wrong with a file, in words."""
    if problem.errno in (errno.ELOOP, errno.ENOTDIR):
        return Refusal(403, f"`{path}` leads over a symbolic link", "open the folder in which the file itself lies")
    if problem.errno == errno.ENOENT:
        return Refusal(404, f"there is no file `{path}`", "it may have been moved or renamed; look at the list again")
    status = 507 if problem.errno in (errno.ENOSPC, errno.EDQUOT) else 403
    return Refusal(status, f"{path}: {problem.strerror or 'cannot be opened'}", "nothing was changed")


def read(at: int, name: str, path: str) -> tuple[bytes, os.stat_result]:
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise Refusal(403, f"`{path}` is not a plain file")
            with open(file, "rb", closefd=False) as opened:
                return opened.read(source.MAX_BYTES + 1), status
        finally:
            os.close(file)  # also where it is a folder, which `open` would leave open
    except OSError as problem:
        raise refusal_of(problem, path) from None


def make(at: int, name: str, path: str, data: bytes) -> None:
    """A new file, which did not exist before."""
    try:
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=at)
    except FileExistsError:
        raise Refusal(409, f"{path} is there already", "choose another name") from None
    except OSError as problem:
        raise refusal_of(problem, path) from None
    try:
        _write(file, data)
        os.fsync(at)
    except OSError as problem:
        os.unlink(name, dir_fd=at)
        raise refusal_of(problem, path) from None


def is_there(at: int, name: str) -> bool:
    """Whether anything has this name."""
    try:
        os.stat(name, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise refusal_of(problem, name) from None
    return True


def move(at: int, old: str, new: str, path: str) -> None:
    """Gives a file another name, which nothing had before."""
    make(at, new, path, b"")  # takes the name, so that the step after it can overwrite nobody's file
    try:
        os.replace(old, new, src_dir_fd=at, dst_dir_fd=at)
    except OSError as problem:
        os.unlink(new, dir_fd=at)
        raise refusal_of(problem, path) from None
    os.fsync(at)


def put_in_place(at: int, name: str, path: str, data: bytes, mode: int) -> None:
    """Puts a whole file in the place of another: whoever reads it meanwhile sees the one or the other."""
    beside = f".foederis-{secrets.token_hex(8)}.tmp"
    try:
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=at)
        try:
            _write(file, data, mode)
            os.replace(beside, name, src_dir_fd=at, dst_dir_fd=at)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside, dir_fd=at)
            raise
        os.fsync(at)
    except OSError as problem:
        raise refusal_of(problem, path) from None


def _write(file: int, data: bytes, mode: int | None = None) -> None:
    with open(file, "wb") as opened:
        opened.write(data)
        opened.flush()
        if mode is not None:
            os.fchmod(file, mode)
        os.fsync(file)


def checked(data: bytes) -> bytes:
    if len(data) > source.MAX_BYTES:
        raise Refusal(
            413, f"the file would be larger than {source.MAX_BYTES // 1_000_000} MB", "a crisis file is short"
        )
    return data


def like(before: bytes, text: str) -> bytes:
    """A text with the line breaks and the mark at the start that the file has so far."""
    data = text.replace("\r\n", "\n").encode()
    breaks = before.count(b"\n")
    if breaks and before.count(b"\r\n") == breaks:
        data = data.replace(b"\n", b"\r\n")
    return _BOM + data if before.startswith(_BOM) else data


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
