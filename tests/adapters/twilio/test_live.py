"""The legs of live calls: what is asked of Twilio for a hold, a mute, a move, and what its answers mean."""

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import respx

from dialer.line_events import LineAnswered, Said, What
from dialer.line_orders import (
    CallListener,
    EarWork,
    EndListener,
    HoldPerson,
    LineWork,
    MovePerson,
    MuteAgent,
    SendAgent,
    TuneListener,
)
from dialer.listen_events import ListenAnswered
from dialer.listening import Mode
from tests.adapters.twilio.builders import (
    ACCOUNT,
    ATTEMPT,
    NONCE,
    ONE,
    PUBLIC,
    SID,
    a_call,
    a_carrier,
    a_refusal,
    a_router,
    document,
)
from tests.adapters.twilio.twiml_table import faults

ROOM = "CF" + "c" * 32
LEG, EAR = "CA" + "7" * 32, "CA" + "9" * 32
ROOMS = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences"
LEGS = f"{ROOMS}/{ROOM}/Participants"


def hold(**changes: Any) -> HoldPerson:
    """Put the person on hold."""
    facts: dict[str, Any] = {
        "id": "p1",
        "attempt": ATTEMPT,
        "reference": SID,
        "room": "ag-1",
        "is_on": True,
        "nonce": NONCE,
    }
    return HoldPerson(**(facts | {"language": "ja"} | changes))


def move(**changes: Any) -> MovePerson:
    """Bring the person into another room."""
    facts: dict[str, Any] = {
        "id": "p2",
        "attempt": ATTEMPT,
        "reference": SID,
        "room": "ag-2",
        "move": 3,
        "nonce": NONCE,
    }
    return MovePerson(**(facts | changes))


def mute(**changes: Any) -> MuteAgent:
    """Let nobody hear the agent."""
    facts: dict[str, Any] = {
        "id": "p3",
        "attempt": ATTEMPT,
        "reference": SID,
        "agent": "sato",
        "room": "ag-1",
        "is_on": True,
    }
    return MuteAgent(**(facts | changes))


def send(**changes: Any) -> SendAgent:
    """Let the agent go along."""
    facts: dict[str, Any] = {
        "id": "p4",
        "attempt": ATTEMPT,
        "reference": SID,
        "agent": "sato",
        "home": "ag-1",
    }
    return SendAgent(**(facts | {"room": "ag-2", "trip": 4} | changes))


def listed(name: str, *found: dict[str, Any]) -> httpx.Response:
    """A page of a list."""
    page = {"page": 0, "page_size": 50, "start": 0, "end": 0, "uri": "/", "first_page_uri": "/"}
    return httpx.Response(200, json={name: list(found), **page, "next_page_uri": None})


def the_room(router: respx.MockRouter, *labels: str) -> None:
    """A conference that goes on, with an agent's legs in it under these labels, the newest first."""
    router.get(f"{ROOMS}.json").mock(
        return_value=listed("conferences", {"sid": ROOM, "friendly_name": "ag-1", "status": "in-progress"})
    )
    legs = [{"call_sid": label.rpartition(".")[2].partition("-")[0], "label": label} for label in labels]
    router.get(f"{LEGS}.json").mock(return_value=listed("participants", *legs))


def a_participant(sid: str, status: int = 200) -> httpx.Response:
    """A participant as Twilio shows it."""
    return httpx.Response(status, json={"call_sid": sid, "conference_sid": ROOM, "status": "connected"})


def forms(router: respx.MockRouter) -> list[tuple[str, dict[str, list[str]]]]:
    """What was posted where."""
    return [
        (call.request.url.path, parse_qs(call.request.content.decode()))
        for call in router.calls
        if call.request.method == "POST"
    ]


async def test_a_supervisors_line_is_called_into_the_room() -> None:
    """Muted or coaching from its first moment on, and the room neither begins nor ends with it."""
    parts = {
        Mode.LISTEN: {"Muted": ["true"], "Coaching": ["false"]},
        Mode.WHISPER: {"Muted": ["false"], "Coaching": ["true"], "CallSidToCoach": [LEG]},
        Mode.BARGE: {"Muted": ["false"], "Coaching": ["false"]},
    }
    for mode, part in parts.items():
        router = a_router()
        the_room(router, f"agent.sato.{LEG}")
        router.post(f"{LEGS}.json").mock(return_value=a_participant(EAR, 201))
        answer = await heard(router, listener(mode=mode))
        ((where, form),) = forms(router)
        assert where == f"{LEGS}.json"
        assert {name: form[name] for name in part} == part
        assert ("CallSidToCoach" in form) is (mode is Mode.WHISPER)
        assert (form["From"], form["To"], form["Label"]) == (
            ["+81312345678"],
            ["client:mori"],
            ["ear.mori.n1"],
        )
        assert (form["StartConferenceOnEnter"], form["EndConferenceOnExit"]) == (["false"], ["false"])
        assert (form["Beep"], form["Timeout"]) == (["false"], ["20"])
        assert answer is not None
        assert (answer.said, answer.reference, answer.is_first) == (Said.DONE, EAR, True)


async def test_a_supervisors_line_is_tuned_and_ended() -> None:
    """By its own id; a room that is over has nobody to listen to, and a call is never made twice."""
    router = a_router()
    the_room(router, f"agent.sato.{LEG}")
    router.post(f"{LEGS}/{EAR}.json").mock(return_value=a_participant(EAR))
    tune = TuneListener(
        id="t1",
        attempt=ATTEMPT,
        reference="",
        supervisor="mori",
        agent="sato",
        room="ag-1",
        mode=Mode.BARGE,
        nonce="n1",
        leg=EAR,
    )
    answer = await heard(router, tune)
    assert answer is not None
    assert (answer.said, answer.is_first) == (Said.DONE, False)
    assert forms(router) == [(f"{LEGS}/{EAR}.json", {"Muted": ["false"], "Coaching": ["false"]})]
    router = a_router()
    where = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{EAR}.json"
    router.post(where).mock(return_value=httpx.Response(200, json=a_call(sid=EAR)))
    assert await heard(router, EndListener(id="e1", attempt=ATTEMPT, reference="", leg=EAR)) is None
    assert forms(router) == [(where, {"Status": ["completed"]})]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.Response(500), Said.UNSURE),
        (httpx.Response(400, json=a_refusal(21211)), Said.REFUSED),
        (httpx.ReadTimeout("late"), Said.UNSURE),
        (httpx.ConnectError("refused"), Said.REFUSED),
    ],
    ids=["500", "wrong", "lost", "not sent"],
)
async def test_a_supervisors_line_is_called_once(failure: httpx.Response | Exception, said: Said) -> None:
    """A telephone that may be ringing is not rung a second time."""
    router = a_router()
    the_room(router)
    router.post(f"{LEGS}.json").mock(side_effect=[failure] * 3)
    answer = await heard(router, listener())
    assert answer is not None
    assert (answer.said, answer.reference) == (said, "")
    assert len(forms(router)) == 1


def listener(**changes: Any) -> CallListener:
    """Call a supervisor in."""
    facts: dict[str, Any] = {
        "id": "l1",
        "attempt": ATTEMPT,
        "reference": SID,
        "supervisor": "mori",
        "agent": "sato",
        "room": "ag-1",
        "mode": Mode.LISTEN,
        "nonce": "n1",
        "line": "client:mori",
        "caller_id": "+81312345678",
    }
    return CallListener(**(facts | changes))


async def heard(router: respx.MockRouter, order: EarWork) -> ListenAnswered | None:
    """Carry out an order about a supervisor's line."""
    carrier = a_carrier(router)
    answer = await carrier.direct(order)
    await carrier.close()
    assert answer is None or isinstance(answer, ListenAnswered)
    return answer


async def done(router: respx.MockRouter, order: LineWork) -> LineAnswered:
    """Carry an order out."""
    carrier = a_carrier(router)
    answer = await carrier.direct(order)
    await carrier.close()
    assert isinstance(answer, LineAnswered)
    return answer


async def test_a_person_is_held_with_words_of_ours() -> None:
    """By their leg's id, in the conference of that name that goes on; the address is signed and carries our nonce."""
    router = a_router()
    the_room(router)
    router.post(f"{LEGS}/{SID}.json").mock(return_value=a_participant(SID))
    answer = await done(router, hold(music="https://music.example/a.mp3"))
    assert (answer.what, answer.said, answer.is_on, answer.attempt) == (What.HOLD, Said.DONE, True, ATTEMPT)
    asked = parse_qs(router.calls[0].request.url.query.decode())
    assert asked == {"FriendlyName": ["ag-1"], "Status": ["in-progress"], "PageSize": ["1"]}
    ((where, form),) = forms(router)
    assert where == f"{LEGS}/{SID}.json"
    assert (form["Hold"], form["HoldMethod"]) == (["true"], ["POST"])
    assert form["HoldUrl"][0].startswith(
        f"{PUBLIC}/twilio/{ATTEMPT}/{NONCE}/hold?language=ja&music=https://music.example/a.mp3#"
    )


async def test_an_agent_is_muted_whatever_their_line_is() -> None:
    """Each leg that their label names, also one left from before; nobody else's."""
    router, old = a_router(), "CA" + "8" * 32
    the_room(router, f"agent.sato.{LEG}", ATTEMPT, "agent.sato-2.CA1", f"agent.sato.{old}-2")
    for sid in (LEG, old):
        router.post(f"{LEGS}/{sid}.json").mock(return_value=a_participant(sid))
    assert (await done(router, mute())).said is Said.DONE
    assert forms(router) == [(f"{LEGS}/{sid}.json", {"Muted": ["true"]}) for sid in (old, LEG)]


async def test_a_person_is_moved_by_one_request() -> None:
    """The words ride in it, under a label that names the move; never sent twice."""
    router = a_router()
    router.post(ONE).mock(return_value=httpx.Response(200, json=a_call(status="in-progress")))
    answer = await done(router, move())
    ((_, form),) = forms(router)
    twiml = form["Twiml"][0]
    assert faults(twiml, inline=True) == []
    room = document(twiml).find("Dial/Conference")
    assert room is not None
    assert (room.text, room.get("participantLabel")) == ("ag-2", f"{ATTEMPT}.m3")
    assert (answer.what, answer.said, answer.move) == (What.MOVE, Said.DONE, 3)


async def test_an_agent_goes_along_and_comes_home() -> None:
    """Their own leg, found by its label; put out of the colleague's room, it goes home by itself."""
    router = a_router()
    the_room(router, f"agent.sato.{LEG}")
    where = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{LEG}.json"
    router.post(where).mock(return_value=httpx.Response(200, json=a_call(sid=LEG)))
    assert (await done(router, send())).said is Said.DONE
    assert (await done(router, send(is_home=True, trip=5))).said is Said.DONE
    there, back = (document(form["Twiml"][0]).findall("Dial/Conference") for _, form in forms(router))
    assert [(room.text, room.get("participantLabel")) for room in there] == [
        ("ag-2", f"visit.sato.{LEG}-4"),
        ("ag-1", f"agent.sato.{LEG}-4"),
    ]
    assert [(room.text, room.get("participantLabel")) for room in back] == [("ag-1", f"agent.sato.{LEG}-5")]


GONE = httpx.Response(404, json=a_refusal(20404, 404))
OVER = httpx.Response(400, json=a_refusal(21220))
WRONG = httpx.Response(400, json=a_refusal(20001))


@pytest.mark.parametrize(
    ("failure", "said", "times"),
    [
        (GONE, Said.GONE, 1),
        (OVER, Said.GONE, 1),
        (WRONG, Said.REFUSED, 1),
        (httpx.Response(500), Said.UNSURE, 1),
        (httpx.ReadTimeout("late"), Said.UNSURE, 1),
        (httpx.ConnectError("refused"), Said.REFUSED, 1),
    ],
    ids=["gone", "over", "wrong", "500", "lost", "not sent"],
)
async def test_what_a_failed_move_means(failure: httpx.Response | Exception, said: Said, times: int) -> None:
    """Surely not, no such leg, or nobody knows; whichever, it is not repeated: the engine decides what follows."""
    router = a_router()
    router.post(ONE).mock(side_effect=[failure] * 3)
    assert (await done(router, move())).said is said
    assert len(forms(router)) == times


async def test_a_hold_is_tried_again() -> None:
    """To hold somebody twice is to hold them: what was lost on the way is sent once more."""
    router = a_router()
    the_room(router)
    router.post(f"{LEGS}/{SID}.json").mock(side_effect=[httpx.Response(500), a_participant(SID)])
    assert (await done(router, hold())).said is Said.DONE
    assert len(forms(router)) == 2


@pytest.mark.parametrize("order", [hold(), mute(), send()], ids=["hold", "mute", "send"])
async def test_a_room_that_is_over_has_nobody_in_it(order: LineWork) -> None:
    """Said as it is, and nothing posted."""
    router = a_router()
    router.get(f"{ROOMS}.json").mock(return_value=listed("conferences"))
    assert (await done(router, order)).said is Said.GONE
    assert forms(router) == []
