"""Who comes and goes in the agents' rooms."""

import pytest

from dialer.events import AgentLeft, CallConnected
from dialer.nonce import nonce_for
from tests.adapters.twilio.builders import ATTEMPT, NOW, SECRET, SID, Recorder, a_door, a_form, document, tell

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
    assert receiver.events == [AgentLeft(key=f"{SID}:left", at=NOW, agent="sato")]


@pytest.mark.parametrize("sid", ["", SID[:-1], SID + "0"])
async def test_a_leg_without_a_name_is_nobodys(sid: str) -> None:
    """Its news could not be told from another's."""
    receiver = Recorder()
    form = a_form(CallSid=sid, StatusCallbackEvent="participant-leave", ParticipantLabel="agent.sato.x")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == []


async def test_an_agents_coming_is_not_news() -> None:
    """Ready is what an agent says, at the desk."""
    receiver = Recorder()
    form = a_form(StatusCallbackEvent="participant-join", ParticipantLabel=f"agent.sato.{SID}")
    async with a_door(receiver) as client:
        assert await tell(client, "/twilio/rooms", form) == (204, "")
    assert receiver.events == []
