"""How many agents each half hour has by plan, had in fact, and needs for what is due: a report, never an order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialer.stints import Stint

SLOT = timedelta(minutes=30)
ENOUGH = 30
"""Calls of the day that must have turned out, and talks, before what was measured replaces what is assumed."""
ANSWERED = 0.25
HANDLING_S = 210.0
"""A talk of three minutes and half a minute to write it up: what pacing assumes at first too."""
OCCUPANCY, OCCUPANCY_AHEAD = 0.6, 0.85
"""With an agent reserved for each call, and with calls opened ahead of agents (docs/pacing.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One campaign's day. `overdue` people are due already; `due` counts those of later, by the start of their slot.

    Nobody is called while it is not running.

    `calls` were over today, `talks` of them reached an agent, who was busy for `handled_s` seconds with all of them.
    """

    is_running: bool = False
    overdue: int = 0
    due: Mapping[datetime, int] = field(default_factory=dict)
    calls: int = 0
    talks: int = 0
    handled_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one try asks of agents: how likely they are asked, for how long, and how busy they are meanwhile."""

    answered: float
    handling_s: float
    occupancy: float
    is_measured: bool

    @property
    def seconds(self) -> float:
        """Seconds of one agent at work for each try, waiting included."""
        return self.answered * self.handling_s / self.occupancy


def effort_of(work: Workload, *, is_ahead: bool, occupancy: float | None) -> Effort:
    """Return what a try takes: as measured today where enough was seen, else as assumed.

    `is_ahead`: calls are opened ahead of agents; `occupancy` is that of the floor today, None while nobody worked. Less
    than is assumed says that there was too little to do, not that a try takes more: then the assumed one counts.
    """
    assumed = OCCUPANCY_AHEAD if is_ahead else OCCUPANCY
    if work.calls < ENOUGH or work.talks < ENOUGH or occupancy is None:
        return Effort(answered=ANSWERED, handling_s=HANDLING_S, occupancy=assumed, is_measured=False)
    return Effort(
        answered=work.talks / work.calls,
        handling_s=work.handled_s / work.talks,
        occupancy=max(assumed, occupancy),
        is_measured=True,
    )


def slots(since: datetime, until: datetime) -> tuple[datetime, ...]:
    """Return the starts of the half hours that cover [`since`, `until`), beginning with `since`."""
    count = max(0, -((since - until) // SLOT))
    return tuple(since + SLOT * place for place in range(count))


def planned(stints: Sequence[Stint], starts: Sequence[datetime]) -> tuple[float, ...]:
    """Return how many agents are at work by plan in each half hour, on average; breaks are left out."""
    return tuple(sum(_worked(stint, start, start + SLOT) / SLOT for stint in stints) for start in starts)


def _worked(stint: Stint, since: datetime, until: datetime) -> timedelta:
    worked = _overlap(stint.begins, stint.ends, since, until)
    return worked - sum(
        (_overlap(pause.begins, pause.ends, since, until) for pause in stint.pauses), timedelta()
    )


def _overlap(begins: datetime, ends: datetime, since: datetime, until: datetime) -> timedelta:
    return max(timedelta(), min(ends, until) - max(begins, since))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked of one campaign: its work, what a try takes, in which slots it may call, how many tries an hour."""

    work: Workload
    effort: Effort
    is_open: Sequence[bool]
    tries_per_second: float


def needed(demand: Demand, starts: Sequence[datetime], now: datetime) -> tuple[float, ...]:
    """Return how many agents a campaign needs in each half hour from now on; 0 in those that are over.

    Who is due already is spread over the time that is left; who comes due later is called then. What cannot be called
    in a slot, since the campaign is closed or lines start no faster, is called in the next ones.
    """
    left = [max(0.0, (start + SLOT - max(start, now)).total_seconds()) for start in starts]
    opened = [seconds if is_open else 0.0 for seconds, is_open in zip(left, demand.is_open, strict=True)]
    return tuple(
        tries * demand.effort.seconds / seconds if seconds else 0.0
        for tries, seconds in zip(_tries(demand, starts, opened), opened, strict=True)
    )


def _tries(demand: Demand, starts: Sequence[datetime], opened: Sequence[float]) -> Iterator[float]:
    """Yield how many people are tried in each slot, `opened` seconds of which are left to call in."""
    whole, carried = sum(opened), 0.0
    for start, seconds in zip(starts, opened, strict=True):
        share = seconds / whole if whole else 0.0
        wanted = demand.work.overdue * share + demand.work.due.get(start, 0) + carried
        tried = min(wanted, seconds * demand.tries_per_second)
        carried = wanted - tried
        yield tried
