"""Conferences: who gets in, whose settings hold, and what is heard before they start."""

from pathlib import Path
from typing import Any

import pytest

from adapters.simulator.chance import Chance
from adapters.simulator.habits import Habits
from adapters.simulator.music import jitter_s
from adapters.simulator.verbs import Conference
from tests.adapters.simulator.builders import Standing, a_double, a_number, talks

PATIENT = Habits(patience=10)
ROOM = '<Response><Dial action="/after"><Conference {}>{}</Conference></Dial></Response>'
REPORT = 'statusCallback="/rooms" statusCallbackEvent="start end join leave"'


def long_talk(skip: int = 0) -> str:
    """Somebody who picks up soon and has some minutes."""
    return a_number(
        lambda each: talks(each) and each.patience_s > 6 and each.ring_s < 12 and each.setup_s < 1.5,
        skip=skip,
    )


async def join(standing: Standing, path: str, attributes: str, *, room: str = "r", skip: int = 0) -> str:
    """Call somebody whose answer is this room, and return the call's SID."""
    dialer = standing.dialer
    dialer.documents[path] = ROOM.format(attributes, room)
    made = await standing.dial(long_talk(skip), Url=dialer.url(path))
    sid: str = made.json()["sid"]
    return sid


def events(standing: Standing, path: str) -> list[str]:
    """What was told of rooms at a path, in the order it happened."""
    told = sorted(standing.dialer.at(path), key=lambda each: int(each["SequenceNumber"]))
    return [each["StatusCallbackEvent"] for each in told]


async def test_one_alone_does_not_start_a_room(tmp_path: Path) -> None:
    """A room begins with its second member, and only if one of them may start it."""
    async with a_double(tmp_path, factor=50, people=PATIENT) as standing:
        sid = await join(standing, "/alone", f'waitUrl="" {REPORT}')
        await standing.over(sid)
        assert events(standing, "/rooms") == ["participant-join", "participant-leave", "conference-end"]


async def test_the_second_member_starts_it_and_the_firsts_settings_hold(tmp_path: Path) -> None:
    """Reports go where the first one said, with the events it said; the second one's address is never used."""
    async with a_double(tmp_path, factor=50, people=PATIENT) as standing:
        dialer = standing.dialer
        first = await join(standing, "/one", f'participantLabel="one" muted="true" waitUrl="" {REPORT}')
        await dialer.until(lambda: bool(dialer.at("/rooms")))
        other = 'participantLabel="two" waitUrl="" maxParticipants="9" statusCallback="/others"'
        second = await join(standing, "/two", other, skip=1)
        await standing.over(first)
        await standing.over(second)
        await dialer.until(lambda: events(standing, "/rooms")[-1:] == ["conference-end"])
        told = sorted(dialer.at("/rooms"), key=lambda each: int(each["SequenceNumber"]))
    assert [
        (each["StatusCallbackEvent"], each.get("ParticipantLabel"), each.get("Muted")) for each in told[:3]
    ] == [
        ("participant-join", "one", "true"),
        ("participant-join", "two", "false"),
        ("conference-start", None, None),
    ]
    assert dialer.at("/others") == []


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ('participantLabel="same"', 'participantLabel="same"', 16025),
        ('participantLabel="one" maxParticipants="2"', 'participantLabel="two" maxParticipants="250"', 16020),
    ],
)
async def test_who_does_not_get_in_goes_on_to_the_next_verb(
    tmp_path: Path, first: str, second: str, code: int
) -> None:
    """A label that is taken, a room that is full by the first one's measure: a line in the debugger, and `action`."""
    async with a_double(tmp_path, factor=50, people=PATIENT) as standing:
        dialer = standing.dialer
        await join(standing, "/one", f'waitUrl="" startConferenceOnEnter="false" {first} {REPORT}')
        await dialer.until(lambda: events(standing, "/rooms").count("participant-join") == 1)
        if code == 16020:
            third = 'waitUrl="" startConferenceOnEnter="false" participantLabel="three"'
            await join(standing, "/three", third, skip=2)
            await dialer.until(lambda: events(standing, "/rooms").count("participant-join") == 2)
        sid = await join(standing, "/two", f'waitUrl="" {second}', skip=1)
        await standing.over(sid)
        joined = events(standing, "/rooms").count("participant-join")
        (error,) = standing.lines("errors.jsonl")
        assert sid in {each["CallSid"] for each in dialer.at("/after")}
    assert (error["sid"], error["code"], joined) == (sid, code, 2 if code == 16020 else 1)


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        ("<Response><Say>One moment</Say><Play>/m.mp3</Play></Response>", 200, None),
        ("<Response><Dial><Conference>x</Conference></Dial></Response>", 200, 13238),
        ("<Response><Hangup/></Response>", 200, 13238),
        ("", 500, 11200),
    ],
)
async def test_music_may_say_and_play_and_nothing_else(
    tmp_path: Path, document: str, status: int, code: int | None
) -> None:
    """What waitUrl answers is asked for while the room has not started; when it fails, there is no conference."""
    async with a_double(tmp_path, factor=50, people=PATIENT) as standing:
        dialer = standing.dialer
        dialer.documents["/music"] = document
        dialer.statuses["/music"] = [status]
        sid = await join(standing, "/one", f'waitUrl="/music" {REPORT}')
        await standing.over(sid)
        asked = [each for each in dialer.told if each.path == "/music"]
        codes = [each["code"] for each in standing.lines("errors.jsonl")]
        goes_on = bool(dialer.at("/after"))
    assert [each.is_signed for each in asked] == [True]
    assert codes == ([] if code is None else [code])
    assert goes_on


def test_a_larger_jitter_buffer_is_heard_later() -> None:
    """Small adds nothing to what joining takes; Twilio's default, large, up to most of a second."""

    def delays(jitter: str) -> list[float]:
        terms: dict[str, Any] = {"name": "r", "label": None, "starts": True, "ends": False, "beep": "false"}
        rest: dict[str, Any] = {"wait_url": "", "status_callback": None, "status_events": frozenset()}
        room = Conference(**terms, **rest, jitter=jitter)
        return [jitter_s(Chance("1"), room, n) for n in range(200)]

    assert set(delays("small")) == {0.0}
    assert 0.05 <= min(delays("medium")) < max(delays("medium")) <= 0.3
    assert 0.15 <= min(delays("large")) < 0.3
    assert 0.6 < max(delays("large")) <= 0.8
