"""Today's staffing, read from the store: who is planned, who was there, and how many the due work needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.web.desk_plan import Planning
from campaigns.campaign import Campaign
from compliance.hours import MIDNIGHT, parse_hours
from compliance.places import zone_of_region
from compliance.terms import Channel
from dialer.agents import Agent
from dialer.need import SLOT, Demand, Effort, Workload, effort_of, needed, planned, slots
from dialer.pacing import account_window
from dialer.ports import Reports
from dialer.presence import Present
from dialer.settings import Settings
from dialer.shifts import DAY_MINUTES
from dialer.stints import instant_of

KEPT_S = 5.0
"""Real seconds for which what was counted is shown: half hours change slowly, and counting is not free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One half hour. `present` is None while it is to come, `need` once it is over."""

    start: datetime
    planned: float
    present: float | None
    need: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """The floor at one moment: half hours from the first planned one to the last; none where no shifts are planned.

    `efforts` are what a try takes in each running campaign that agents work for.
    """

    slots: tuple[Slot, ...] = ()
    efforts: Mapping[str, Effort] = field(default_factory=dict)
    agents: tuple[Agent, ...] = ()


class StaffReader:
    """Counts today's staffing, and remembers the half hours that are over."""

    def __init__(
        self,
        planning: Planning,
        settings: Settings,
        campaigns: Callable[[], Mapping[str, Campaign]],
        zone: ZoneInfo,
    ) -> None:
        """Take what is planned, how fast lines start, which campaigns are loaded, and whose day it is."""
        self.planning, self._campaigns, self._zone = planning, campaigns, zone
        window, most = account_window(settings.carrier.calls_per_second)
        self._rate = most / window.total_seconds()
        self._past: dict[datetime, Present] = {}
        self._kept: tuple[float, Staffed] | None = None

    def read(self, reports: Reports, now: datetime, real_s: float) -> Staffed:
        """Return the staffing at `now`; `real_s` are real seconds by which the last count grows old."""
        agents = tuple(reports.agents())
        if self._kept is None or real_s - self._kept[0] >= KEPT_S:
            self._kept = real_s, self._counted(reports, now)
        found = self._kept[1]
        return Staffed(slots=found.slots, efforts=found.efforts, agents=agents)

    def _counted(self, reports: Reports, now: datetime) -> Staffed:
        starts = self._starts(now)
        if not starts:
            return Staffed()
        end = starts[-1] + SLOT
        present = self._present(reports, starts, now)
        busy = sum(one.busy for one in present)
        there = sum(one.agents for one in present)
        works = {
            name: (campaign, work)
            for name, campaign in sorted(self._campaigns().items())
            if not campaign.pacing.is_agentless
            and (work := reports.workload(name, _calls(campaign), (starts[0], end), now)).is_running
        }
        demands = {
            name: self._demand(campaign, work, starts, busy / there if there else None)
            for name, (campaign, work) in works.items()
        }
        needs = [needed(demand, starts, now) for demand in demands.values()]
        plans = planned(self.planning.roster.stints(starts[0], end), starts)
        return Staffed(
            slots=tuple(
                Slot(
                    start=start,
                    planned=plans[place],
                    present=present[place].agents if place < len(present) else None,
                    need=sum(need[place] for need in needs) if start + SLOT > now else None,
                )
                for place, start in enumerate(starts)
            ),
            efforts={name: demand.effort for name, demand in demands.items()},
        )

    def _starts(self, now: datetime) -> tuple[datetime, ...]:
        """Return today's half hours from the first one planned to the last, on the clocks of the zone."""
        day = now.astimezone(self._zone).date()
        midnight, next_one = (instant_of(day, minute, self._zone.key) for minute in (0, DAY_MINUTES))
        stints = self.planning.roster.stints(midnight, next_one)
        if not stints:
            return ()
        first = max(midnight, min(stint.begins for stint in stints))
        last = min(next_one, max(stint.ends for stint in stints))
        return slots(midnight + (first - midnight) // SLOT * SLOT, last)

    def _present(self, reports: Reports, starts: Sequence[datetime], now: datetime) -> list[Present]:
        """Return who was there in each half hour that has begun; what is over does not change any more."""
        past = self._past  # several readers may look at once: each goes on with what it found
        begun = [start for start in starts if start < now]
        missing = [start for start in begun if start not in past]
        if missing:
            seen = reports.present(missing[0], min(now, starts[-1] + SLOT))
            found = dict(zip((start for start in begun if start >= missing[0]), seen, strict=True))
            past = {start: one for start, one in past.items() if start in starts} | found
            self._past = {start: one for start, one in past.items() if start + SLOT <= now}
        return [past[start] for start in begun]

    def _demand(
        self, campaign: Campaign, work: Workload, starts: Sequence[datetime], occupancy: float | None
    ) -> Demand:
        return Demand(
            work=work,
            effort=effort_of(work, is_ahead=campaign.pacing.is_predictive, occupancy=occupancy),
            is_open=[_is_open(campaign, start) for start in starts],
            tries_per_second=min(self._rate, campaign.pacing.calls_per_second),
        )


def _calls(campaign: Campaign) -> list[int]:
    """Return the places of a campaign's steps that are calls."""
    return [place for place, step in enumerate(campaign.steps) if step.channel == Channel.VOICE.value]


def _is_open(campaign: Campaign, start: datetime) -> bool:
    """Tell whether the campaign's own hours let it call as a half hour begins; the law's are in when people are due."""
    if not campaign.hours:
        return True
    local = start.astimezone(ZoneInfo(zone_of_region(campaign.audience.region)))
    windows = parse_hours(campaign.hours)[local.weekday()]
    return any(
        since <= local.time() and (local.time() < until or until == MIDNIGHT) for since, until in windows
    )
