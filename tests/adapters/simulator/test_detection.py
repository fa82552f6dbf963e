"""Machine detection: what its parameters change, and what is never told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator.chance import Chance
from adapters.simulator.detection import Greeting, Tuning, Verdict, greeting, judge, read_tuning
from adapters.simulator.people import Kind, Population, Reaction
from adapters.simulator.refusals import Refusal
from tests.adapters.simulator.builders import (
    SEED,
    TEN_IN_TOKYO,
    a_double,
    a_number,
    is_machine,
    numbers,
    talks,
)

SHORT = Greeting(silence_s=0.5, speech_s=1.0)
MESSAGE = Greeting(silence_s=0.5, speech_s=8.0, ends="beep")


@pytest.mark.parametrize(
    ("heard", "tuning", "word", "seconds"),
    [
        (SHORT, Tuning(), "human", 2.7),
        (SHORT, Tuning(speech_end_ms=500), "human", 2.0),
        (SHORT, Tuning(speech_ms=1000), "human", 2.7),
        (MESSAGE, Tuning(), "machine_start", 2.9),
        (MESSAGE, Tuning(speech_ms=1800), "machine_start", 2.3),
        (MESSAGE, Tuning(mode="DetectMessageEnd"), "machine_end_beep", 8.5),
        (MESSAGE, Tuning(mode="DetectMessageEnd", timeout_s=5), "unknown", 5.0),
        (Greeting(silence_s=0.5, speech_s=2.0), Tuning(speech_ms=1800), "machine_start", 2.3),
        (Greeting(silence_s=0.5, speech_s=5.0), Tuning(speech_ms=6000), "human", 6.7),
        (Greeting(silence_s=0.5, speech_s=0), Tuning(), "unknown", 5.0),
        (Greeting(silence_s=0.5, speech_s=0), Tuning(silence_ms=2000), "unknown", 2.0),
        (Greeting(silence_s=0.5, speech_s=3, is_fax=True), Tuning(), "fax", 2.5),
        (
            Greeting(silence_s=0.5, speech_s=4, ends="silence"),
            Tuning(mode="DetectMessageEnd"),
            "machine_end_silence",
            5.7,
        ),
        (
            Greeting(silence_s=0.5, speech_s=4, ends="other"),
            Tuning(mode="DetectMessageEnd"),
            "machine_end_other",
            5.7,
        ),
    ],
)
def test_a_greeting_is_judged_by_its_length(
    heard: Greeting, tuning: Tuning, word: str, seconds: float
) -> None:
    """Speech below the threshold is a person once it has ended, above it a machine at once, or at its end."""
    verdict = judge(heard, tuning, 0.0)
    assert verdict.word == word
    assert verdict.seconds == pytest.approx(seconds)


@given(
    st.floats(0, 2),
    st.floats(0, 30),
    st.integers(1000, 6000),
    st.integers(500, 5000),
    st.integers(2000, 10000),
    st.integers(3, 59),
)
def test_no_verdict_comes_after_the_timeout(
    silence: float, speech: float, threshold: int, end: int, quiet: int, timeout: int
) -> None:
    """Whatever is heard and asked for, and a person never sooner than their speech and the silence after it."""
    tuning = Tuning(speech_ms=threshold, speech_end_ms=end, silence_ms=quiet, timeout_s=timeout)
    verdict = judge(Greeting(silence_s=silence, speech_s=speech), tuning, 0.5)
    assert 0 < verdict.seconds <= timeout
    if verdict.word == "human":
        assert verdict.seconds >= speech + end / 1000


def verdicts(tuning: Tuning, kind: Kind) -> list[Verdict]:
    """The verdicts on the first 2,000 calls that meet this kind."""
    people, chance, found = Population(SEED), Chance(SEED), []
    local = people.local(TEN_IN_TOKYO)
    for number in numbers():
        reaction = people.reaction(number, local, 1)
        if reaction.kind is kind:
            found.append(judge(greeting(chance, reaction, number, 1), tuning, 0.8))
            if len(found) == 2000:
                return found
    raise AssertionError


def share(found: list[Verdict], *words: str) -> float:
    """Which share of the verdicts is one of these."""
    return sum(each.word in words for each in found) / len(found)


def test_a_lower_threshold_is_faster_and_takes_more_people_for_machines() -> None:
    """And a higher one more machines for people: nobody gets both."""
    hasty, usual, careful = (Tuning(speech_ms=ms) for ms in (1000, 2400, 6000))
    wrong = [share(verdicts(each, Kind.ANSWER), "machine_start") for each in (hasty, usual, careful)]
    missed = [share(verdicts(each, Kind.MACHINE), "human") for each in (hasty, usual, careful)]
    assert wrong[0] > 0.2
    assert 0.06 > wrong[1] > wrong[2]
    assert missed[0] < missed[1] < 0.05 < missed[2]
    times = [each.seconds for each in verdicts(usual, Kind.MACHINE)]
    assert 3 < sum(times) / len(times) < 5
    assert 0.9 < share(verdicts(usual, Kind.ANSWER), "human") < 0.99


def test_what_is_out_of_range_is_refused_and_what_is_left_out_has_twilios_defaults() -> None:
    """SendDigits switches detection off without a word."""
    assert read_tuning({}) is None
    assert read_tuning({"MachineDetection": "Enable"}) == Tuning()
    assert read_tuning({"MachineDetection": "Enable", "SendDigits": "12w"}) is None
    wrong = read_tuning({"MachineDetection": "Enable", "MachineDetectionTimeout": "60"})
    assert isinstance(wrong, Refusal)
    assert (wrong.code, wrong.status) == (21234, 400)


async def test_a_verdict_nobody_wants_to_hear_stands_in_the_resource_alone(tmp_path: Path) -> None:
    """Without a callback the debugger has a warning (21262), and the call's resource has the verdict."""
    async with a_double(tmp_path, factor=100) as standing:
        standing.dialer.documents["/answer"] = '<Response><Pause length="30"/></Response>'
        made = await standing.dial(
            a_number(lambda each: is_machine(each) and each.ring_s < 14),
            MachineDetection="Enable",
            AsyncAmd="true",
        )
        sid = made.json()["sid"]
        await standing.over(sid)
        assert (await standing.api.get(standing.call(sid))).json()["answered_by"] == "machine_start"
        (warning,) = standing.lines("errors.jsonl")
    assert (warning["sid"], warning["code"]) == (sid, 21262)
    async with a_double(tmp_path) as again:
        assert (await again.api.get(again.call(sid))).json()["answered_by"] == "machine_start"


async def test_nobody_bears_dead_air_for_ever(tmp_path: Path) -> None:
    """A person who says little and hears nothing hangs up before a slow synchronous verdict: no document is asked."""

    def hangs_up(each: Reaction) -> bool:
        return talks(each) and each.patience_s < 3.5

    async with a_double(tmp_path, factor=50) as standing:
        made = await standing.dial(
            a_number(hangs_up), MachineDetection="Enable", MachineDetectionSpeechEndThreshold="5000"
        )
        last = await standing.over(made.json()["sid"])
        assert standing.dialer.at("/answer") == []
    assert (last["CallStatus"], int(last["CallDuration"]) <= 5) == ("completed", True)
