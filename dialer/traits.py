"""What is known of a person before a call and says whether they will answer; kept with the attempt as text."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.contact import Contact, Lead
from campaigns.outcome import Outcome
from compliance.numbers import Number, read_number
from compliance.places import zones_of
from compliance.terms import LineType

_DAY_S = 86_400.0
_NOTHING = "-"
_PARTS = 8
_ANYWHERE = "ZZ"
"""No region: our numbers are written with their country."""


class Line(StrEnum):
    """What kind of number it is."""

    MOBILE = "mobile"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class Last(StrEnum):
    """What came of the attempt before."""

    NONE = "none"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    MACHINE = "machine"
    FAILED = "failed"


_LASTS = {
    Outcome.MACHINE: Last.MACHINE,
    Outcome.BUSY: Last.BUSY,
    Outcome.FAILED: Last.FAILED,
}
_LINES = {LineType.MOBILE: Line.MOBILE, LineType.FIXED: Line.FIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known before a call: `hour` 0-23 and `weekday` 0-6 (Monday 0) where the person is.

    `answered_share` is of past calls, None without any; `listed_days` are those since the person's own last word to
    the company (a purchase), `rested_days` those since the last call; None where there was none.
    """

    hour: int
    weekday: int
    tries: int = 0
    last: Last = Last.NONE
    answered_share: float | None = None
    line: Line = Line.UNKNOWN
    listed_days: float | None = None
    rested_days: float | None = None

    def at(self, local: datetime) -> "Traits":
        """Return the same at another local time."""
        return replace(self, hour=local.hour, weekday=local.weekday())

    def after(self, last: Last) -> "Traits":
        """Return the same with one more call that came to `last`."""
        was = (self.answered_share or 0.0) * self.tries
        share = (was + (last is Last.ANSWERED)) / (self.tries + 1)
        return replace(self, tries=self.tries + 1, last=last, answered_share=share, rested_days=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The calls a person had, of every campaign: how many, how many they answered, when and how the last one ended."""

    tries: int = 0
    answered: int = 0
    last: Last = Last.NONE
    last_at: datetime | None = None


NEVER = Past()
"""Nobody has called yet."""


@lru_cache(maxsize=1 << 14)
def line_of(number: str) -> Line:
    """Return what kind of line an E.164 number is, as far as the number plan tells."""
    found = read_number(number, _ANYWHERE)
    return _LINES.get(found.line_type, Line.UNKNOWN) if isinstance(found, Number) else Line.UNKNOWN


@lru_cache(maxsize=1 << 14)
def zone_of(number: str) -> str:
    """Return the zone in which the hours of a number are counted: the first that it may be in, UTC for none."""
    return next(iter(zones_of(number)), "UTC")


def number_of(lead: Lead, contact: Contact) -> str | None:
    """Return the number that the next call begins with: each try on a step begins with the person's next one."""
    phones = contact.phones
    return phones[lead.step_tries % len(phones)].number if phones else None


def last_of(outcome: Outcome, *, is_answered: bool) -> Last:
    """Return what came of a call in the words of the model."""
    return Last.ANSWERED if is_answered else _LASTS.get(outcome, Last.UNANSWERED)


def traits_of(contact: Contact, number: str, past: Past, now: datetime) -> Traits:
    """Return what is known of a person at `now` (aware), before `number` (E.164) is called."""
    local = now.astimezone(ZoneInfo(zone_of(number)))
    word = max((one.at for one in contact.relationships if one.at), default=None)
    return Traits(
        hour=local.hour,
        weekday=local.weekday(),
        tries=past.tries,
        last=past.last,
        answered_share=past.answered / past.tries if past.tries else None,
        line=line_of(number),
        listed_days=_days(word, now),
        rested_days=_days(past.last_at, now),
    )


def to_text(traits: Traits) -> str:
    """Return traits as a short text, such as `18,3,2,busy,0.5,mobile,210.0,1.2`."""
    plain = (
        traits.hour,
        traits.weekday,
        traits.tries,
        traits.last.value,
        _rounded(traits.answered_share),
        traits.line.value,
        _rounded(traits.listed_days),
        _rounded(traits.rested_days),
    )
    return ",".join(map(str, plain))


def from_text(text: str) -> Traits | None:
    """Return the traits that a text means, None when it is none: what another release wrote teaches nothing."""
    parts = text.split(",")
    if len(parts) != _PARTS:
        return None
    hour, weekday, tries, last, share, line, listed, rested = parts
    try:
        return Traits(
            hour=int(hour) % 24,
            weekday=int(weekday) % 7,
            tries=int(tries),
            last=Last(last),
            answered_share=_number(share),
            line=Line(line),
            listed_days=_number(listed),
            rested_days=_number(rested),
        )
    except ValueError:
        return None


def _days(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds() / _DAY_S)


def _rounded(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.4g}"


def _number(text: str) -> float | None:
    return None if text == _NOTHING else float(text)
