"""Faults before and after accepting, holding on purpose, and the record of what arrived."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.simulator.deliveries import event_of
from adapters.simulator.habits import Habits
from adapters.simulator.options import Faults
from tests.adapters.simulator.builders import (
    Standing,
    a_double,
    a_number,
    is_busy,
    is_machine,
    never_answers,
    talks,
)

GATHER = '<Response><Gather numDigits="1" action="/key"><Say language="ja-JP">{}</Say></Gather></Response>'


async def waiting(standing: Standing, gate: str, count: int = 1) -> None:
    """Ask until so many wait at a gate."""
    async with asyncio.timeout(10):
        while (await standing.api.get("/double/hold")).json()[gate]["waiting"] < count:
            pass


async def listed(standing: Standing, number: str) -> list[dict[str, Any]]:
    """The calls to a number, as the API shows them."""
    page = await standing.api.get(standing.calls, params={"To": number})
    calls: list[dict[str, Any]] = page.json()["calls"]
    return calls


@pytest.mark.parametrize(
    ("faults", "status"),
    [
        (Faults(refuse_before_accept=1), None),
        (Faults(error_500_before_accept=1), 500),
        (Faults(status_401=True), 401),
        (Faults(status_401=1.0), 401),
        (Faults(status_503=True), 503),
    ],
)
async def test_nothing_rings_that_was_not_accepted(
    tmp_path: Path, faults: Faults, status: int | None
) -> None:
    """Refused before accepting: no call in the list, none in the journal; without the fault the next one is taken."""
    number = a_number(never_answers)
    async with a_double(tmp_path, faults=faults) as standing:
        if status is None:
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                await standing.dial(number)
        else:
            assert (await standing.dial(number)).status_code == status
        assert standing.lines("calls.jsonl") == []
        await standing.api.post("/double/faults", json={})
        assert await listed(standing, number) == []
        assert (await standing.dial(number)).status_code == 201


async def test_an_order_that_was_refused_may_be_taken_the_next_time(tmp_path: Path) -> None:
    """Shares are drawn for each order, so that asking again for the same number can succeed."""
    async with a_double(tmp_path, faults=Faults(error_500_before_accept=0.5)) as standing:
        number = a_number(never_answers)
        statuses = [(await standing.dial(number)).status_code for _ in range(12)]
    assert set(statuses) == {201, 500}


async def test_an_answer_can_be_garbled_or_name_somebody_else(tmp_path: Path) -> None:
    """Such a call was accepted all the same, for the number that was asked for."""
    number = a_number(is_busy)
    async with a_double(tmp_path, faults=Faults(garbled_answer=1)) as standing:
        garbled = await standing.dial(number)
        assert garbled.status_code == 201
        with pytest.raises(ValueError, match=r"delimiter|Expecting|Unterminated"):
            garbled.json()
        await standing.api.post("/double/faults", json={"wrong_to": 1})
        other = (await standing.dial(number)).json()
        assert other["to"] not in {number, None}
        assert other["sid"] in {call["sid"] for call in await listed(standing, number)}
        assert len(await listed(standing, number)) == 2


async def test_a_call_can_be_accepted_at_once_and_dialled_late(tmp_path: Path) -> None:
    """Its queue time says how long it lay there, and its first callback comes so much later."""
    async with a_double(tmp_path, faults=Faults(hold_answer_s=200)) as standing:
        made = (await standing.dial(a_number(is_busy))).json()
        begun = standing.dialer.clock.now()
        assert int(made["queue_time"]) >= 200_000
        await standing.over(made["sid"])
        assert (standing.dialer.told[0].at - begun).total_seconds() > 150


async def test_phones_may_ring_longer_than_they_were_told_to(tmp_path: Path) -> None:
    """Somebody who picks up three seconds too late is reached all the same."""
    late = a_number(lambda each: talks(each) and 12 < each.ring_s < 15)
    async with a_double(tmp_path, faults=Faults(ring_over_s=5), factor=100) as standing:
        reached = await standing.over((await standing.dial(late, Timeout="11")).json()["sid"])
        await standing.api.post("/double/faults", json={})
        missed = await standing.over(
            (await standing.dial(a_number(never_answers), Timeout="11")).json()["sid"]
        )
    assert (reached["CallStatus"], missed["CallStatus"]) == ("completed", "no-answer")


async def test_calls_to_north_america_are_attested(tmp_path: Path) -> None:
    """StirStatus comes with ringing and in-progress there, and nowhere else."""
    async with a_double(
        tmp_path, people=Habits(answers=10, machines=0, busy=0, failed=0, gone=0)
    ) as standing:
        for number in ("+12125550123", a_number(talks)):
            await standing.over((await standing.dial(number)).json()["sid"])
        told = {
            (each["To"][:2], each["CallStatus"], each.get("StirStatus"))
            for each in standing.dialer.at("/status")
        }
    assert {status for to, status, mark in told if mark == "A" and to == "+1"} == {"ringing", "in-progress"}
    assert not [each for each in told if each[0] != "+1" and each[2]]


async def test_orders_are_held_before_they_are_accepted(tmp_path: Path) -> None:
    """While held nothing is accepted; let go, everything is, even for a client that has gone."""
    async with a_double(tmp_path) as standing:
        await standing.api.post("/double/hold", json={"accept": True})
        patient = asyncio.create_task(standing.dial(a_number(never_answers)))
        await waiting(standing, "accept")
        gone = asyncio.create_task(standing.dial(a_number(never_answers, skip=1)))
        await waiting(standing, "accept", 2)
        gone.cancel()
        assert standing.lines("calls.jsonl") == []
        shown = (await standing.api.post("/double/hold", json={"accept": False})).json()
        assert shown["accept"] == {"held": False, "waiting": 2}
        made = (await patient).json()
        await standing.over(made["sid"])
        await standing.quiet()
        assert len(await listed(standing, a_number(never_answers, skip=1))) == 1


async def test_answers_are_held_after_accepting(tmp_path: Path) -> None:
    """The call lives and is reported while its 201 waits."""
    async with a_double(tmp_path) as standing:
        await standing.api.post("/double/hold", json={"answer": True})
        order = asyncio.create_task(standing.dial(a_number(is_busy)))
        await standing.dialer.until(lambda: len(standing.dialer.at("/status")) == 2)
        assert not order.done()
        await standing.api.post("/double/hold", json={"answer": False})
        made = await order
    assert made.json()["sid"] == standing.dialer.at("/status")[0]["CallSid"]
    assert made.json()["status"] == "busy"


async def test_calls_are_held_before_they_are_dialled(tmp_path: Path) -> None:
    """A held call is queued: it can be canceled; let go, it is dialled."""
    async with a_double(tmp_path) as standing:
        await standing.api.post("/double/hold", json={"ring": True})
        made = [(await standing.dial(a_number(is_busy, skip=n))).json() for n in range(2)]
        await waiting(standing, "ring", 2)
        await standing.api.post(standing.call(made[0]["sid"]), data={"Status": "canceled"})
        assert (await standing.over(made[0]["sid"]))["CallStatus"] == "canceled"
        assert [each["CallStatus"] for each in standing.dialer.at("/status")] == ["canceled"]
        await standing.api.post("/double/hold", json={"ring": False})
        assert (await standing.over(made[1]["sid"]))["CallStatus"] == "busy"


async def test_a_held_double_can_be_stopped(tmp_path: Path) -> None:
    """Whoever waits then is let down; the call that was accepted ends properly."""
    async with a_double(tmp_path) as standing:
        await standing.api.post("/double/hold", json={"ring": True, "answer": True})
        order = asyncio.create_task(standing.dial(a_number(is_busy)))
        await waiting(standing, "ring")
        await waiting(standing, "answer")
        await standing.api.post("/double/stop")
        with pytest.raises(httpx.HTTPError):
            await order
    assert standing.lines("calls.jsonl")[-1]["status"] == "canceled"


async def test_what_arrived_is_written_down(tmp_path: Path) -> None:
    """One line for each webhook answered with 2xx, by its event; a failed or dropped one has none."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = GATHER.format("あ" * 60)
        dialer.statuses["/status"] = [500]
        presser = a_number(lambda each: each.presses_9 and each.ring_s < 20)
        sid = (await standing.dial(presser)).json()["sid"]
        await standing.over(sid)
        lines = standing.lines("callbacks.jsonl")
        await standing.api.post("/double/faults", json={"drop_callbacks": 1})
        lost = (await standing.dial(a_number(is_busy))).json()["sid"]
        await standing.quiet()
    lines = standing.lines("callbacks.jsonl")
    mine = [(each["event"], each["sequence"], each["status"]) for each in lines if each["sid"] == sid]
    assert sorted(mine, key=str) == sorted(
        [
            ("ringing", 1, 200),
            ("in-progress", 2, 200),
            ("answer", None, 200),
            ("gather", None, 200),
            ("completed", 3, 200),
        ],
        key=str,
    )
    assert all(each["url"].startswith(dialer.base) and each["at"].endswith("Z") for each in lines)
    assert lost not in {each["sid"] for each in lines}


async def test_an_order_that_is_accepted_names_its_callback_address(tmp_path: Path) -> None:
    """So that what arrived can be compared with what was asked for."""
    async with a_double(tmp_path) as standing:
        await standing.dial(a_number(talks), StatusCallback=standing.dialer.url("/status?a=1#rc=2"))
        (line,) = (each for each in standing.lines("calls.jsonl") if each["event"] == "create")
        assert line["request"]["status_callback"] == standing.dialer.url("/status?a=1#rc=2")


async def test_a_doubled_webhook_is_written_twice_and_detection_by_its_name(tmp_path: Path) -> None:
    """Each arrival counts."""
    async with a_double(tmp_path, faults=Faults(duplicate_callbacks=1), factor=100) as standing:
        standing.dialer.documents["/answer"] = '<Response><Pause length="9"/></Response>'
        made = await standing.dial(
            a_number(lambda each: is_machine(each) and each.ring_s < 14),
            MachineDetection="Enable",
            AsyncAmd="true",
            AsyncAmdStatusCallback=standing.dialer.url("/amd"),
        )
        await standing.over(made.json()["sid"])
    events = [each["event"] for each in standing.lines("callbacks.jsonl")]
    assert (events.count("ringing"), events.count("amd"), events.count("answer")) == (2, 2, 1)


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"StatusCallbackEvent": "participant-join", "CallSid": "CA1"}, "participant-join"),
        ({"RecordingStatus": "absent", "CallSid": "CA1"}, "recording-absent"),
        ({"CallbackSource": "call-progress-events", "CallStatus": "no-answer"}, "no-answer"),
        ({"CallStatus": "in-progress", "ErrorUrl": "https://x"}, "fallback"),
        ({"CallStatus": "completed", "DialCallStatus": "completed"}, "action"),
        ({"CallStatus": "ringing", "Direction": "inbound"}, "join"),
        ({"CallStatus": "in-progress", "Direction": "outbound-api"}, "answer"),
        ({"AnsweredBy": "human"}, "amd"),
    ],
)
def test_a_webhook_is_known_by_its_fields(fields: dict[str, str], event: str) -> None:
    """Each of Twilio's webhooks has fields of its own."""
    assert event_of(fields) == event
