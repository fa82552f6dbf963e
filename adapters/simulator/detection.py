"""Machine detection: its parameters, what somebody says on picking up, and the verdict with the time it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from adapters.simulator import refusals
from adapters.simulator.chance import Chance
from adapters.simulator.people import Kind, Reaction
from adapters.simulator.refusals import Refusal

Word = Literal[
    "human",
    "machine_start",
    "machine_end_beep",
    "machine_end_silence",
    "machine_end_other",
    "fax",
    "unknown",
]
_MODES = frozenset({"Enable", "DetectMessageEnd"})
# Each parameter's lowest and highest value (twilio.md §1.1); outside of them the order is refused with 21234.
_RANGES = {
    "MachineDetectionTimeout": (3, 59),
    "MachineDetectionSpeechThreshold": (1000, 6000),
    "MachineDetectionSpeechEndThreshold": (500, 5000),
    "MachineDetectionSilenceTimeout": (2000, 10000),
}
_FAX_SHARE, _MUTE_SHARE, _BEEP_SHARE, _SILENCE_SHARE = 0.01, 0.03, 0.7, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How machines are told from people; `callback` is where to report it when nobody waits for the verdict."""

    mode: str = "Enable"
    timeout_s: int = 30
    speech_ms: int = 2400
    speech_end_ms: int = 1200
    silence_ms: int = 5000
    is_async: bool = False
    callback: str | None = None
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What is heard after picking up: seconds of silence, then of speech; for a machine, how its message ends."""

    silence_s: float
    speech_s: float
    is_fax: bool = False
    ends: Literal["beep", "silence", "other"] = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Twilio's word for who picked up, and how many seconds after the answer it is known."""

    word: Word
    seconds: float


def read_tuning(one: Mapping[str, str]) -> Tuning | Refusal | None:
    """Return how to detect, None for not at all: `SendDigits` switches it off without a word (twilio.md §1.1)."""
    mode = one.get("MachineDetection")
    if mode is None:
        return None
    if mode not in _MODES or not all(_in_range(one, name) for name in _RANGES):
        return refusals.BAD_DETECTION
    if "SendDigits" in one:
        return None
    usual = Tuning()
    return Tuning(
        mode=mode,
        timeout_s=int(one.get("MachineDetectionTimeout", usual.timeout_s)),
        speech_ms=int(one.get("MachineDetectionSpeechThreshold", usual.speech_ms)),
        speech_end_ms=int(one.get("MachineDetectionSpeechEndThreshold", usual.speech_end_ms)),
        silence_ms=int(one.get("MachineDetectionSilenceTimeout", usual.silence_ms)),
        is_async=one.get("AsyncAmd") == "true",
        callback=one.get("AsyncAmdStatusCallback"),
        method=one.get("AsyncAmdStatusCallbackMethod", "POST"),
    )


def _in_range(one: Mapping[str, str], name: str) -> bool:
    """Tell whether a parameter is left out, or a whole number within its bounds."""
    low, high = _RANGES[name]
    text = one.get(name)
    return text is None or (text.isdecimal() and low <= int(text) <= high)


def greeting(chance: Chance, reaction: Reaction, number: str, nth: int) -> Greeting:
    """Draw what is heard: people say a second's worth, machines some nine seconds, a few people nothing at all."""
    call = (number, nth)
    silence_s = chance.between(0.2, 0.9, "greets-after", *call)
    if reaction.kind is not Kind.MACHINE:
        is_mute = chance.happens(_MUTE_SHARE, "mute", *call)
        speech_s = 0.0 if is_mute else chance.lognormal(1.1, 0.45, "greets", *call)
        return Greeting(silence_s=silence_s, speech_s=speech_s)
    ends = chance.draw("message-ends", *call)
    return Greeting(
        silence_s=silence_s,
        speech_s=chance.lognormal(9.0, 0.5, "message", *call),
        is_fax=chance.happens(_FAX_SHARE, "fax", *call),
        ends="beep" if ends < _BEEP_SHARE else "silence" if ends < _BEEP_SHARE + _SILENCE_SHARE else "other",
    )


def judge(heard: Greeting, tuning: Tuning, lag_s: float) -> Verdict:
    """Return the verdict on a greeting: nobody who speaks longer than the speech threshold passes for a person.

    A lower threshold is faster and takes more people for machines, a higher one more machines for people. A person
    is known only once they have been silent for the speech end threshold. `lag_s` is what the analysis takes.
    """
    word, seconds = _verdict(heard, tuning)
    seconds += lag_s
    if seconds > tuning.timeout_s:
        return Verdict(word="unknown", seconds=float(tuning.timeout_s))
    return Verdict(word=word, seconds=seconds)


def _verdict(heard: Greeting, tuning: Tuning) -> tuple[Word, float]:
    if heard.is_fax:
        return "fax", heard.silence_s + 2.0
    if heard.speech_s == 0:
        return "unknown", tuning.silence_ms / 1000
    if heard.speech_s <= tuning.speech_ms / 1000:
        return "human", heard.silence_s + heard.speech_s + tuning.speech_end_ms / 1000
    if tuning.mode == "Enable":
        return "machine_start", heard.silence_s + tuning.speech_ms / 1000
    end_s = heard.silence_s + heard.speech_s
    match heard.ends:
        case "beep":
            return "machine_end_beep", end_s
        case "silence":
            return "machine_end_silence", end_s + tuning.speech_end_ms / 1000
        case _:
            return "machine_end_other", end_s + tuning.speech_end_ms / 1000
