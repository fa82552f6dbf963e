"""The doors of agents' own lines: a browser that calls our application, a telephone that we called."""

from typing import Any

import pytest
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from adapters.twilio.line_pass import identity_of
from dialer.events import AgentLeft
from dialer.leg_events import LegAnswered, LegEnded, LegKeyed, LegPlaced, LegRinging
from dialer.nonce import nonce_for
from dialer.orders import EnterRoom, Invite, Release
from tests.adapters.twilio.builders import NOW, PUBLIC, SECRET, SID, Recorder, a_door, a_form, tell
from tests.adapters.twilio.twiml_table import faults

LINE = f"/twilio/line/{nonce_for(SECRET, 'line', '')}"
LEG = f"/twilio/legs/sato-3/{nonce_for(SECRET, 'leg', 'sato-3')}"
HEAD: dict[str, Any] = {"at": NOW, "agent": "sato", "leg": "sato-3", "reference": SID}


def a_browser(who: str = "sato", **more: str) -> dict[str, str]:
    """What Twilio tells of a browser's call to the application."""
    sender = f"client:{who}"
    return a_form(**{"From": sender, "Caller": sender, "To": "", "Direction": "inbound", **more})


async def test_a_browser_comes_into_the_room_of_whoever_it_is() -> None:
    """By the identity in the token, which the carrier read; under a label that names agent and leg."""
    async with a_door(Recorder()) as client:
        status, text = await tell(client, LINE, a_browser())
    assert status == 200
    assert ">ag-4f2a</Conference>" in text
    assert f'participantLabel="agent.sato.{SID}"' in text
    assert faults(text) == []


@pytest.mark.parametrize(
    "form",
    [
        a_browser("baba"),
        a_browser("gone"),
        a_browser("baba", agent="sato", room="ag-4f2a", identity="sato", Digits="1"),
        a_browser(Caller="client:baba"),
        a_browser(From="+815012345678", Caller="+815012345678"),
        a_browser(CallSid="CA1"),
    ],
    ids=["stranger", "left", "parameters", "two", "telephone", "sid"],
)
async def test_nobody_else_comes_into_a_room(form: dict[str, str]) -> None:
    """Whatever a browser sends along: only whom the carrier names counts, and only one of ours."""
    async with a_door(Recorder()) as client:
        status, text = await tell(client, LINE, form)
    assert (status, "<Hangup />" in text, "Conference" in text) == (200, True, False)


async def test_a_second_name_in_the_same_request_is_nobodys() -> None:
    """A parameter of the browser's own that is called From stands beside the carrier's."""
    pairs = MultiDict([*a_browser().items(), ("From", "client:baba")])
    signature = RequestValidator("token-of-the-account").compute_signature(PUBLIC + LINE, pairs)
    async with a_door(Recorder()) as client:
        answer = await client.post(LINE, data=pairs, headers={"X-Twilio-Signature": signature})
        assert "Conference" not in await answer.text()


async def test_an_address_without_our_word_leads_nowhere() -> None:
    """Others may use the account, and the carrier signs for them too."""
    async with a_door(Recorder()) as client:
        assert (await tell(client, "/twilio/line/" + "0" * 32, a_browser()))[0] == 403


async def test_an_odd_id_finds_its_way() -> None:
    """The carrier takes letters, digits and underscores only; this agent has no room, and is known all the same."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        ended = a_browser(identity_of("a-1"), CallStatus="completed")
        assert (await tell(client, f"{LINE}/status", ended))[0] == 204
    assert receiver.events == [AgentLeft(key=f"{SID}:left", at=NOW, agent="a-1", reference=SID)]


@pytest.mark.parametrize("form", [a_browser(), a_browser("baba", CallStatus="completed")])
async def test_other_news_of_a_browser_is_none(form: dict[str, str]) -> None:
    """A call that rings, a stranger's."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert (await tell(client, f"{LINE}/status", form))[0] == 204
    assert receiver.events == []


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_telephone_is_asked_for_a_key(language: str) -> None:
    """Any key, # too; who presses none is hung up on: a mailbox must never sit in a room."""
    receiver = Recorder(Invite(name="Sato & Co", language=language))
    async with a_door(receiver) as client:
        status, text = await tell(client, f"{LEG}/answer", a_form(CallStatus="in-progress"))
    assert receiver.events == [LegAnswered(key=f"{SID}:leg:answered", **HEAD)]
    assert status == 200
    assert faults(text) == []
    assert 'numDigits="1"' in text
    assert 'finishOnKey=""' in text
    assert f"{LEG}/keyed" in text
    assert text.endswith("<Hangup /></Response>")
    assert "Conference" not in text


async def test_a_key_leads_into_the_room() -> None:
    """Under the same label as every line of theirs."""
    receiver = Recorder(EnterRoom(room="ag-4f2a"))
    async with a_door(receiver) as client:
        _, text = await tell(client, f"{LEG}/keyed", a_form(Digits="#"))
    assert receiver.events == [LegKeyed(key=f"{SID}:leg:keyed", **HEAD)]
    assert f'participantLabel="agent.sato.{SID}"' in text
    assert faults(text) == []


@pytest.mark.parametrize(("door", "digits"), [("answer", ""), ("keyed", "1"), ("keyed", "")])
async def test_who_is_not_waited_for_is_hung_up_on(door: str, digits: str) -> None:
    """They went away meanwhile; or no key was pressed."""
    async with a_door(Recorder(Release())) as client:
        _, text = await tell(client, f"{LEG}/{door}", a_form(Digits=digits))
    assert ("<Hangup />" in text, "Conference" in text) == (True, False)


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("queued", LegPlaced(key=f"{SID}:leg:queued", **HEAD)),
        ("initiated", LegPlaced(key=f"{SID}:leg:initiated", **HEAD)),
        ("ringing", LegRinging(key=f"{SID}:leg:ringing", **HEAD)),
        ("busy", LegEnded(key=f"{SID}:leg:ended", **HEAD)),
        ("no-answer", LegEnded(key=f"{SID}:leg:ended", **HEAD)),
        ("completed", LegEnded(key=f"{SID}:leg:ended", **HEAD)),
        ("in-progress", None),
    ],
)
async def test_the_news_of_a_telephone(status: str, event: object) -> None:
    """As its call goes."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert (await tell(client, f"{LEG}/status", a_form(CallStatus=status)))[0] == 204
    assert receiver.events == ([event] if event else [])
