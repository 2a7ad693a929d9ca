"""Messages between the server and its workers: a length in four bytes, then so many bytes of JSON."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

from foederis.analysis.result import plain

_LENGTH = struct.Struct(">I")
MOST = 256_000_000  # bytes


def as_text(message: dict[str, Any]) -> str:
    """A message as JSON; numbers that are not finite are null."""
    return json.dumps(plain(message), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def pack(message: dict[str, Any]) -> bytes:
    """A message as bytes; numbers that are not finite are null."""
    data = as_text(message).encode("utf-8", "backslashreplace")
    if len(data) > MOST:
        raise ValueError(f"a message of {len(data):,} bytes is too long")
    return _LENGTH.pack(len(data)) + data


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    data = stream.read(_LENGTH.unpack(head)[0])
    return _message(data) if len(data) == _LENGTH.unpack(head)[0] else None


async def receive(stream: asyncio.StreamReader) -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    try:
        head = await stream.readexactly(_LENGTH.size)
        return _message(await stream.readexactly(_LENGTH.unpack(head)[0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _message(data: bytes) -> dict[str, Any]:
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("a message is an object")
    return found
