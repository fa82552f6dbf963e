"""Answered calls as facts, and what was counted of them on each day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from types import MappingProxyType

from compliance.campaign_rules import ConnectRule
from compliance.openings import local

WITHIN_S = 2.0
"""How soon after the greeting an agent must be there where no rule says: what every rule we know of says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answered call, as a fact. Seconds run from the end of the person's first words.

    `connected_s` is when an agent was there (None: none came), `left_s` when the person hung up, `message_s` when a
    recording began, which serves a person only who agreed to it (`is_consented`). `is_machine` is what detection said,
    `is_false_machine` that it was wrong. `centre` is the place whose agents dial.
    """

    at: datetime
    campaign: str
    centre: str = ""
    connected_s: float | None = None
    left_s: float | None = None
    message_s: float | None = None
    is_consented: bool = False
    is_machine: bool = False
    is_false_machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of calls: people who answered, of them those abandoned and those who left before the limit.

    The others of `live` were served in time. `machines` are those taken for one and none of these; `false_machines` are
    the people among them, as far as anybody knows.
    """

    live: int = 0
    abandoned: int = 0
    left: int = 0
    false_machines: int = 0
    machines: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            live=self.live + other.live,
            abandoned=self.abandoned + other.abandoned,
            left=self.left + other.left,
            false_machines=self.false_machines + other.false_machines,
            machines=self.machines + other.machines,
        )


def within(connects: Iterable[ConnectRule]) -> float:
    """Return how many seconds the strictest of these rules leaves."""
    return min((rule.within for rule in connects), default=WITHIN_S)


def is_served(call: Answered, within_s: float) -> bool:
    """Tell whether an agent, or a recording the person agreed to, was there in time; the limit itself is in time."""
    message = call.message_s if call.is_consented else None
    return any(at is not None and at <= within_s for at in (call.connected_s, message))


def is_abandoned(call: Answered, within_s: float) -> bool:
    """Tell whether a person answered, stayed past the limit and was not served by then; a machine never is."""
    if call.is_machine or is_served(call, within_s):
        return False
    return call.left_s is None or call.left_s > within_s


def counted_as(call: Answered, within_s: float) -> Tally:
    """Return what one call adds. Machines are in no term, but for people taken for one."""
    if call.is_machine:
        return Tally(false_machines=int(call.is_false_machine), machines=1)
    is_left = is_abandoned(call, within_s)
    return Tally(live=1, abandoned=int(is_left), left=int(not is_left and not is_served(call, within_s)))


def tally(calls: Iterable[Answered], within_s: float) -> Tally:
    """Return the counts of these calls."""
    return reduce(lambda found, call: found + counted_as(call, within_s), calls, Tally())


Days = Mapping[date, Tally]
"""What was counted on each date of the centre's calendar."""
_NO_DAYS: Days = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answered calls folded by campaign, by centre and by the date on the clocks of `zone`; never a running share.

    Keep one for each jurisdiction, of the calls that its law governs: no other country's answers may dilute its share.
    `within_s` is that law's limit. All days are kept, because a campaign's first one begins its periods.
    """

    zone: str
    within_s: float = WITHIN_S
    campaigns: Mapping[str, Days] = field(default_factory=dict)
    centres: Mapping[str, Days] = field(default_factory=dict)

    def plus(self, calls: Iterable[Answered]) -> "Answers":
        """Return these with more calls, in whatever order and pieces they become known."""
        return reduce(_with, calls, self)

    def days_of(self, *, campaign: str | None = None, centre: str | None = None) -> Days:
        """Return the days of a campaign, or of a centre."""
        if campaign is not None:
            return self.campaigns.get(campaign, _NO_DAYS)
        return self.centres.get(centre or "", _NO_DAYS)


def _with(answers: Answers, call: Answered) -> Answers:
    day, more = local(call.at, answers.zone).date(), counted_as(call, answers.within_s)
    return replace(
        answers,
        campaigns=_added(answers.campaigns, call.campaign, day, more),
        centres=_added(answers.centres, call.centre, day, more),
    )


def _added(series: Mapping[str, Days], name: str, day: date, more: Tally) -> Mapping[str, Days]:
    days = series.get(name, _NO_DAYS)
    return {**series, name: {**days, day: days.get(day, Tally()) + more}}
