"""The connection of a page, with processes that answer when the test says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from foederis.web.failures import Failed, Gone
from foederis.web.limits import Limits
from foederis.web.live import LONGEST, endpoint
from foederis.web.outbox import MOST, Outbox
from tests.unit.web.pages import READY, Desk, Socket, Work, opened, turn, with_page


def test_only_the_newest_of_the_turns_that_wait_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "lanes", 2)

    async def work(socket: Socket, desk: Desk) -> list[int]:
        await opened(socket, desk)
        for seq in range(1, 10):
            socket.say(**turn(seq))
        first, second = await desk.next(), await desk.next()
        socket.say(type="nonsense")  # answered once all turns have come in
        assert (await socket.hear())["type"] == "failed"
        assert desk.handed.empty()
        heard = []
        first.result.set_result({"answer": 1})
        third = await desk.next()
        heard.append(await socket.hear())
        second.result.set_result({"answer": 2})
        heard.append(await socket.hear())
        third.result.set_result({"answer": 9})
        heard.append(await socket.hear())
        assert desk.handed.empty()
        assert all(message["rough"] for message in heard)
        assert third.payload["set"] == {"quantities.p": "9%"}
        return [message["seq"] for message in heard]

    assert with_page(work) == [1, 2, 9]


def test_an_answer_that_comes_after_a_newer_one_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "lanes", 2)

    async def work(socket: Socket, desk: Desk) -> list[int]:
        await opened(socket, desk)
        socket.say(**turn(1))
        older = await desk.next()
        socket.say(**turn(2))
        newer = await desk.next()
        newer.result.set_result({})
        first = await socket.hear()
        older.result.set_result({})
        socket.say(**turn(3))
        (await desk.next()).result.set_result({})
        return [first["seq"], (await socket.hear())["seq"]]

    assert with_page(work) == [2, 3]


def test_a_newer_turn_stops_a_full_answer() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1, settle=True))
        full = await desk.next()
        assert full.kind == "settle"
        full.progress("baseline", 32, 1024)
        told = {"type": "progress", "live": 1, "seq": 1, "what": "baseline", "done": 32, "total": 1024}
        assert await socket.hear() == told
        socket.say(**turn(2))
        rough = await desk.next()
        assert full.result.cancelled()
        rough.result.set_result({})
        assert (await socket.hear())["seq"] == 2
        socket.say(**turn(3, settle=True))
        (await desk.next()).result.set_result({})
        heard = await socket.hear()
        assert (heard["seq"], heard["rough"]) == (3, False)

    with_page(work)


def test_turns_before_the_case_is_ready_wait() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        socket.say(type="open", id="file:a.yaml", live=1)
        opening = await desk.next()
        opening.progress("getting ready", 0, 1)
        told = {"type": "progress", "live": 1, "what": "getting ready", "done": 0, "total": 1}
        assert await socket.hear() == told
        socket.say(**turn(1))
        socket.say(**turn(2))
        socket.say(type="nonsense")
        await socket.hear()
        assert desk.handed.empty()
        opening.result.set_result(READY)
        assert (await socket.hear())["type"] == "ready"
        assert (await desk.next()).payload["set"] == {"quantities.p": "2%"}

    with_page(work)


def test_a_case_that_is_opened_takes_the_place_of_the_one_before() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1))
        old = await desk.next()
        socket.say(type="open", id="file:b.yaml", live=2)
        (await desk.next()).result.set_result(READY)
        assert (await socket.hear())["live"] == 2
        assert old.result.cancelled()
        assert desk.released == 1
        assert desk.closed == [old.payload["session"]]
        socket.say(**turn(2))
        heard = await socket.hear()
        assert (heard["type"], heard["live"], heard["seq"]) == ("failed", 1, 2)
        assert "open it first" in heard["message"]

    with_page(work)


def test_a_case_that_is_closed_is_worked_on_no_more() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1))
        old = await desk.next()
        socket.say(type="close", live=2)  # that of another page: nothing is closed
        socket.say(type="close", live=1)
        socket.say(**turn(2))
        heard = await socket.hear()
        assert (heard["type"], heard["live"], heard["seq"]) == ("failed", 1, 2)
        assert "open it first" in heard["message"]
        assert old.result.cancelled()
        assert desk.closed == [old.payload["session"]]
        assert desk.released == 1

    with_page(work)


def test_a_process_that_ends_is_told_once_and_got_anew_by_the_next_turn() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1))
        (await desk.next()).result.set_exception(Gone("it was killed"))
        assert await socket.hear() == {"type": "failed", "live": 1, "seq": 1, "message": "it was killed"}
        socket.say(**turn(2))
        again = await desk.next()
        assert again.kind == "open"
        again.result.set_result(READY)
        assert (await socket.hear())["type"] == "ready"
        (await desk.next()).result.set_result({})
        assert (await socket.hear())["seq"] == 2

    with_page(work)


def test_a_process_that_has_ended_meanwhile_is_got_anew_without_a_word() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        desk.alive = False
        socket.say(**turn(1))
        again = await desk.next()
        assert again.kind == "open"
        desk.alive = True
        again.result.set_result(READY)
        assert (await socket.hear())["type"] == "ready"
        (await desk.next()).result.set_result({})
        assert (await socket.hear())["seq"] == 1

    with_page(work)


def test_a_change_that_means_nothing_is_told_and_the_next_turn_is_answered() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1))
        (await desk.next()).result.set_exception(Failed(diagnostics=[{"code": "F114"}]))
        assert await socket.hear() == {"type": "failed", "live": 1, "seq": 1, "diagnostics": [{"code": "F114"}]}
        socket.say(**turn(2))
        assert (await desk.next()).kind == "turn"

    with_page(work)


def test_an_ask_is_answered_with_its_progress() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        socket.say(
            type="ask", ask=7, id="file:a.yaml", set={"a.b": "1"}, on=["x"], command="solve", options={"draws": 8}
        )
        job = await desk.next()
        assert (job.kind, job.payload["command"], job.payload["options"]) == ("ask", "solve", {"draws": 8})
        assert (job.payload["set"], job.payload["on"]) == ({"a.b": "1"}, ["x"])
        job.progress("waiting", 0, 1)
        assert await socket.hear() == {"type": "progress", "ask": 7, "what": "waiting", "done": 0, "total": 1}
        job.result.set_result({"rows": []})
        assert await socket.hear() == {"type": "answered", "ask": 7, "result": {"rows": []}}

    with_page(work)


def test_an_ask_can_be_cancelled_and_its_number_used_again() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        ask = {"type": "ask", "ask": "one", "id": "file:a.yaml", "command": "claims"}
        socket.say(**ask)
        job = await desk.next()
        socket.say(**ask)
        assert "give each its own" in (await socket.hear())["message"]
        socket.say(type="cancel", ask="one")
        assert await socket.hear() == {"type": "cancelled", "ask": "one"}
        assert job.result.cancelled()
        socket.say(type="cancel", ask="one")
        assert "no ask of this number" in (await socket.hear())["message"]
        socket.say(**ask)
        (await desk.next()).result.set_exception(Failed("no"))
        assert await socket.hear() == {"type": "failed", "ask": "one", "message": "no"}

    with_page(work)


def test_what_a_page_has_asked_for_is_stopped_when_it_goes() -> None:
    jobs: list[Work] = []

    async def work(socket: Socket, desk: Desk) -> None:
        await opened(socket, desk)
        socket.say(**turn(1, settle=True))
        jobs.append(await desk.next())
        socket.say(type="ask", ask=1, id="file:a.yaml", command="claims")
        jobs.append(await desk.next())

    with_page(work)
    assert [job.result.cancelled() for job in jobs] == [True, True]


DEEP = "[" * 100_000 + "]" * 100_000
GARBAGE = [
    (None, "text, not bytes"),
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[1]", "not a JSON object"),
    ("null", "not a JSON object"),
    (DEEP, "not JSON"),
    ("9" * 5000, "not JSON"),
    ('"\\ud800"', "not JSON"),
    ("x" * (LONGEST + 1), "longer than 1,000,000"),
    ("{}", "has a `type`"),
    ('{"type": ["turn"]}', "has a `type`"),
    ('{"type": "eval", "code": "1"}', "has a `type`"),
    ('{"type": "open", "id": "file:a.yaml"}', "`live` is missing"),
    ('{"type": "open", "live": 1e400}', "`live` is missing"),
    ('{"type": "open", "live": true}', "`live` is missing"),
    ('{"type": "open", "live": 99999999999999999999}', "`live` is missing"),
    ('{"type": "open", "live": 1}', "`id` is missing"),
    ('{"type": "open", "live": 1, "id": "file:none.yaml"}', "there is no file; look again"),
    ('{"type": "turn", "live": 1}', "a turn has `seq`"),
    ('{"type": "turn", "live": 1, "seq": 1.5}', "a turn has `seq`"),
    ('{"type": "turn", "live": 1, "seq": 1, "settle": 1}', "a turn has `seq`"),
    ('{"type": "turn", "live": 1, "seq": 1}', "open it first"),
    ('{"type": "ask", "ask": {}}', "`ask` is missing"),
    ('{"type": "ask", "ask": 1}', "there is no command `None`"),
    ('{"type": "ask", "ask": 1, "command": "slove"}', "did you mean `solve`?"),
    ('{"type": "ask", "ask": 1, "command": "__class__"}', "there is no command"),
    ('{"type": "ask", "ask": 1, "command": "solve", "options": [1]}', "`options` is an object"),
    ('{"type": "ask", "ask": 1, "command": "solve", "options": {"drows": 1}}', "did you mean `draws`?"),
    ('{"type": "ask", "ask": 1, "command": "solve", "options": {"draws": 1e9}}', "from 1 to 4,096"),
    ('{"type": "ask", "ask": 1, "command": "solve", "set": {"a": 1}}', "each with the text"),
    ('{"type": "ask", "ask": 1, "command": "solve", "set": [1]}', "each with the text"),
    ('{"type": "ask", "ask": 1, "command": "solve", "on": "x"}', "names of what-ifs"),
    ('{"type": "cancel"}', "`ask` is missing"),
]


@pytest.mark.parametrize(("text", "expected"), GARBAGE)
def test_garbage_is_answered_and_the_connection_stays(text: str | None, expected: str) -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        socket.raw(text)
        heard = await socket.hear()
        assert heard["type"] == "failed"
        assert expected in heard["message"]
        await opened(socket, desk)

    with_page(work)


def test_mistakes_of_a_file_that_cannot_be_read_are_told() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        socket.say(type="open", id="file:broken.yaml", live=3)
        heard = await socket.hear()
        assert (heard["live"], heard["diagnostics"][0]["code"]) == (3, "F002")

    with_page(work)


def test_a_thousand_asks() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        for ask in range(1000):
            socket.say(type="ask", ask=ask, id="file:a.yaml", command="claims")
        heard = [await socket.hear() for _ in range(1000 - 64)]
        assert [message["ask"] for message in heard] == list(range(64, 1000))
        assert all("64 asks of this page" in message["message"] for message in heard)
        assert desk.handed.qsize() == 64

    with_page(work)


def test_a_page_too_many_is_turned_away() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        other = Socket(desk)
        await asyncio.sleep(0)
        await endpoint(other)  # type: ignore[arg-type]
        assert "1 pages are open already" in (await other.hear())["message"]
        assert other.closed == 1013
        await opened(socket, desk)

    with_page(work, pages=1)


def test_a_page_that_does_not_listen_gets_the_newest_answer_when_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "lanes", 1)

    async def work(socket: Socket, desk: Desk) -> list[int]:
        await opened(socket, desk)
        socket.takes.clear()
        for seq in range(1, 50):
            socket.say(**turn(seq))
            (await desk.next()).result.set_result({})
        socket.say(**turn(50, settle=True))
        await desk.next()
        socket.takes.set()
        # One was being sent all the while.
        return [(await socket.hear())["seq"] for _ in range(2)]

    assert with_page(work) == [1, 49]


def test_a_page_that_never_listens_is_closed() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        socket.takes.clear()
        for _ in range(MOST + 10):
            socket.say(type="nonsense")
        while desk.pages:
            await asyncio.sleep(0)
        assert socket.closed == 1013

    with_page(work)


def test_a_connection_that_breaks_while_something_is_sent() -> None:
    async def work(socket: Socket, desk: Desk) -> None:
        async def broken(text: str) -> None:
            raise WebSocketDisconnect

        socket.send_text = broken  # type: ignore[method-assign]
        socket.say(type="nonsense")
        while desk.pages:
            await asyncio.sleep(0)

    async def later(socket: Socket, desk: Desk) -> None:
        while not desk.pages:
            await asyncio.sleep(0)
        await work(socket, desk)

    with_page(later)


def test_what_is_overtaken_is_dropped_and_the_rest_keeps_its_order() -> None:
    async def work() -> list[Any]:
        outbox = Outbox()
        outbox.put({"n": 1}, "a")
        outbox.put({"n": 2})
        outbox.put({"n": 3}, "a")
        outbox.put({"n": 4})
        return [(await outbox.get())["n"] for _ in range(3)]

    assert asyncio.run(work()) == [2, 3, 4]
