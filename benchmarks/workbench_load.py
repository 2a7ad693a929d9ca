"""The workbench under load: a real server, and pages that each drag a slider.

    python benchmarks/workbench_load.py --case kremlin --pages 20 --seconds 30

Starts `foederis serve` on an empty folder, connects, opens the case on every page, and then turns one of its quantities
to and fro, 20 times a second on each page for so many seconds. Prints answers a second, the time from a turn to its
answer, failures by message, and the memory of the server and its workers at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import websockets

from foederis.analysis.gallery import load

PAUSE = 0.05  # seconds between two turns of a page


@dataclass
class Tally:
    """What the pages have met. `waits` are seconds from a turn to its answer."""

    waits: list[float] = field(default_factory=list)
    turned: int = 0
    opened: list[float] = field(default_factory=list)
    failures: collections.Counter[str] = field(default_factory=collections.Counter)


def children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            found.append(int(path.parent.name))
    return found


def megabytes(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+)", text)
    return int(found.group(1)) / 1024 if found else 0.0


def memory(server: int) -> str:
    workers = [megabytes(pid) for pid in children(server)]
    return f"server {megabytes(server):.0f} MB, {len(workers)} workers {sum(workers):.0f} MB"


def cookie(url: str) -> str:
    """The cookie that the address with the token sets."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request("GET", f"/?{parts.query}")
    found = connection.getresponse().getheader("set-cookie")
    if not found:
        raise SystemExit("the server has set no cookie")
    return found.partition(";")[0]


async def page(
    number: int, url: str, sent_cookie: str, case: str, turns: list[tuple[str, str]], tally: Tally, seconds: float
):
    parts = urlsplit(url)
    headers = {"Cookie": sent_cookie, "Origin": f"http://{parts.netloc}"}
    address = f"ws://{parts.netloc}/api/live"
    begun = time.perf_counter()
    async with websockets.connect(address, additional_headers=headers, max_size=None) as socket:
        sent: dict[int, float] = {}
        ready = asyncio.Event()

        async def listen() -> None:
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "ready":
                    tally.opened.append(time.perf_counter() - begun)
                    ready.set()
                elif message["type"] == "turned":
                    tally.turned += 1
                    tally.waits.append(time.perf_counter() - sent[message["seq"]])
                elif message["type"] == "failed":
                    said = message.get("message") or message["diagnostics"][0]["message"]
                    tally.failures[said] += 1
                    ready.set()

        listening = asyncio.create_task(listen())
        await socket.send(json.dumps({"type": "open", "id": f"gallery:{case}", "live": 1}))
        await ready.wait()
        seq, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            path, text = turns[(seq + number) % len(turns)]
            seq += 1
            sent[seq] = time.perf_counter()
            turn = {"type": "turn", "live": 1, "seq": seq, "set": {path: text}, "on": [], "settle": False}
            await socket.send(json.dumps(turn))
            await asyncio.sleep(PAUSE)
        listening.cancel()


def turns_of(case: str) -> list[tuple[str, str]]:
    """The first uncertain quantity, to and fro between its 5 % and 95 % points."""
    found = load(case)
    name = found.uncertain[0]
    spread = found.quantities[name].distribution
    assert spread is not None
    low, high = (float(spread.quantile(share)) for share in (0.05, 0.95))
    there = [low + (high - low) * place / 20 for place in range(21)]
    return [(f"quantities.{name}", f"{value:.6g}") for value in (*there, *there[::-1])]


async def drag(url: str, arguments: argparse.Namespace) -> Tally:
    tally, sent_cookie, turns = Tally(), cookie(url), turns_of(arguments.case)
    told = url, sent_cookie, arguments.case, turns, tally, arguments.seconds
    pages = (page(k, *told) for k in range(arguments.pages))
    for found in await asyncio.gather(*pages, return_exceptions=True):
        if isinstance(found, BaseException):
            tally.failures[f"connection: {type(found).__name__} {found}"] += 1
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", default="patron")
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "foederis", "serve", folder, "--port", "0", "--no-browser"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            url = next(line.strip() for line in server.stdout if line.strip().startswith("http"))
            while True:  # until it listens
                try:
                    cookie(url)
                    break
                except OSError:
                    time.sleep(0.1)
            load_before = os.getloadavg()[0]
            print(f"{arguments.case}, {arguments.pages} pages, {arguments.seconds:g} s; load before: {load_before:.1f}")
            print(f"begin: {memory(server.pid)}")
            tally = asyncio.run(drag(url, arguments))
            print(f"end:   {memory(server.pid)}; load {os.getloadavg()[0]:.1f}")
        finally:
            server.terminate()
            server.wait(10)
    waits = sorted(tally.waits)
    print(f"opened: {len(tally.opened)} in {max(tally.opened, default=0):.1f} s at most")
    print(f"answers: {tally.turned}, {tally.turned / arguments.seconds:.1f} a second on all pages together")
    if waits:
        middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        print(f"from turn to answer: median {1000 * middle:.0f} ms, 95 % below {1000 * late:.0f} ms")
    print(f"failures: {sum(tally.failures.values())}")
    for message, count in tally.failures.most_common(5):
        print(f"  {count} × {message}")


if __name__ == "__main__":
    main()
