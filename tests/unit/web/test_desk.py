"""Jobs in processes of their own: results, failures, cancelling, limits, and who comes next."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from foederis.web.desk import Desk, Queue
from foederis.web.failures import Failed, Gone
from foederis.web.limits import Limits
from foederis.web.process import Process
from tests.unit.web.chores import KINDS

ROOT = Path(__file__).parents[3]
LONG = 60.0  # seconds after which a test that hangs fails


@pytest.fixture(autouse=True)
def chores(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))


def with_desk(work: Callable[[Desk], Awaitable[Any]], **limits: Any) -> Any:
    """What is done at a desk with one job at a time, unless limits say otherwise."""

    async def run() -> Any:
        desk = Desk(Limits(**{"jobs": 1, **limits}), kinds=KINDS)
        await desk.start()
        try:
            return await asyncio.wait_for(work(desk), LONG)
        finally:
            await desk.stop()

    return asyncio.run(run())


class Begun:
    """Progress of a job that tells its process as it begins."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []
        self._event = asyncio.Event()

    def __call__(self, what: str, done: int, total: int) -> None:
        self.told.append((what, done, total))
        if what.startswith("pid "):
            self._event.set()

    async def pid(self) -> int:
        await self._event.wait()
        return int(next(what for what, _, _ in self.told if what.startswith("pid ")).split()[1])


def test_a_result_comes_back_and_what_is_no_number_is_null() -> None:
    found = with_desk(lambda desk: desk.run("echo", {"text": "naïve ⟂", "numbers": [1, 2.5]}))
    assert found["text"] == "naïve ⟂"
    assert found["numbers"] == [1, 2.5]
    assert found["hole"] is None
    assert found["pid"] != os.getpid()


def test_mistakes_of_a_file_come_back_with_their_places() -> None:
    with pytest.raises(Failed) as caught:
        with_desk(lambda desk: desk.run("mistake", {}))
    first = caught.value.diagnostics[0]
    assert first["code"].startswith("F")
    assert first["severity"] == "error"
    assert first["file"] == "short.yaml"
    assert {"line", "column", "end_line", "end_column"} <= first.keys()


def test_a_mistake_of_the_program_is_told_and_the_process_goes_on() -> None:
    async def work(desk: Desk) -> tuple[int, str, int]:
        before = await desk.run("echo", {})
        with pytest.raises(Failed) as caught:
            await desk.run("bug", {})
        return before["pid"], caught.value.message, (await desk.run("echo", {}))["pid"]

    before, message, after = with_desk(work)
    assert "ZeroDivisionError" in message
    assert "report the case" in message
    assert before == after


def test_a_result_that_cannot_be_written_down_is_a_failure() -> None:
    with pytest.raises(Failed, match="serializable"):
        with_desk(lambda desk: desk.run("odd", {}, timeout=60))


def test_a_process_that_cannot_be_started_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(desk: Desk) -> None:
        async def no_more(*_: Any, **__: Any) -> Process:
            raise OSError(errno.EAGAIN, "no more processes")

        monkeypatch.setattr(Process, "start", no_more)
        await desk.make((), 0)

    with pytest.raises(Gone, match="no more processes"):
        with_desk(work)


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(Failed, match="there is no `nothing`"):
        with_desk(lambda desk: desk.run("nothing", {}))


def test_what_a_job_prints_is_no_answer() -> None:
    assert with_desk(lambda desk: desk.run("chatter", {})) == {"said": True}


def test_progress_is_told_first_and_last() -> None:
    async def work(desk: Desk) -> list[tuple[str, int, int]]:
        begun = Begun()
        await desk.run("follow", {}, progress=begun)
        return begun.told

    assert with_desk(work) == [("counting", 1, 3), ("counting", 3, 3)]


def test_a_job_that_was_cancelled_ends_and_its_process_is_used_again(tmp_path: Path) -> None:
    async def work(desk: Desk) -> tuple[int, int]:
        begun = Begun()
        job = asyncio.create_task(desk.run("wait", {"until": str(tmp_path / "never")}, progress=begun))
        pid = await begun.pid()
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        return pid, (await desk.run("echo", {}))["pid"]

    cancelled, after = with_desk(work, grace=LONG)
    assert cancelled == after


def test_a_job_that_does_not_hear_is_ended_with_its_process() -> None:
    async def work(desk: Desk) -> tuple[int, int]:
        begun = Begun()
        job = asyncio.create_task(desk.run("deaf", {}, progress=begun))
        pid = await begun.pid()
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        return pid, (await desk.run("echo", {}))["pid"]

    ended, after = with_desk(work, grace=0.05)
    assert ended != after
    with pytest.raises(ProcessLookupError):
        os.kill(ended, 0)


def test_a_process_that_is_killed_is_told_of_and_replaced(tmp_path: Path) -> None:
    async def work(desk: Desk) -> tuple[int, str, int]:
        begun = Begun()
        job = asyncio.create_task(desk.run("wait", {"until": str(tmp_path / "never")}, progress=begun))
        pid = await begun.pid()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(Gone) as caught:
            await job
        return pid, caught.value.message, (await desk.run("echo", {}))["pid"]

    pid, message, after = with_desk(work)
    assert "SIGKILL" in message
    assert "ask again" in message
    assert pid != after


def test_a_process_that_ends_itself_is_told_of() -> None:
    with pytest.raises(Gone, match="SIGKILL"):
        with_desk(lambda desk: desk.run("die", {}))


def test_a_job_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Failed, match=r"took more than 0\.5 seconds"):
        with_desk(lambda desk: desk.run("deaf", {}, timeout=0.5), grace=0.05)


def test_what_solves_nothing_may_take_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "check", KINDS["deaf"])
    with pytest.raises(Failed, match=r"took more than 0\.5 seconds"):
        with_desk(lambda desk: desk.run("check", {}), quick=0.5, grace=0.05)


def test_a_job_that_takes_too_much_memory_is_stopped() -> None:
    async def work(desk: Desk) -> int:
        with pytest.raises(Failed, match=r"more than 0\.3 GB of memory"):
            await desk.run("fat", {"bytes": 400_000_000})
        return int((await desk.run("echo", {}))["pid"])

    assert with_desk(work, memory=3e8) > 0


def test_a_process_that_keeps_much_memory_is_replaced() -> None:
    async def work(desk: Desk) -> tuple[int, int, int]:
        first = await desk.run("keep", {"bytes": 1_000_000})
        second = await desk.run("keep", {"bytes": 1_000_000})
        await desk.run("keep", {"bytes": 400_000_000})
        return first["pid"], second["pid"], (await desk.run("echo", {}))["pid"]

    first, second, third = with_desk(work, memory=6e8)
    assert first == second != third


def test_so_many_jobs_at_once_and_no_more(tmp_path: Path) -> None:
    gate = tmp_path / "open"

    async def work(desk: Desk) -> tuple[set[int], Begun]:
        begun, last = [Begun(), Begun()], Begun()
        jobs = [asyncio.create_task(desk.run("wait", {"until": str(gate)}, progress=each)) for each in begun]
        pids = {await each.pid() for each in begun}
        third = asyncio.create_task(desk.run("wait", {"until": str(gate)}, progress=last))
        await asyncio.sleep(0)
        assert last.told == [("waiting", 0, 1)]
        gate.touch()
        await asyncio.gather(*jobs, third)
        assert await last.pid() in pids
        return pids, last

    pids, _ = with_desk(work, jobs=2)
    assert len(pids) == 2


def test_pages_share_processes_where_there_are_more_pages() -> None:
    async def work(desk: Desk) -> None:
        first, second, third = await asyncio.gather(*(desk.hire() for _ in range(3)))
        assert first is third
        assert first is not second
        fourth = await desk.hire()
        assert fourth is second
        desk.release(first)
        assert (await first.run("echo", {}))["pid"] == first.pid
        desk.release(third)
        with pytest.raises(Gone):
            await first.run("echo", {})
        again = await desk.hire()
        assert again not in (first, second)
        assert (await again.run("echo", {}))["pid"] == again.pid

    with_desk(work, live=2)


def test_an_urgent_job_does_not_wait_for_long_ones(tmp_path: Path) -> None:
    async def work(desk: Desk) -> bool:
        process = await desk.hire()
        never = {"until": str(tmp_path / "never")}
        begun = Begun()
        long = [asyncio.create_task(process.run("wait", never, begun)) for _ in range(4)]
        await begun.pid()
        found = await process.run("echo", {"text": "now"}, urgent=True)
        for task in long:
            task.cancel()
        return bool(found["text"] == "now")

    assert with_desk(work)


def test_a_worker_ends_when_nobody_speaks_to_it_any_more() -> None:
    async def work() -> int:
        process = await Process.start(Limits(), KINDS)
        await process.run("echo", {})
        process._child.stdin.close()  # type: ignore[union-attr]
        try:
            return await asyncio.wait_for(process._child.wait(), LONG)
        finally:
            await process.close()

    assert asyncio.run(work()) == 0


def test_those_who_ask_come_in_turns() -> None:
    async def work() -> list[str]:
        queue, order = Queue(1, 10), []

        async def job(owner: str, name: str) -> None:
            await queue.enter(owner, None)
            order.append(name)
            queue.leave()

        await queue.enter("a", None)
        jobs = [asyncio.create_task(job(name[0], name)) for name in ("a1", "a2", "a3", "b1", "c1", "b2")]
        await asyncio.sleep(0)
        queue.leave()
        await asyncio.gather(*jobs)
        return order

    assert asyncio.run(work()) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_gives_up_waiting_lets_others_come() -> None:
    async def work() -> bool:
        queue = Queue(1, 10)
        await queue.enter("a", None)
        waiting = [asyncio.create_task(queue.enter(owner, None)) for owner in "bcd"]
        await asyncio.sleep(0)
        waiting[0].cancel()  # while it waits
        await asyncio.sleep(0)
        queue.leave()
        waiting[1].cancel()  # after its turn has come, and before it knows
        await asyncio.wait_for(waiting[2], LONG)
        queue.leave()
        await asyncio.wait_for(queue.enter("e", None), LONG)
        return True

    assert asyncio.run(work())


def test_who_waits_with_too_much_is_refused() -> None:
    async def work() -> None:
        queue = Queue(1, 2)
        await queue.enter("a", None)
        waiting = [asyncio.create_task(queue.enter("b", None)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Failed, match="2 asks of this page wait already"):
            await asyncio.wait_for(queue.enter("b", None), LONG)
        for task in waiting:
            task.cancel()

    asyncio.run(work())
