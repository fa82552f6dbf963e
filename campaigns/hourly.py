"""The hour of a retry: the one in which this person is likeliest to answer, within what retry rules and hours allow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.campaign import Campaign
from compliance.hours import MIDNIGHT, parse_hours

_AS_GOOD = 0.95
"""Of the best chance: an earlier hour with so much of it is taken, since leads grow old."""
_MOST_HOURS = 15 * 24
_USUAL_DAY = ((time(9), time(20)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """When a person answers: `likely` is the chance (0 to 1) at an instant (aware), `zone` is where they are."""

    zone: str
    likely: Callable[[datetime], float]


def likely_hour(campaign: Campaign, earliest: datetime, latest: datetime, habits: Habits) -> datetime:
    """Return `earliest`, or the beginning of the first later hour up to `latest` that is likely enough.

    Only hours in which the campaign calls are compared, where the person is; without any it is `earliest`.
    """
    hours = [(at, habits.likely(at)) for at in _hours(campaign, earliest, latest, habits.zone)]
    best = max((chance for _, chance in hours), default=0.0)
    return next((at for at, chance in hours if chance >= _AS_GOOD * best), earliest)


def _hours(campaign: Campaign, earliest: datetime, latest: datetime, zone: str) -> Iterator[datetime]:
    """Yield the instants from `earliest` to `latest` at which the campaign calls, the later ones on the hour."""
    week = parse_hours(campaign.hours) if campaign.hours else None
    place, first = ZoneInfo(zone), earliest.replace(minute=0, second=0, microsecond=0)
    for step in range(_MOST_HOURS):
        at = max(earliest, first + timedelta(hours=step))
        if at > latest:
            return
        local = at.astimezone(place)
        windows = _USUAL_DAY if week is None else week[local.weekday()]
        if any(opens <= local.time() and (local.time() < to or to == MIDNIGHT) for opens, to in windows):
            yield at
