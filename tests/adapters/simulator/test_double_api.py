"""The API of the double, as a client sees it."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from adapters.simulator.options import Faults
from tests.adapters.simulator.builders import (
    ACCOUNT,
    CALLER,
    KEY,
    SECRET,
    TEN_IN_TOKYO,
    TOKEN,
    Standing,
    a_double,
    a_number,
    never_answers,
    talks,
)

TO = "+819012345678"


REFUSED: list[tuple[dict[str, Any], int]] = [
    ({"To": None}, 21201),
    ({"To": ""}, 21201),
    ({"To": "090-1234-5678"}, 21211),
    ({"To": "+0123456789"}, 21211),
    ({"To": CALLER}, 21211),
    ({"From": None}, 21213),
    ({"From": "abc"}, 21212),
    ({"From": "+15005550001"}, 21212),
    ({"Url": None}, 21205),
    ({"Url": "ftp://x"}, 21205),
    ({"Url": None, "ApplicationSid": "AP1"}, 21218),
    ({"Method": "PUT"}, 21209),
    ({"Timeout": "0"}, 21208),
    ({"Timeout": "601"}, 21208),
    ({"Timeout": "soon"}, 21208),
    ({"StatusCallbackEvent": ["answered", "sung"]}, 21626),
    ({"StatusCallback": "dialer.example/status"}, 21609),
    ({"StatusCallback": "https://dialer_1.example/status"}, 21609),
    ({"StatusCallback": "http://[x/"}, 21609),
    ({"StatusCallbackMethod": "PUT"}, 21209),
    ({"Url": None, "Twiml": f"<Response>{' ' * 4000}</Response>"}, 20001),
    ({"Record": "true", "RecordingChannels": "three"}, 20001),
    ({"Record": "true", "RecordingStatusCallbackEvent": "heard"}, 20001),
    ({"MachineDetection": "Perhaps"}, 21234),
    ({"MachineDetection": "Enable", "MachineDetectionTimeout": "2"}, 21234),
    ({"MachineDetection": "Enable", "MachineDetectionTimeout": "60"}, 21234),
    ({"MachineDetection": "Enable", "MachineDetectionSpeechThreshold": "999"}, 21234),
    ({"MachineDetection": "Enable", "MachineDetectionSpeechEndThreshold": "5001"}, 21234),
    ({"MachineDetection": "Enable", "MachineDetectionSilenceTimeout": "soon"}, 21234),
    ({"To": "+15005550001"}, 21217),
    ({"To": "+15005550002"}, 21214),
    ({"To": "+15005550003"}, 21215),
    ({"To": "+15005550004"}, 21216),
]


async def test_wrong_orders_have_twilios_codes(tmp_path: Path) -> None:
    """Each wrong parameter is refused with its own code, and nothing is dialled."""
    async with a_double(tmp_path) as standing:
        for changes, code in REFUSED:
            response = await standing.dial(TO, **changes)
            body = response.json()
            assert (response.status_code, body["code"], body["status"]) == (400, code, 400), changes
            assert str(code) in body["more_info"]
        assert standing.lines("calls.jsonl") == []


async def test_only_the_accounts_keys_open_it(tmp_path: Path) -> None:
    """Token and API key open the account; anything else is 20003, another account's path 20404."""
    async with a_double(tmp_path) as standing:
        base = str(standing.api.base_url)
        for auth, status in [
            ((ACCOUNT, TOKEN), 200),
            ((KEY, SECRET), 200),
            ((ACCOUNT, "wrong"), 401),
            ((KEY, TOKEN), 401),
            (("", ""), 401),
        ]:
            async with httpx.AsyncClient(base_url=base, auth=auth) as client:
                assert (await client.get(standing.calls)).status_code == status
        async with httpx.AsyncClient(base_url=base) as nobody:
            bare = await nobody.get(standing.calls, headers={"Authorization": "Basic ???"})
            assert (bare.status_code, bare.json()["code"]) == (401, 20003)
        other = await standing.api.get(standing.calls.replace(ACCOUNT, "AC" + "0" * 32))
        assert (other.status_code, other.json()["code"]) == (404, 20404)


async def test_twilios_own_library_gets_along_with_it(tmp_path: Path) -> None:
    """Create, fetch, list with paging, update and errors through twilio.rest.Client."""
    async with a_double(tmp_path) as standing:
        client = Client(ACCOUNT, TOKEN, environment={"TWILIO_EDGE": ""})
        client.api.base_url = str(standing.api.base_url).rstrip("/")
        number = a_number(never_answers)

        def work() -> None:
            made = [
                client.calls.create(
                    to=number,
                    from_=CALLER,
                    url=standing.dialer.url("/answer"),
                    status_callback=standing.dialer.url("/status"),
                    status_callback_event=["initiated", "completed"],
                )
                for _ in range(5)
            ]
            assert {str(call.status) for call in made} == {"queued"}
            listed = [call.sid for call in client.calls.list(to=number, from_=CALLER, page_size=2)]
            assert listed == [call.sid for call in reversed(made)]
            ended = client.calls(str(made[0].sid)).update(status="completed")
            assert ended.sid == made[0].sid
            assert client.calls(str(made[1].sid)).fetch().to == number
            with pytest.raises(TwilioRestException) as missing:
                client.calls("CA" + "0" * 32).fetch()
            assert (missing.value.status, missing.value.code) == (404, 20404)

        await asyncio.to_thread(work)


async def test_lists_filter_and_page(tmp_path: Path) -> None:
    """Filters are exact, dates are UTC days, pages do not shift when calls are added meanwhile."""
    async with a_double(tmp_path) as standing:
        one, other = a_number(never_answers), a_number(never_answers, skip=1)
        sids = [(await standing.dial(to)).json()["sid"] for to in (one, one, other, one)]

        async def found(**filters: str) -> list[str]:
            page = (await standing.api.get(standing.calls, params=filters)).json()
            return [call["sid"] for call in page["calls"]]

        assert await found(To=one) == [sids[3], sids[1], sids[0]]
        assert await found(To=other, From=CALLER) == [sids[2]]
        assert await found(From="+81300000000") == []
        first = (await standing.api.get(standing.calls, params={"To": one, "PageSize": "2"})).json()
        await standing.dial(one)
        second = (await standing.api.get(first["next_page_uri"])).json()
        assert [call["sid"] for call in second["calls"]] == [sids[0]]
        assert (second["page"], second["start"], second["next_page_uri"]) == (1, 3, None)
        await standing.quiet()
        today, tomorrow = TEN_IN_TOKYO.date().isoformat(), "2026-11-21"
        assert await found(Status="queued") == []
        assert sids[0] in await found(Status="no-answer")
        assert len(await found(**{"StartTime>": today})) == 5
        assert len(await found(StartTime=f"{today}T23:00:00Z")) == 5
        assert await found(**{"StartTime>": tomorrow}) == []
        assert len(await found(**{"EndTime<": tomorrow})) == 5
        wrong = await standing.api.get(standing.calls, params={"StartTime": "yesterday"})
        assert wrong.json()["code"] == 20001
        assert (await standing.api.get(standing.calls, params={"PageSize": "0"})).status_code == 400


async def test_one_call_a_page_is_a_probe_and_leads_through_all_of_them(tmp_path: Path) -> None:
    """An empty account answers too; the pages of one number hold that number's calls and no deleted one."""
    async with a_double(tmp_path) as standing:
        empty = (await standing.api.get(standing.calls, params={"PageSize": "1"})).json()
        assert (empty["calls"], empty["next_page_uri"], empty["page_size"]) == ([], None, 1)
        number = a_number(never_answers)
        sids = [(await standing.dial(number)).json()["sid"] for _ in range(4)]
        await standing.dial(a_number(never_answers, skip=1))
        await standing.quiet()
        await standing.api.delete(standing.call(sids[1]))
        uri: str | None = f"{standing.calls}?To=%2B{number[1:]}&PageSize=1"
        seen = []
        while uri is not None:
            page = (await standing.api.get(uri)).json()
            assert len(page["calls"]) == 1
            seen.append(page["calls"][0]["sid"])
            uri = page["next_page_uri"]
    assert seen == [sids[3], sids[2], sids[0]]


async def test_calls_are_cancelled_ended_and_deleted(tmp_path: Path) -> None:
    """Before the answer a call is canceled, afterwards completed; what is over cannot be changed, only deleted."""
    async with a_double(tmp_path, factor=100) as standing:
        dialer = standing.dialer
        sid = (await standing.dial(a_number(never_answers))).json()["sid"]
        await dialer.until(lambda: len(dialer.at("/status")) == 2)
        assert (await standing.api.delete(standing.call(sid))).json()["code"] == 20009
        await standing.api.post(standing.call(sid), data={"Status": "canceled"})
        assert (await standing.over(sid))["CallStatus"] == "canceled"
        again = await standing.api.post(standing.call(sid), data={"Status": "completed"})
        assert (again.status_code, again.json()["code"]) == (400, 21220)
        assert (await standing.api.delete(standing.call(sid))).status_code == 204
        assert (await standing.api.get(standing.call(sid))).status_code == 404
        dialer.documents["/answer"] = '<Response><Pause length="600"/></Response>'
        dialer.documents["/other"] = '<Response><Pause length="5"/></Response>'
        live = (await standing.dial(a_number(talks))).json()["sid"]
        early = await standing.api.post(standing.call(live), data={"Url": dialer.url("/other")})
        assert early.json()["code"] == 21220
        await dialer.until(lambda: bool(dialer.at("/answer")))
        assert (await standing.api.post(standing.call(live), data={"Status": "canceled"})).status_code == 400
        assert (await standing.api.post(standing.call(live), data={"Status": "x"})).json()["code"] == 20001
        await standing.api.post(standing.call(live), data={"Url": dialer.url("/other")})
        await dialer.until(lambda: bool(dialer.at("/other")))
        assert (await standing.over(live))["CallStatus"] == "completed"
        ended = (await standing.dial(a_number(talks, skip=1))).json()["sid"]
        await dialer.until(lambda: len(dialer.at("/answer")) == 2)
        await standing.api.post(standing.call(ended), data={"Status": "completed"})
        assert int((await standing.over(ended))["CallDuration"]) < 300
        rings = [line for line in standing.lines("rings.jsonl") if line["event"] == "ring_end"]
    assert [line["ended"] for line in rings] == ["canceled", "completed", "completed"]


async def test_inline_documents_and_time_limits(tmp_path: Path) -> None:
    """A document given with the call is executed without asking; the time limit ends it."""
    async with a_double(tmp_path) as standing:
        twiml = '<Response><Pause length="900"/></Response>'
        made = await standing.dial(a_number(talks), Url=None, Twiml=twiml, TimeLimit="40")
        last = await standing.over(made.json()["sid"])
    assert 38 <= int(last["CallDuration"]) <= 60
    assert standing.dialer.at("/answer") == []


async def test_calls_wait_for_their_turn(tmp_path: Path) -> None:
    """At one call per second the fourth waits three seconds, which its queue time says."""
    async with a_double(tmp_path, calls_per_second=1.0, factor=5) as standing:
        made = [(await standing.dial(a_number(never_answers, skip=n))).json() for n in range(4)]
        waits = [int(call["queue_time"]) for call in made]

        def begun() -> list[datetime]:
            return [each.at for each in standing.dialer.told if each.fields["CallStatus"] == "initiated"]

        await standing.dialer.until(lambda: len(begun()) == 4)
        for call in made:
            await standing.api.post(standing.call(call["sid"]), data={"Status": "completed"})
        await standing.quiet()
    assert waits == sorted(waits)
    assert waits[0] == 0
    assert waits[3] >= 2000
    assert (begun()[3] - begun()[0]).total_seconds() > 2


async def test_more_than_a_day_of_queue_is_refused(tmp_path: Path) -> None:
    """What could not be dialled within 24 hours is not accepted."""
    async with a_double(tmp_path, calls_per_second=1 / 50_000) as standing:
        codes = [(await standing.dial(a_number(never_answers, skip=n))).json().get("code") for n in range(4)]
        sid = standing.lines("calls.jsonl")[-1]["sid"]
        await standing.api.post(standing.call(sid), data={"Status": "canceled"})
        assert (await standing.over(sid))["CallStatus"] == "canceled"
    assert codes == [None, None, 22005, 22005]


async def once(standing: Standing, number: str) -> httpx.Response | type[httpx.HTTPError]:
    """Dial once; return the response or the kind of failure."""
    try:
        return await standing.dial(number)
    except httpx.HTTPError as failure:
        return type(failure)


@pytest.mark.parametrize(
    ("faults", "seen"),
    [
        (Faults(error_500_after_accept=1), 500),
        (Faults(reset_after_accept=1), (httpx.RemoteProtocolError, httpx.ReadError)),
        (Faults(hang_after_accept=1, hang_s=0.3), 201),
        (Faults(hold_before_accept_s=0.2), 201),
    ],
)
async def test_an_accepted_call_rings_whatever_the_client_hears(
    tmp_path: Path, faults: Faults, seen: int | tuple[type[httpx.HTTPError], ...]
) -> None:
    """500, reset or silence after accepting: the call is in the list and goes its way."""
    async with a_double(tmp_path, faults=faults) as standing:
        number = a_number(never_answers)
        heard = await once(standing, number)
        if isinstance(seen, int):
            assert isinstance(heard, httpx.Response)
            assert heard.status_code == seen
        else:
            assert heard in seen
        (call,) = (await standing.api.get(standing.calls, params={"To": number})).json()["calls"]
        assert (await standing.over(call["sid"]))["CallStatus"] == "no-answer"


async def test_429_means_that_nothing_was_dialled(tmp_path: Path) -> None:
    """A throttled create leaves no call behind."""
    async with a_double(tmp_path, faults=Faults(status_429_share=1)) as standing:
        answers = [await standing.dial(a_number(never_answers, skip=n)) for n in range(6)]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {(429, 20429)}
        assert {each.headers.get("Retry-After") for each in answers} == {None, "1"}
        assert (await standing.api.get(standing.calls)).json()["calls"] == []


async def test_the_controls_refuse_nonsense(tmp_path: Path) -> None:
    """Bodies that do not hold are answered with what is wrong."""
    async with a_double(tmp_path) as standing:
        for path, body in [
            ("/double/faults", '{"drop_callbacks": 2}'),
            ("/double/faults", '{"drop": 1}'),
            ("/double/agents", "{}"),
            ("/double/agents", '{"agents": [], "dispositions": {}}'),
            ("/double/agents", "no json"),
        ]:
            response = await standing.api.post(path, content=body)
            assert response.status_code == 400
            assert response.json()["problems"]
        health = (await standing.api.get("/double/health")).json()
        assert set(health) == {"now", "live_calls", "calls", "agents", "mails", "last_request_s"}
