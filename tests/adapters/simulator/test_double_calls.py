"""A call through the double: what rings, what is reported, what is executed."""

import asyncio
from pathlib import Path

import pytest

from adapters.simulator.people import Kind
from adapters.twilio import voice
from campaigns.speech import Utterance
from tests.adapters.simulator.builders import CALLER, Standing, a_double, a_number, is_busy, is_machine, talks

JOIN = (
    '<Response><Dial answerOnBridge="true" action="/after"><Conference beep="false" waitUrl="" '
    'participantLabel="att-1" statusCallback="/rooms" statusCallbackEvent="join leave">'
    "ag-1</Conference></Dial></Response>"
)
SEATED = (
    '<Response><Dial><Conference beep="false" waitUrl="" participantLabel="agent.a-1" statusCallback="/rooms" '
    'statusCallbackEvent="start end join leave">ag-1</Conference></Dial></Response>'
)


async def seat(
    standing: Standing, *, agent: str = "a-1", meanings: tuple[str, ...] = ("sold", "machine")
) -> None:
    """Seat an agent and wait until they pressed *ready*."""
    dialer = standing.dialer
    dialer.documents["/join"] = SEATED
    body = {
        "agents": [
            {
                "id": agent,
                "join_url": dialer.url("/join"),
                "desk_url": dialer.url(f"/desk/{agent}"),
                "token": "t",
            }
        ],
        "dispositions": {"winback": [{"id": f"d-{means}", "means": means} for means in meanings]},
    }
    response = await standing.api.post("/double/agents", json=body)
    assert response.status_code == 200
    await dialer.until(lambda: bool(dialer.at(f"/desk/{agent}/ready")))


async def test_an_agent_goes_on_their_break_and_comes_back(tmp_path: Path) -> None:
    """As the page says when the call is written up, and again when the break is over."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = JOIN
        resting: dict[str, object] = {"state": "away", "due": False}
        dialer.pages["/desk/a-1/dispose"] = [resting]
        await seat(standing)
        sid = (await standing.dial(a_number(talks))).json()["sid"]
        await standing.over(sid)
        await dialer.until(lambda: bool(dialer.at("/desk/a-1/dispose")))
        dialer.pages["/desk/a-1"] = [resting, resting, {**resting, "due": True}]
        looked = len(dialer.at("/desk/a-1"))
        await dialer.until(lambda: len(dialer.at("/desk/a-1/ready")) == 2)
        assert len(dialer.at("/desk/a-1")) == looked + 3


async def test_a_talk_is_reported_step_by_step(tmp_path: Path) -> None:
    """Queued, initiated, ringing, in progress, completed: numbered, in order, and kept in the record."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = JOIN
        await seat(standing)
        made = await standing.dial(a_number(talks))
        assert made.status_code == 201
        assert made.json()["status"] == "queued"
        assert made.json()["start_time"] is None
        sid = made.json()["sid"]
        last = await standing.over(sid)
        await dialer.until(lambda: bool(dialer.at("/desk/a-1/dispose")))
        await dialer.until(lambda: len(dialer.at("/desk/a-1/ready")) == 2)
        reported = sorted(dialer.at("/status"), key=lambda each: int(each["SequenceNumber"]))
        assert [each["CallStatus"] for each in reported] == [
            "initiated",
            "ringing",
            "in-progress",
            "completed",
        ]
        assert last["Duration"] == str(-(-int(last["CallDuration"]) // 60))
        (answer,) = dialer.at("/answer")
        assert (answer["CallStatus"], answer["Direction"], answer["To"]) == (
            "in-progress",
            "outbound-api",
            a_number(talks),
        )
        await dialer.until(lambda: bool(dialer.at("/after")))
        assert dialer.at("/after")[0]["DialCallStatus"] == "completed"
        assert all(each.is_signed for each in dialer.told if not each.path.startswith("/desk"))
        (disposed,) = dialer.at("/desk/a-1/dispose")
        assert disposed["attempt"] == "att-1"
        assert disposed["disposition"] in {"d-sold", "d-machine"}
        fetched = (await standing.api.get(standing.call(sid))).json()
        assert (fetched["status"], fetched["answered_by"]) == ("completed", None)
        start, end = standing.lines("rings.jsonl")
    assert (start["event"], start["call_sid"], start["from"]) == ("ring_start", sid, CALLER)
    assert (end["event"], end["ended"], end["talked_to"], end["answered_by"]) == (
        "ring_end",
        "completed",
        "a-1",
        "human",
    )
    assert end["talk_s"] >= 10
    assert end["at"] > start["at"]


async def test_rooms_report_who_comes_and_goes(tmp_path: Path) -> None:
    """Agent joins, customer joins under the attempt's id, the conference starts with two, the customer leaves."""
    async with a_double(tmp_path) as standing:
        standing.dialer.documents["/answer"] = JOIN
        await seat(standing)
        made = await standing.dial(a_number(talks))
        await standing.over(made.json()["sid"])
        await standing.dialer.until(lambda: len(standing.dialer.at("/rooms")) >= 4)
        told = sorted(standing.dialer.at("/rooms"), key=lambda each: int(each["SequenceNumber"]))[:4]
    assert [(each["StatusCallbackEvent"], each.get("ParticipantLabel")) for each in told] == [
        ("participant-join", "agent.a-1"),
        ("participant-join", "att-1"),
        ("conference-start", None),
        ("participant-leave", "att-1"),
    ]
    assert {each["FriendlyName"] for each in told} == {"ag-1"}
    assert told[3]["ReasonParticipantLeft"] == "participant_hung_up"


async def test_an_agent_whose_room_was_ended_comes_back(tmp_path: Path) -> None:
    """A customer's leg with endConferenceOnExit takes the agent out too; the agent joins again and says ready."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = JOIN.replace("<Conference", '<Conference endConferenceOnExit="true"')
        await seat(standing)
        made = await standing.dial(a_number(talks))
        await standing.over(made.json()["sid"])
        await dialer.until(lambda: len(dialer.at("/join")) == 2 and len(dialer.at("/desk/a-1/ready")) == 2)
        reasons = [each.get("ReasonParticipantLeft") for each in dialer.at("/rooms")]
    assert "moderator_ended_conference" in reasons


async def test_an_agent_clicks_until_the_page_answers(tmp_path: Path) -> None:
    """A disposition that meets errors is sent again; 409 counts as heard."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = JOIN
        await seat(standing)
        dialer.statuses["/desk/a-1/dispose"] = [500, 503, 409]
        await standing.dial(a_number(talks))
        await dialer.until(lambda: len(dialer.at("/desk/a-1/ready")) == 2)
        said = dialer.at("/desk/a-1/dispose")
        keys = [each["key"] for each in dialer.at("/desk/a-1/ready")]
    assert len(said) == 3
    assert said[0] == said[1] == said[2]
    assert len(set(keys)) == 2


async def test_an_agent_who_was_sent_away_comes_back(tmp_path: Path) -> None:
    """Between calls agents look at their page; one who sees that they are away presses ready."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.pages["/desk/a-1"] = [{"state": "ready"}, {"state": "away"}]
        await seat(standing)
        await dialer.until(lambda: len(dialer.at("/desk/a-1/ready")) == 2)
        assert len(dialer.at("/desk/a-1")) == 2


async def test_agents_are_seated_again_after_a_restart_of_the_dialer(tmp_path: Path) -> None:
    """Seating the same agent again joins the room anew and presses ready anew."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        await seat(standing)
        await seat(standing)
        await dialer.until(lambda: len(dialer.at("/desk/a-1/ready")) == 2)
        assert len(dialer.at("/join")) == 2
        health = (await standing.api.get("/double/health")).json()
        assert health["agents"] == {"a-1": "waiting"}


@pytest.mark.parametrize(
    ("kind", "status", "sip", "rings"),
    [
        (Kind.BUSY, "busy", "486", False),
        (Kind.FAILED, "failed", "503", False),
        (Kind.GONE, "failed", "404", False),
        (Kind.NO_ANSWER, "no-answer", "487", True),
    ],
)
async def test_a_call_nobody_takes(tmp_path: Path, kind: Kind, status: str, sip: str, rings: bool) -> None:
    """Each way of not being answered has its status and SIP code; only what rang is in the ring book."""
    async with a_double(tmp_path) as standing:
        made = await standing.dial(a_number(lambda each: each.kind is kind))
        last = await standing.over(made.json()["sid"])
        fetched = (await standing.api.get(standing.call(made.json()["sid"]))).json()
        book = standing.lines("rings.jsonl")
    assert (last["CallStatus"], last["SipResponseCode"], last["CallDuration"]) == (status, sip, "0")
    assert (fetched["status"], fetched["duration"]) == (status, None)
    assert [line["event"] for line in book] == (["ring_start", "ring_end"] if rings else [])


async def test_a_machine_is_detected_in_the_background(tmp_path: Path) -> None:
    """Asynchronous detection reports a machine after about four seconds, while the call goes on."""
    async with a_double(tmp_path, factor=100) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = '<Response><Pause length="30"/></Response>'
        made = await standing.dial(
            a_number(lambda each: is_machine(each) and each.ring_s < 14),
            MachineDetection="Enable",
            AsyncAmd="true",
            AsyncAmdStatusCallback=dialer.url("/screened"),
        )
        await dialer.until(lambda: bool(dialer.at("/screened")))
        await standing.over(made.json()["sid"])
        (screened,) = dialer.at("/screened")
    assert screened["AnsweredBy"] == "machine_start"
    assert 3000 < int(screened["MachineDetectionDuration"]) < 5000
    assert set(screened) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}


async def test_a_machine_takes_a_message_after_its_greeting(tmp_path: Path) -> None:
    """The end of the greeting is reported; a document sent then replaces what the line was doing, and ends it."""
    said = voice.message(Utterance(text="あ" * 70))
    async with a_double(tmp_path, factor=100) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = '<Response><Pause length="600"/></Response>'
        made = await standing.dial(
            a_number(lambda each: is_machine(each) and each.ring_s < 14),
            MachineDetection="DetectMessageEnd",
            AsyncAmd="true",
            AsyncAmdStatusCallback=dialer.url("/screened"),
        )
        await dialer.until(lambda: bool(dialer.at("/screened")))
        (screened,) = dialer.at("/screened")
        told = await standing.api.post(made.json()["uri"], data={"Twiml": said})
        over = await standing.over(made.json()["sid"])
    assert screened["AnsweredBy"] == "machine_end_beep"
    assert int(screened["MachineDetectionDuration"]) > 5000  # to know it for a machine takes less
    assert told.status_code == 200
    assert 10 < int(over["CallDuration"]) < 300


async def test_a_machine_detected_first_is_named_in_the_answer(tmp_path: Path) -> None:
    """Synchronous detection delays the first document and says in its request who picked up."""
    async with a_double(tmp_path) as standing:
        made = await standing.dial(a_number(is_machine), MachineDetection="Enable")
        await standing.over(made.json()["sid"])
        assert standing.dialer.at("/answer")[0]["AnsweredBy"] == "machine_start"


async def test_nine_is_pressed_on_the_notice(tmp_path: Path) -> None:
    """A person who wants no more calls presses 9 while the notice plays, and what follows is executed."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        gather = '<Gather input="dtmf" numDigits="1" action="/key"><Say language="ja-JP">{}</Say></Gather>'
        dialer.documents["/answer"] = f"<Response>{gather.format('あ' * 60)}<Hangup/></Response>"
        presser = await standing.dial(a_number(lambda each: each.presses_9 and each.ring_s < 20))
        quiet = await standing.dial(a_number(talks))
        await standing.over(presser.json()["sid"])
        await standing.over(quiet.json()["sid"])
        (key,) = dialer.at("/key")
    assert (key["Digits"], key["CallSid"]) == ("9", presser.json()["sid"])


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Response><Enqueue>all</Enqueue></Response>", 12200),
        ("<Nonsense/>", 12200),
        ("no document at all", 12100),
    ],
)
async def test_a_document_that_cannot_be_executed_ends_the_call(
    tmp_path: Path, document: str, code: int
) -> None:
    """The call ends as completed, and the account's debugger has a line."""
    async with a_double(tmp_path) as standing:
        standing.dialer.documents["/answer"] = document
        made = await standing.dial(a_number(talks))
        last = await standing.over(made.json()["sid"])
        (error,) = standing.lines("errors.jsonl")
    assert last["CallStatus"] == "completed"
    assert (error["sid"], error["code"]) == (made.json()["sid"], code)


async def test_an_answer_address_that_fails_goes_to_the_fallback(tmp_path: Path) -> None:
    """Our 500 ends the call with an application error, or leads to the fallback address where there is one."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.statuses["/answer"] = [500, 500]
        alone = await standing.dial(a_number(talks))
        assert (await standing.over(alone.json()["sid"]))["CallStatus"] == "completed"
        saved = await standing.dial(a_number(talks, skip=1), FallbackUrl=dialer.url("/fallback"))
        await standing.over(saved.json()["sid"])
        (asked,) = dialer.at("/fallback")
        errors = standing.lines("errors.jsonl")
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("11200", dialer.url("/answer"))
    assert [each["code"] for each in errors] == [11200, 11200]


async def test_redirects_are_followed_and_prompts_take_their_time(tmp_path: Path) -> None:
    """A document may send the call to another one; the last one hangs up."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = (
            "<Response><Say>Hello</Say><Play>/a.mp3</Play><Redirect>/on</Redirect></Response>"
        )
        dialer.documents["/on"] = '<Response><Pause length="20"/></Response>'
        made = await standing.dial(a_number(talks))
        last = await standing.over(made.json()["sid"])
        assert len(dialer.at("/on")) == 1
    assert int(last["CallDuration"]) >= 26


async def test_a_person_does_not_wait_for_ever_for_our_answer(tmp_path: Path) -> None:
    """When the answer webhook stays silent in real time, the person hangs up; the call was answered all the same."""
    impatient = a_number(lambda each: talks(each) and each.patience_s < 3.2)
    async with a_double(tmp_path) as standing:
        standing.dialer.held.clear()
        made = await standing.dial(impatient, Url=standing.dialer.url("/held"))
        last = await standing.over(made.json()["sid"])
        standing.dialer.held.set()
    assert last["CallStatus"] == "completed"


async def test_nobody_in_the_room_means_silence_and_a_hang_up(tmp_path: Path) -> None:
    """A room without an agent is left when patience ends: answered, but nobody was talked to."""
    async with a_double(tmp_path) as standing:
        standing.dialer.documents["/answer"] = JOIN
        made = await standing.dial(a_number(talks))
        await standing.over(made.json()["sid"])
        end = standing.lines("rings.jsonl")[-1]
    assert (end["ended"], end["talked_to"], end["talk_s"]) == ("completed", None, 0)


ONE = '<Gather input="dtmf" numDigits="{}" timeout="7" action="/key">{}</Gather>'


@pytest.mark.parametrize(
    ("prompt", "digits", "offers"),
    [
        ("<Say>Press 1 to talk, 9 to opt out</Say>", 1, True),
        ("<Say>お話しになる方は１を、停止は９を押してください</Say>", 1, True),
        ("<Say>Please press one.</Say>", 2, True),
        ("<Play>/notice.mp3</Play>", 1, True),
        ("<Say>Call 0120-123-456 to opt out, or press 9</Say>", 1, False),
        ("<Say>We open at 10.30</Say>", 1, False),
    ],
)
async def test_one_is_pressed_where_it_is_offered(
    tmp_path: Path, prompt: str, digits: int, offers: bool
) -> None:
    """Some who hear the offer press 1; a listening for more keys waits for its timeout after the last one."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = f"<Response>{ONE.format(digits, prompt)}<Hangup/></Response>"
        presser = a_number(lambda each: talks(each) and each.presses_1)
        made = await standing.dial(presser)
        last = await standing.over(made.json()["sid"])
        keys = [each["Digits"] for each in dialer.at("/key")]
    assert keys == (["1"] if offers else [])
    assert int(last["CallDuration"]) >= (7 if digits == 2 or not offers else 1)


async def test_a_call_has_a_price_some_time_after_its_end(tmp_path: Path) -> None:
    """In dollars, negative, by begun minutes; not at once, and not for a call that nobody answered."""
    async with a_double(tmp_path) as standing:
        standing.dialer.documents["/answer"] = '<Response><Pause length="70"/></Response>'
        sid = (await standing.dial(a_number(talks))).json()["sid"]
        busy = (await standing.dial(a_number(is_busy))).json()["sid"]
        await standing.over(sid)
        seen: list[str | None] = []
        async with asyncio.timeout(10):
            while not seen or seen[-1] is None:
                seen.append((await standing.api.get(standing.call(sid))).json()["price"])
        shown = (await standing.api.get(standing.call(busy))).json()
    assert (seen[0], seen[-1]) == (None, "-0.0280")
    assert (shown["price"], shown["price_unit"]) == (None, "USD")
