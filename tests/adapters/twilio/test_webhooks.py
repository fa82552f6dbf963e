"""Genuine callbacks: verified, received, acknowledged; and what an answered line is told."""

from xml.etree import ElementTree as ET

import pytest
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from campaigns.speech import Utterance
from dialer.events import (
    AnsweredBy,
    CallAnswered,
    CallEnded,
    CallKeyed,
    CallOptedOut,
    CallRinging,
    CallScreened,
    CallWaited,
    Event,
)
from dialer.orders import (
    ConfirmOptOut,
    Instruction,
    JoinRoom,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
    Wait,
)
from tests.adapters.twilio.builders import (
    ATTEMPT,
    NONCE,
    NOW,
    OLD_TOKEN,
    PUBLIC,
    SID,
    Recorder,
    a_door,
    a_form,
    document,
    path,
    signed,
    tell,
)

JOIN = JoinRoom(room="ag-4f2a", label=ATTEMPT)


def test_the_canonical_signature() -> None:
    """The vector Twilio publishes; the library still computes it, so what we check is what Twilio sends."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert RequestValidator("12345").compute_signature(url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_a_status_is_received_and_acknowledged() -> None:
    """204 and nothing else, with blank and Japanese fields in the signed form."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert await tell(client, path("status"), a_form()) == (204, "")
    assert receiver.events == [CallRinging(key=f"{SID}:ringing", at=NOW, attempt=ATTEMPT, reference=SID)]


async def test_a_repeat_is_passed_on_under_the_same_key() -> None:
    """The database knows what came twice, also across processes; this door remembers nothing."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        for _ in range(3):
            assert await tell(client, path("status"), a_form()) == (204, "")
    assert len(receiver.events) == 3
    assert len({event.key for event in receiver.events}) == 1


async def test_a_status_that_tells_nothing_is_acknowledged() -> None:
    """Twilio is thanked, the receiver is left in peace."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert await tell(client, path("status"), a_form(CallStatus="in-progress")) == (204, "")
    assert receiver.events == []


async def test_an_end_is_received() -> None:
    """With its seconds."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        await tell(client, path("status"), a_form(CallStatus="completed", CallDuration="42"))
    [event] = receiver.events
    assert isinstance(event, CallEnded)
    assert event.talk_s == 42


async def test_a_judgement_on_who_answered_is_received() -> None:
    """Asynchronous detection reports to a door of its own."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert await tell(client, path("screened"), a_form(AnsweredBy="machine_start")) == (204, "")
    [event] = receiver.events
    assert isinstance(event, CallScreened)
    assert event.answered_by is AnsweredBy.MACHINE


async def answered(instruction: Instruction | None) -> tuple[Recorder, ET.Element]:
    """Let a line be picked up; return what was received and the document it was answered with."""
    receiver = Recorder(instruction)
    async with a_door(receiver) as client:
        status, text = await tell(client, path("answer"), a_form(CallStatus="in-progress"))
    assert status == 200
    return receiver, document(text)


async def test_an_answered_line_joins_the_room_in_one_round_trip() -> None:
    """The answer to the webhook is the way into the agent's room."""
    receiver, said = await answered(JOIN)
    assert receiver.events == [CallAnswered(key=f"{SID}:answered", at=NOW, attempt=ATTEMPT, reference=SID)]
    room = said.find("Dial/Conference")
    assert room is not None
    assert (room.text, room.get("participantLabel")) == ("ag-4f2a", ATTEMPT)
    assert str(room.get("statusCallback")).startswith(f"{PUBLIC}/twilio/rooms")
    dial = said.find("Dial")
    assert dial is not None
    assert str(dial.get("action")).startswith(PUBLIC + path("after"))


async def test_an_answered_line_nobody_can_serve_hears_the_notice() -> None:
    """The key pressed goes to a door that knows the language."""
    _, said = await answered(PlayNotice(text="Aoba called.", language="en"))
    assert said.findtext("Gather/Say") == "Aoba called."
    gather = said.find("Gather")
    assert gather is not None
    assert str(gather.get("action")).startswith(PUBLIC + path("notice") + "?language=en#")


@pytest.mark.parametrize("instruction", [Release(), None], ids=["release", "nothing"])
async def test_an_answered_line_with_nothing_to_say_is_hung_up(instruction: Instruction | None) -> None:
    """Also when the attempt is unknown."""
    _, said = await answered(instruction)
    assert [element.tag for element in said] == ["Hangup"]


class Patient(Recorder):
    """A receiver that has nobody twice, and then somebody."""

    async def receive(self, event: Event) -> Instruction | None:
        await super().receive(event)
        return JOIN if len(self.events) > 2 else Wait(seconds=0.2)


async def test_a_line_that_is_to_wait_is_asked_for_again_before_it_is_answered() -> None:
    """The one round trip stays one: Twilio is told nothing before an agent is found or the notice is due."""
    receiver = Patient()
    async with a_door(receiver) as client:
        status, text = await tell(client, path("answer"), a_form(CallStatus="in-progress"))
    assert (status, document(text).findtext("Dial/Conference")) == (200, "ag-4f2a")
    assert [type(event) for event in receiver.events] == [CallAnswered, CallWaited, CallWaited]
    assert [(event.at - NOW).total_seconds() for event in receiver.events] == [0, 0.2, 0.4]
    assert len({event.key for event in receiver.events}) == 3


async def test_the_answer_is_xml() -> None:
    """Twilio takes any other type for something else."""
    async with a_door(Recorder(JOIN)) as client:
        form = a_form()
        where = path("answer")
        answer = await client.post(where, data=form, headers=signed(PUBLIC + where, form))
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"


async def test_out_of_the_room_the_line_is_hung_up() -> None:
    """Nothing is received: the status callback says how the call ended."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        status, text = await tell(client, path("after"), a_form())
    assert (status, "<Hangup />" in text, receiver.events) == (200, True, [])


@pytest.mark.parametrize(
    ("query", "word"), [("?language=en", "Goodbye"), ("?language=ja", "承知"), ("", "承知")]
)
async def test_nine_means_never_again(query: str, word: str) -> None:
    """The key opts out and is confirmed in the language of the notice; the query is part of what is signed."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        status, text = await tell(client, path("notice") + query, a_form(Digits="9"))
    assert (status, word in text) == (200, True)
    assert receiver.events == [CallOptedOut(key=f"{SID}:opted-out", at=NOW, attempt=ATTEMPT, reference=SID)]


@pytest.mark.parametrize("digits", ["1", "", "99", "#"])
async def test_any_other_key_means_nothing(digits: str) -> None:
    """The line is hung up, nobody is suppressed."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        status, text = await tell(client, path("notice"), a_form(Digits=digits))
    assert (status, "<Say" in text, receiver.events) == (200, False, [])


async def test_a_message_of_a_campaign_has_a_door_of_its_own() -> None:
    """Keys pressed there go to the campaign; language and voice ride along, for what is said afterwards."""
    said = PlayMessage(
        text="1 to talk.", language="en", voice="Polly.Matthew", announcement=Utterance(text="録音")
    )
    _, root = await answered(said)
    assert [element.tag for element in root] == ["Say", "Gather", "Hangup"]
    gather = root.find("Gather")
    assert gather is not None
    assert str(gather.get("action")).startswith(PUBLIC + path("keyed") + "?language=en&voice=Polly.Matthew#")


@pytest.mark.parametrize(
    ("instruction", "tags", "words"),
    [
        (JOIN, ["Dial", "Conference"], ""),
        (PromiseCallback(language="en", voice="Polly.Matthew"), ["Say", "Hangup"], "will call you"),
        (ConfirmOptOut(language="ja"), ["Say", "Hangup"], "今後お電話を差し上げません"),
        (Release(), ["Hangup"], ""),
        (None, ["Hangup"], ""),
    ],
)
async def test_a_key_leads_where_the_campaign_says(
    instruction: Instruction | None, tags: list[str], words: str
) -> None:
    """The key is told, and its answer is said: one round trip."""
    receiver = Recorder(instruction)
    async with a_door(receiver) as client:
        status, text = await tell(client, path("keyed") + "?language=en", a_form(Digits="1"))
    assert (status, [one.tag for one in document(text).iter()][1:], words in text) == (200, tags, True)
    pressed = CallKeyed(key=f"{SID}:keyed:1", at=NOW, attempt=ATTEMPT, reference=SID, pressed="1")
    assert receiver.events == [pressed]


async def test_nine_means_never_again_at_every_door() -> None:
    """Also where other keys mean other things, by the voice that spoke before."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        where = path("keyed") + "?language=en&voice=Polly.Matthew"
        status, text = await tell(client, where, a_form(Digits="9"))
    assert (status, "We will not call you again" in text, "Polly.Matthew" in text) == (200, True, True)
    assert receiver.events == [CallOptedOut(key=f"{SID}:opted-out", at=NOW, attempt=ATTEMPT, reference=SID)]


@pytest.mark.parametrize("digits", ["", "12"])
async def test_no_key_is_no_news(digits: str) -> None:
    """The line is hung up."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        _, text = await tell(client, path("keyed"), a_form(Digits=digits))
    assert ("<Say" in text, receiver.events) == (False, [])


@pytest.mark.parametrize("door", ["status", "answer", "screened"])
async def test_what_was_not_stored_is_not_acknowledged(door: str, caplog: pytest.LogCaptureFixture) -> None:
    """A failing receiver makes a 500, and `rp=all` makes Twilio tell us again."""
    receiver = Recorder(failure=OSError("disk full"))
    async with a_door(receiver) as client:
        status, _ = await tell(client, path(door), a_form(AnsweredBy="human"))
    assert status == 500
    assert len(receiver.events) == 1


async def test_the_token_before_the_last_is_still_good() -> None:
    """While a token is being replaced, both are believed."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        assert (await tell(client, path("status"), a_form(), OLD_TOKEN))[0] == 204
    assert len(receiver.events) == 1


@pytest.mark.parametrize(
    "public",
    [
        "https://dialer.example",
        "https://dialer.example:443",
        "https://dialer.example:8443",
        "http://127.0.0.1:8080/in/",
    ],
)
async def test_the_configured_address_counts(public: str) -> None:
    """Whatever stands in front of us: with a port, behind a path; Host and X-Forwarded-* say nothing."""
    receiver = Recorder()
    async with a_door(receiver, public=public) as client:
        form, where = a_form(), path("status")
        header = {
            "X-Twilio-Signature": RequestValidator("token-of-the-account").compute_signature(
                public.rstrip("/") + where, form
            ),
            "Host": "elsewhere.example",
            "X-Forwarded-Host": "elsewhere.example",
            "X-Forwarded-Proto": "gopher",
        }
        assert (await client.post(where, data=form, headers=header)).status == 204


async def test_fields_that_come_twice_are_signed_twice() -> None:
    """And a parameter nobody has heard of yet is welcome: Twilio adds them at any time."""
    receiver = Recorder()
    async with a_door(receiver) as client:
        pairs = [*a_form().items(), ("Passport", "b"), ("Passport", "a"), ("BrandNew", "値")]
        header = signed(PUBLIC + path("status"), _Several(pairs))
        answer = await client.post(path("status"), data=pairs, headers=header)
        assert answer.status == 204


async def test_a_forgery_is_logged_once_and_without_its_secrets() -> None:
    """One line for a flood, naming the door and the reason, not the nonce."""
    with capture_logs() as logs:
        async with a_door(Recorder()) as client:
            await _flood(client)
    assert [line["event"] for line in logs] == ["webhook_forged"]
    assert NONCE not in str(logs)


async def _flood(client: TestClient) -> None:  # type: ignore[type-arg]
    for _ in range(25):
        assert (await client.post(path("status"), data=a_form())).status == 403


class _Several(dict[str, str]):
    """A form with repeated fields, in the way the library asks for them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def getall(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]
