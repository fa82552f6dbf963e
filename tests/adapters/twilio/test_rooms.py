"""Who comes and goes in the agents' rooms."""

from typing import Any

import pytest

from dialer.events import AgentJoined, AgentLeft, CallConnected
from dialer.line_events import CallMoved, GuestArrived
from dialer.listen_events import ListenerMoved
from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import (
    ATTEMPT,
    NOW,
    SECRET,
    SID,
    Recorder,
    a_door,
    a_form,
    document,
    path,
    tell,
)
from tests.adapters.twilio.twiml_table import faults

AGENT_PATH = f"/twilio/agents/sato/{nonce_for(SECRET, 'agent', 'sato')}/join"


async def test_entering_the_room_connects_the_attempt() -> None:
    """The label names it; this address has no nonce of its own."""
    receiver = Recorder()
    form = a_form(StatusCallbackEvent="participant-join", ParticipantLabel=ATTEMPT)
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == [CallConnected(key=f"{SID}:connected", at=NOW, attempt=ATTEMPT, reference=SID)]


async def test_an_agents_leg_joins_its_room() -> None:
    """Under a label of its own, so that a second leg is let in while the first has not been missed yet."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        status, text = await tell(client, AGENT_PATH, a_form())
    room = document(text).find("Dial/Conference")
    assert status == 200
    assert room is not None
    assert (room.text, room.get("participantLabel")) == ("ag-4f2a", f"agent.sato.{SID}")
    assert receiver.events == []


async def test_a_stranger_with_an_agents_address_is_hung_up() -> None:
    """An agent who is no longer on the floor has no room."""
    where = f"/twilio/agents/gone/{nonce_for(SECRET, 'agent', 'gone')}/join"
    async with a_door(Recorder()) as client:
        status, text = await tell(client, where, a_form())
    assert (status, "<Hangup />" in text) == (200, True)


async def test_an_agent_whose_leg_is_gone_has_left() -> None:
    """Nobody is put into an empty room; what it means while they are in a call is decided inside."""
    receiver = Recorder()
    form = a_form(StatusCallbackEvent="participant-leave", ParticipantLabel=f"agent.sato.{SID}")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == [AgentLeft(key=f"{SID}:left", at=NOW, agent="sato", reference=SID)]


@pytest.mark.parametrize("sid", ["", SID[:-1], SID + "0"])
async def test_a_leg_without_a_name_is_nobodys(sid: str) -> None:
    """Its news could not be told from another's."""
    receiver = Recorder()
    form = a_form(CallSid=sid, StatusCallbackEvent="participant-leave", ParticipantLabel="agent.sato.x")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == []


async def test_an_agent_whose_leg_has_come_is_in_their_room() -> None:
    """Ready is what an agent says at the desk; no call comes to them before their line is here as well."""
    receiver = Recorder()
    form = a_form(StatusCallbackEvent="participant-join", ParticipantLabel=f"agent.sato.{SID}")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == [AgentJoined(key=f"{SID}:joined", at=NOW, agent="sato", reference=SID)]


async def test_a_person_who_was_moved_is_known_by_the_moves_label() -> None:
    """Each move is news of its own, and the same one told twice is one."""
    receiver = Recorder()
    form = a_form(StatusCallbackEvent="participant-join", ParticipantLabel=f"{ATTEMPT}.m12")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    (event,) = receiver.events
    assert event == CallMoved(key=f"{SID}:moved:12", at=NOW, attempt=ATTEMPT, reference=SID, move=12)


async def test_a_guest_is_known_where_they_come_in() -> None:
    """In a colleague's room and at home again; that their leg left the colleague's room is no news."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        for label in (f"visit.sato.{SID}-4", f"agent.sato.{SID}-5"):
            for event in ("participant-join", "participant-leave"):
                form = a_form(StatusCallbackEvent=event, ParticipantLabel=label)
                assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == [
        GuestArrived(key=f"{SID}:visit:4", at=NOW, agent="sato", trip=4, reference=SID),
        GuestArrived(key=f"{SID}:home:5", at=NOW, agent="sato", trip=5, is_home=True, reference=SID),
        AgentLeft(key=f"{SID}-5:left", at=NOW, agent="sato", reference=f"{SID}-5"),
    ]


@pytest.mark.parametrize(
    ("query", "play"),
    [
        ("?language=ja&music=https://m.example/a.mp3", "https://m.example/a.mp3"),
        ("?language=en", None),
        ("?language=ja&music=file:///etc", None),
    ],
)
async def test_who_is_on_hold_hears_words_and_music(query: str, play: str | None) -> None:
    """Only what such a document may hold; begun anew by Twilio when it is over."""
    async with a_door(Recorder()) as client:
        status, text = await tell(client, f"{path('hold')}{query}", a_form())
    found = document(text)
    assert status == 200
    assert {verb.tag for verb in found} <= {"Say", "Play", "Pause"}
    assert faults(text) == []
    assert (found.findtext("Play"), found.find("Pause") is None) == (play, play is not None)


async def test_a_supervisors_line_is_known_by_its_label() -> None:
    """Who it is, and which order called it."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        for event in ("participant-join", "participant-leave"):
            form = a_form(StatusCallbackEvent=event, ParticipantLabel="ear.mori.0123456789abcdef")
            assert await tell(client, "/twilio/rooms", form) == (204, "")
    facts: dict[str, Any] = {"at": NOW, "supervisor": "mori", "nonce": "0123456789abcdef", "reference": SID}
    assert receiver.events == [
        ListenerMoved(key=f"{SID}:listens", is_in=True, **facts),
        ListenerMoved(key=f"{SID}:listened", is_in=False, **facts),
    ]
