"""Second legs and messages: whom a call is put through to, and what is told of it afterwards."""

from pathlib import Path

import pytest

from adapters.simulator.people import Kind
from adapters.simulator.rings import Ring, RingBook
from adapters.simulator.seals import problems
from tests.adapters.simulator.builders import TEN_IN_TOKYO, a_double, a_number, is_busy, never_answers, talks

THROUGH = '<Response><Dial timeout="20" action="/after">{}</Dial></Response>'


@pytest.mark.parametrize(
    ("whom", "status"),
    [
        (a_number(talks, skip=5), "completed"),
        (a_number(never_answers, skip=5), "no-answer"),
        (a_number(is_busy, skip=5), "busy"),
        (a_number(lambda each: each.kind is Kind.GONE, skip=1), "failed"),
        ("<Client>aoki</Client>", "no-answer"),
    ],
)
async def test_a_call_is_put_through(tmp_path: Path, whom: str, status: str) -> None:
    """The other phone rings, which the record says; `action` is told how it ended, and for how long they talked."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = THROUGH.format(whom)
        made = await standing.dial(a_number(talks))
        await standing.over(made.json()["sid"])
        (told,) = dialer.at("/after")
        rings = [line for line in standing.lines("rings.jsonl") if line["to"] == whom]
    assert (told["DialCallStatus"], told["DialBridged"]) == (status, str(status == "completed").lower())
    assert ("DialCallDuration" in told) is (status == "completed")
    rang = status in {"completed", "no-answer"} and whom.startswith("+")
    assert [line["event"] for line in rings] == (["ring_start", "ring_end"] if rang else [])
    if rang:
        assert (rings[1]["ended"], rings[1]["call_sid"]) == (status, told["DialCallSid"])
        assert rings[1]["talk_s"] == int(told.get("DialCallDuration", "0"))


async def test_the_other_phone_stops_ringing_when_the_caller_is_gone(tmp_path: Path) -> None:
    """A ring that began has an end, whatever ended it."""
    async with a_double(tmp_path, factor=50) as standing:
        dialer, whom = standing.dialer, a_number(never_answers, skip=5)
        dialer.documents["/answer"] = THROUGH.format(whom)
        sid = (await standing.dial(a_number(talks))).json()["sid"]
        await dialer.until(lambda: bool(dialer.at("/answer")))
        while not [line for line in standing.lines("rings.jsonl") if line["to"] == whom]:
            await standing.api.get("/double/health")
        await standing.api.post(standing.call(sid), data={"Status": "completed"})
        await standing.over(sid)
        rings = [line for line in standing.lines("rings.jsonl") if line["to"] == whom]
    assert [line.get("ended") for line in rings] == [None, "canceled"]


async def test_a_message_is_taken_down(tmp_path: Path) -> None:
    """`action` gets the recording, which can be fetched; no longer than it may be."""
    async with a_double(tmp_path) as standing:
        dialer = standing.dialer
        dialer.documents["/answer"] = '<Response><Record maxLength="2" action="/left"/></Response>'
        made = await standing.dial(a_number(talks))
        await standing.over(made.json()["sid"])
        (left,) = dialer.at("/left")
        shown = (await standing.api.get(f"{left['RecordingUrl']}.json")).json()
    assert (left["RecordingDuration"], shown["duration"], shown["source"]) == ("2", "2", "RecordVerb")
    assert shown["call_sid"] == made.json()["sid"]


async def test_a_second_leg_that_a_kill_cut_off_has_an_end(tmp_path: Path) -> None:
    """A double that is started again closes every ring of the run before, and the record stays sound."""
    book = RingBook(tmp_path)
    book.start(Ring(sid="CA1", to="+819012345678", sender="+81312345678"), TEN_IN_TOKYO)
    book.close()
    async with a_double(tmp_path) as standing:
        lines = standing.lines("rings.jsonl")
    assert [(line["event"], line.get("ended")) for line in lines] == [
        ("ring_start", None),
        ("ring_end", "failed"),
    ]
    assert list(problems(tmp_path)) == []
