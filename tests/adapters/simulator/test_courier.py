"""Webhooks: Twilio's signature, the fragment's overrides, and callbacks that go astray."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from adapters.simulator.courier import read_overrides
from adapters.simulator.options import Faults
from tests.adapters.simulator.builders import a_double, a_number, is_busy


def test_the_signature_is_twilios() -> None:
    """The validator we sign with gives the vector that Twilio's libraries agree on (twilio.md §2.3)."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert RequestValidator("12345").compute_signature(url, fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("fragment", "retries", "retry_on", "times"),
    [
        ("", 1, {"ct"}, (5, 15, 15)),
        ("#rc=3&rp=all&ct=1000&rt=3000&tt=12000", 3, {"ct", "rt", "4xx", "5xx"}, (1, 3, 12)),
        ("#e=tokyo&rc=0", 0, {"ct"}, (5, 15, 15)),
        ("#rp=5xx,rt&rc=9", 5, {"5xx", "rt"}, (5, 15, 15)),
        ("#ct=1&rt=99999&rc=x", 1, {"ct"}, (0.1, 15, 15)),
    ],
)
def test_the_fragment_is_obeyed(
    fragment: str, retries: int, retry_on: set[str], times: tuple[float, ...]
) -> None:
    """Retries and times come from the fragment, within Twilio's bounds, and the fragment is never sent."""
    address, overrides = read_overrides(f"https://dialer.example/x?y=1{fragment}")
    assert address == "https://dialer.example/x?y=1"
    assert (overrides.retries, set(overrides.retry_on)) == (retries, retry_on)
    assert (overrides.connect_s, overrides.read_s, overrides.total_s) == times


@given(st.text(max_size=40))
def test_no_fragment_does_harm(fragment: str) -> None:
    """Whatever stands in a fragment, the bounds hold."""
    address, overrides = read_overrides(f"https://dialer.example/x#{fragment}")
    assert address == "https://dialer.example/x"
    assert 0 <= overrides.retries <= 5
    assert 0.1 <= overrides.connect_s <= 15
    assert 0.1 <= overrides.total_s <= 15


async def test_a_callback_is_signed_and_looks_like_twilios(tmp_path: Path) -> None:
    """Signature, sender, blank places and one idempotency token for all tries of one webhook."""
    async with a_double(tmp_path) as standing:
        standing.dialer.statuses["/status"] = [500, 503, 200]
        made = await standing.dial(
            a_number(is_busy),
            StatusCallback=standing.dialer.url("/status?attempt=%E3%81%82&x=1#rc=3&rp=all"),
            StatusCallbackEvent=["completed"],
        )
        await standing.dialer.until(lambda: len(standing.dialer.at("/status")) == 3)
    tries = standing.dialer.told
    assert [each.is_signed for each in tries] == [True, True, True]
    assert {each.url for each in tries} == {standing.dialer.url("/status?attempt=%E3%81%82&x=1")}
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in tries}) == 1
    assert tries[0].headers["User-Agent"] == "TwilioProxy/1.1"
    fields = tries[0].fields
    assert fields["CallSid"] == made.json()["sid"]
    assert (fields["CallStatus"], fields["SequenceNumber"]) == ("busy", "0")
    assert (fields["CallDuration"], fields["SipResponseCode"]) == ("0", "486")
    assert fields["ToCity"] == fields["FromCountry"] == ""
    assert fields["CallbackSource"] == "call-progress-events"
    assert fields["Timestamp"].endswith("+0000")
    assert "Duration" not in fields


async def test_a_server_error_is_not_retried_by_default(tmp_path: Path) -> None:
    """Without a fragment only a failed connection is tried again: a 500 of ours loses the callback."""
    async with a_double(tmp_path) as standing:
        standing.dialer.statuses["/lost"] = [500, 200]
        url = standing.dialer.url("/lost")
        await standing.dial(a_number(is_busy), StatusCallback=url, StatusCallbackEvent=["completed"])
        await standing.quiet()
    assert len(standing.dialer.at("/lost")) == 1


async def test_faults_strike_callbacks_and_repeat(tmp_path: Path) -> None:
    """Callbacks can be dropped, doubled or delayed by share, and the same ones are in the next run."""

    async def run(name: str, faults: Faults) -> list[tuple[str, str]]:
        async with a_double(tmp_path / name, faults=faults) as standing:
            for skip in range(8):
                await standing.dial(a_number(is_busy, skip=skip))
            await standing.quiet()
        return sorted((each["To"], each["CallStatus"]) for each in standing.dialer.at("/status"))

    whole = await run("whole", Faults())
    assert len(whole) == 16
    assert await run("none", Faults(drop_callbacks=1)) == []
    assert await run("twice", Faults(duplicate_callbacks=1)) == sorted(whole * 2)
    assert await run("late", Faults(delay_callbacks=0.5, delay_s=60, reorder_callbacks=1)) == whole
    some = await run("some", Faults(drop_callbacks=0.5))
    assert 0 < len(some) < 16
    assert some == await run("same", Faults(drop_callbacks=0.5))


async def test_callbacks_arrive_out_of_order_when_asked_to(tmp_path: Path) -> None:
    """With reordering, what arrives later may have happened earlier; the numbers still tell."""
    async with a_double(tmp_path, faults=Faults(reorder_callbacks=1)) as standing:
        for skip in range(8):
            await standing.dial(a_number(is_busy, skip=skip))
        await standing.quiet()
    by_call: dict[str, list[int]] = {}
    for each in standing.dialer.at("/status"):
        by_call.setdefault(each["CallSid"], []).append(int(each["SequenceNumber"]))
    assert all(sorted(numbers) == [0, 1] for numbers in by_call.values())
    assert [1, 0] in by_call.values()
