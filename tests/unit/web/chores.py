"""Jobs for the worker processes of tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import foederis as fd
from foederis.web.worker import Job

KINDS = {
    name: f"tests.unit.web.chores:{name}"
    for name in ("echo", "mistake", "bug", "chatter", "wait", "deaf", "die", "fat", "keep", "follow", "odd")
}


def echo(payload: dict[str, Any]) -> dict[str, Any]:
    return {**payload, "pid": os.getpid(), "hole": float("nan")}


def mistake(payload: dict[str, Any]) -> dict[str, Any]:
    fd.loads("foederis: 1", filename="short.yaml")
    return {}


def odd(payload: dict[str, Any]) -> dict[str, Any]:
    return {"answer": object()}


def bug(payload: dict[str, Any]) -> dict[str, Any]:
    return {"never": 1 // 0}


def chatter(payload: dict[str, Any]) -> dict[str, Any]:
    print("words that nobody asked for")
    os.write(1, b"and bytes")
    return {"said": True}


def wait(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """Waits until a file is there, and tells so often enough to be cancelled."""
    job.progress(f"pid {os.getpid()}", 0, 1)
    while not Path(payload["until"]).exists():
        job.look()
        time.sleep(0.01)
    return {"pid": os.getpid(), **payload}


def deaf(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """Begins and does not look up again."""
    job.progress(f"pid {os.getpid()}", 0, 1)
    time.sleep(600)
    return {}


def die(payload: dict[str, Any]) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def fat(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    kept = bytearray(payload["bytes"])
    kept[::4096] = b"x" * len(kept[::4096])  # so that the memory is really there
    time.sleep(600)
    return {}


def keep(payload: dict[str, Any]) -> dict[str, Any]:
    _kept.append(bytearray(payload["bytes"]))
    _kept[-1][::4096] = b"x" * len(_kept[-1][::4096])
    return {"pid": os.getpid()}


_kept: list[bytearray] = []


def follow(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    for done in range(1, 4):
        job.progress("counting", done, 3)
    return {}
