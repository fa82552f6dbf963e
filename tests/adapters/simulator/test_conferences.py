"""Conferences over the double's API: who is in them, on hold, muted, coaching; live calls that go elsewhere."""

from pathlib import Path
from typing import Any

import pytest

from tests.adapters.simulator.builders import ACCOUNT, CALLER, Standing, a_double
from tests.adapters.simulator.test_rooms import PATIENT, events, join

ROOMS = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences"
REPORT = 'statusCallback="/rooms" statusCallbackEvent="join leave hold mute modify"'
ELSEWHERE = "<Response><Dial><Conference {}>other</Conference></Dial></Response>"
MISSING = "CA" + "0" * 32


async def two_in_a_room(standing: Standing) -> tuple[str, str, str]:
    """Two people in one room that has started; the room and the two calls."""
    first = await join(standing, "/one", f'participantLabel="one" waitUrl="" {REPORT}')
    await standing.dialer.until(lambda: events(standing, "/rooms") == ["participant-join"])
    second = await join(standing, "/two", 'participantLabel="two" waitUrl=""', skip=1)
    await standing.dialer.until(lambda: events(standing, "/rooms").count("participant-join") == 2)
    (room,) = await listed(standing, f"{ROOMS}.json?FriendlyName=r&Status=in-progress", "conferences")
    return room["sid"], first, second


async def listed(standing: Standing, where: str, name: str) -> list[dict[str, Any]]:
    """What a list holds."""
    answer = await standing.api.get(where)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()[name]
    return found


async def update(standing: Standing, room: str, leg: str, **form: str) -> tuple[int, dict[str, Any]]:
    """Change how a leg takes part."""
    answer = await standing.api.post(f"{ROOMS}/{room}/Participants/{leg}.json", data=form)
    return answer.status_code, answer.json()


async def test_a_leg_is_held_muted_and_told_of(tmp_path: Path) -> None:
    """By SID or by label; what is heard on hold is asked for, signed; each turn is told once."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        dialer = standing.dialer
        room, first, second = await two_in_a_room(standing)
        dialer.documents["/hold"] = "<Response><Say>One moment</Say><Play>/m.mp3</Play></Response>"
        held = {"Hold": "true", "HoldUrl": dialer.url("/hold"), "HoldMethod": "POST"}
        assert (await update(standing, room, first, **held))[1]["hold"] is True
        assert (await update(standing, room, "two", Muted="true"))[1]["muted"] is True
        legs = await listed(standing, f"{ROOMS}/{room}/Participants.json", "participants")
        assert [(leg["call_sid"], leg["label"], leg["hold"], leg["muted"]) for leg in legs] == [
            (second, "two", False, True),
            (first, "one", True, False),
        ]
        await dialer.until(lambda: bool(dialer.at("/hold")))
        assert [each.is_signed for each in dialer.told if each.path == "/hold"] == [True]
        await update(standing, room, first, Hold="false")
        await update(standing, room, first, Hold="false")
        await update(standing, room, second, Muted="false")
        wanted = ["participant-hold", "participant-mute", "participant-unhold", "participant-unmute"]
        await dialer.until(lambda: sorted(events(standing, "/rooms")[2:]) == sorted(wanted))
        assert standing.lines("errors.jsonl") == []


async def test_a_leg_coaches_another_of_its_room(tmp_path: Path) -> None:
    """Whoever is not there cannot be coached."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        room, first, second = await two_in_a_room(standing)
        _, leg = await update(standing, room, second, Coaching="true", CallSidToCoach=first)
        assert (leg["coaching"], leg["call_sid_to_coach"]) == (True, first)
        _, leg = await update(standing, room, second, Coaching="false")
        assert (leg["coaching"], leg["call_sid_to_coach"]) == (False, None)
        status, wrong = await update(standing, room, second, Coaching="true", CallSidToCoach=MISSING)
        assert (status, wrong["code"]) == (400, 13240)
        status, wrong = await update(standing, room, second, Coaching="true")
        assert (status, wrong["code"]) == (400, 20001)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"Hold": "yes"}, 20001),
        ({"Hold": "true", "HoldUrl": "hold.xml"}, 21205),
        ({"Hold": "true", "HoldMethod": "PUT"}, 21209),
    ],
)
async def test_what_cannot_be_is_refused(tmp_path: Path, form: dict[str, str], code: int) -> None:
    """With Twilio's codes; a leg or a room that is not there is 20404."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        room, first, _ = await two_in_a_room(standing)
        assert (await update(standing, room, first, **form))[1]["code"] == code
        for where, leg in ((room, MISSING), ("CF" + "0" * 32, first)):
            status, wrong = await update(standing, where, leg, Muted="true")
            assert (status, wrong["code"]) == (404, 20404)
        assert (await standing.api.get(f"{ROOMS}/{room}.json")).json()["friendly_name"] == "r"


async def test_a_hold_may_say_and_play_and_nothing_else(tmp_path: Path) -> None:
    """Another verb is a line in the debugger."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        room, first, _ = await two_in_a_room(standing)
        await update(standing, room, first, Hold="true", HoldUrl=standing.dialer.url("/bad"))
        await standing.dialer.until(lambda: bool(standing.dialer.at("/bad")))
        await standing.over(first)
        codes = [each["code"] for each in standing.lines("errors.jsonl")]
    assert codes == [13238]


async def test_a_live_call_goes_into_another_room(tmp_path: Path) -> None:
    """Out of the one and into the other, under another label; the action of the first is not asked."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        dialer = standing.dialer
        _, first, _ = await two_in_a_room(standing)
        report = f'statusCallback="{dialer.url("/others")}" statusCallbackEvent="join leave"'
        other = ELSEWHERE.format(f'participantLabel="one.m1" waitUrl="" {report}')
        moved = await standing.api.post(standing.call(first), data={"Twiml": other})
        assert moved.status_code == 200, moved.text
        await dialer.until(lambda: bool(dialer.at("/others")))
        (told, *_) = dialer.at("/others")
        assert (told["ParticipantLabel"], told["CallSid"]) == ("one.m1", first)
        assert dialer.at("/after") == []
        await standing.over(first)
        again = await standing.api.post(standing.call(first), data={"Twiml": other})
        assert (again.status_code, again.json()["code"]) == (400, 21220)
        gone = await standing.api.post(standing.call(MISSING), data={"Twiml": other})
        assert (gone.status_code, gone.json()["code"]) == (404, 20404)


async def test_a_leg_that_is_put_out_goes_on(tmp_path: Path) -> None:
    """With what its document says next."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        room, first, _ = await two_in_a_room(standing)
        gone = await standing.api.delete(f"{ROOMS}/{room}/Participants/{first}.json")
        assert gone.status_code == 204
        await standing.dialer.until(lambda: bool(standing.dialer.at("/after")))
        assert (await standing.api.get(f"{ROOMS}/{room}/Participants/{first}.json")).status_code == 404


async def test_a_line_is_called_into_a_room(tmp_path: Path) -> None:
    """It rings, comes in muted, may coach, and goes when its call is ended; nobody takes it for a customer."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        dialer = standing.dialer
        room, first, _ = await two_in_a_room(standing)
        form = {"To": "client:mori", "From": CALLER, "Label": "ear.mori.n1", "Muted": "true", "Beep": "false"}
        form |= {"StartConferenceOnEnter": "false"}
        made = await standing.api.post(f"{ROOMS}/{room}/Participants.json", data=form)
        assert made.status_code == 201, made.text
        leg = made.json()["call_sid"]
        assert (await update(standing, room, leg, Muted="false"))[0] == 404  # it rings
        await dialer.until(lambda: events(standing, "/rooms").count("participant-join") == 3)
        coaching = {"Muted": "false", "Coaching": "true", "CallSidToCoach": first}
        assert (await update(standing, room, leg, **coaching))[1]["coaching"] is True
        ended = await standing.api.post(standing.call(leg), data={"Status": "completed"})
        assert ended.status_code == 200
        legs = await listed(standing, f"{ROOMS}/{room}/Participants.json", "participants")
        assert leg not in {each["call_sid"] for each in legs}
        assert standing.lines("errors.jsonl") == []


async def test_a_line_that_is_ended_while_it_rings_never_comes_in(tmp_path: Path) -> None:
    """And one that cannot be called is refused with Twilio's code."""
    async with a_double(tmp_path, factor=20, people=PATIENT) as standing:
        room, _, _ = await two_in_a_room(standing)
        form = {"To": "client:mori", "From": CALLER, "Label": "ear.mori.n1"}
        made = await standing.api.post(f"{ROOMS}/{room}/Participants.json", data=form)
        leg = made.json()["call_sid"]
        assert (await standing.api.post(standing.call(leg), data={"Status": "completed"})).status_code == 200
        for change, code in (({"To": ""}, 21201), ({"To": "12"}, 21211), ({"From": "mori"}, 21212)):
            wrong = await standing.api.post(f"{ROOMS}/{room}/Participants.json", data=form | change)
            assert (wrong.status_code, wrong.json()["code"]) == (400, code)
        gone = await standing.api.post(f"{ROOMS}/CF{'0' * 32}/Participants.json", data=form)
        assert (gone.status_code, gone.json()["code"]) == (404, 20404)
        await standing.quiet()
        assert events(standing, "/rooms").count("participant-join") == 2
