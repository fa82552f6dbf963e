"""What follows an outcome: the same step again, the next step, or the end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from campaigns.campaign import Campaign, Retry
from campaigns.contact import Lead
from campaigns.hourly import Habits, likely_hour
from campaigns.outcome import RETRIED, TALKED, UNCOUNTED, Ending, LeadState, Outcome
from campaigns.promise import listed_rank, promised_rank
from compliance.hours import parse_hours

_USUAL_DAY = (time(9), time(20))
"""The calling day where a campaign names no hours (JP-H2: the house's default)."""
_SEARCHED_DAYS = 15
_JITTER = 0.1
"""Part of a wait that is added to it by chance of the lead's id, so that a list does not come back all at once."""
_SPREAD = timedelta(minutes=40)
"""The same for waits that end at the beginning of a half day."""
_PATIENCE = 40
"""Tries that did not count are forgiven until a lead has had this many times the tries of its path: a carrier that
takes no calls for a day must not use up the list."""
_NEVER_BY_ITSELF = frozenset({Outcome.FAILED, Outcome.REJECTED})
"""Outcomes that say the number is bad: tried again only where the campaign says so."""
_BAD_ADDRESS = _NEVER_BY_ITSELF | {Outcome.WRONG_NUMBER, Outcome.BOUNCED}
_NOT_RUNG = frozenset({Outcome.NOT_PLACED, Outcome.CANCELED})
_DEFAULTS = {
    Outcome.CALLBACK: Retry(after=timedelta(days=1)),
    Outcome.NOT_PLACED: Retry(after=timedelta(minutes=15)),
    Outcome.CANCELED: Retry(after=timedelta(minutes=15)),
}


def conclude(
    campaign: Campaign,
    lead: Lead,
    outcome: Outcome,
    now: datetime,
    *,
    callback_at: datetime | None = None,
    zone: str = "Asia/Tokyo",
) -> Lead:
    """Return `lead` after an attempt that was counted in its tries and came to `outcome` at `now` (aware).

    `callback_at` is when the person asked to be called; `zone` is where the halves of their day are counted. The
    answer waits on the same step (never in the past), waits on the next one, or is done; whoever was promised a call
    stands before all others of the list.
    """
    if outcome not in _NOT_RUNG:  # what was promised is promised still while no phone rang
        lead = replace(lead, rank=listed_rank(lead))
    if outcome in {Outcome.REFUSED, Outcome.OPTED_OUT}:
        return _done(lead, Ending.OPTED_OUT)
    if outcome in UNCOUNTED and lead.tries < _PATIENCE * sum(step.attempts for step in campaign.steps):
        return _again_uncounted(campaign, lead, outcome, now, callback_at)
    if outcome in TALKED and outcome is not Outcome.WRONG_NUMBER:
        return _done(lead, Ending.TALKED)
    rule = _rule(campaign, outcome)
    if rule is not None and _has_tries(campaign, lead, rule):
        return _waiting(lead, _due(campaign, lead, rule, now, zone))
    following = lead.step + 1
    if following < len(campaign.steps):
        return _on_step(lead, following, now + campaign.steps[following].after)
    return _done(lead, Ending.UNREACHABLE if outcome in _BAD_ADDRESS else Ending.EXHAUSTED)


def at_likely_hour(campaign: Campaign, lead: Lead, outcome: Outcome, now: datetime, habits: Habits) -> Lead:
    """Return `lead`, which `conclude` put off at `now`, put off to a likelier hour where the campaign wants that.

    Never beyond the longest wait of the rule, and never a callback or the next step.
    """
    rule = None if outcome in UNCOUNTED else campaign.retry.get(outcome)
    if rule is None or not rule.likely_hour or lead.due is None or lead.step_tries == 0:
        return lead
    latest = max(lead.due, now + rule.at_most)
    found = likely_hour(campaign, lead.due, latest, habits)
    if found == lead.due:
        return lead
    return replace(lead, due=min(found + _SPREAD * _chance(lead), latest))


def skip_step(campaign: Campaign, lead: Lead, now: datetime, ending: Ending) -> Lead:
    """Return `lead` on its next step at once, when this one is impossible; done with `ending` when it was the last."""
    following = lead.step + 1
    if following < len(campaign.steps):
        return _on_step(lead, following, now)
    return _done(lead, ending)


def _rule(campaign: Campaign, outcome: Outcome) -> Retry | None:
    if outcome not in RETRIED:
        return None
    default = None if outcome in _NEVER_BY_ITSELF else _DEFAULTS.get(outcome, Retry())
    return campaign.retry.get(outcome, default)


def _has_tries(campaign: Campaign, lead: Lead, rule: Retry) -> bool:
    # A later version of the campaign may have fewer steps than the lead has gone.
    allowed = campaign.steps[lead.step].attempts if lead.step < len(campaign.steps) else 0
    if rule.times is not None:
        allowed = min(allowed, rule.times + 1)
    return lead.step_tries < allowed


def _again_uncounted(
    campaign: Campaign, lead: Lead, outcome: Outcome, now: datetime, callback_at: datetime | None
) -> Lead:
    rule = _rule(campaign, outcome) or Retry()
    asked = callback_at if outcome is Outcome.CALLBACK else None
    due = max(asked, now) if asked else now + _jittered(rule.after, lead)
    rank = promised_rank(lead) if asked else lead.rank
    return replace(_waiting(lead, due), step_tries=max(lead.step_tries - 1, 0), rank=rank)


def _due(campaign: Campaign, lead: Lead, rule: Retry, now: datetime, zone: str) -> datetime:
    wait = rule.after
    # Capped at each turn: a growth of 10 over 20 tries is more than a timedelta holds.
    for _ in range(lead.step_tries - 1):
        wait = min(wait * rule.growth, rule.at_most)
    wait = min(wait, rule.at_most)
    if not rule.other_time_of_day:
        return now + _jittered(wait, lead)
    earliest = now + wait
    moved = _in_other_half(campaign, now, earliest, ZoneInfo(zone))
    return moved + _SPREAD * _chance(lead) if moved > earliest else now + _jittered(wait, lead)


def _in_other_half(campaign: Campaign, now: datetime, earliest: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant from `earliest` on that lies in the other half of a calling day than `now` does."""
    days = _Days(campaign, zone)
    is_late = now >= days.middle(now.astimezone(zone).date())
    for start, middle, end in days.from_(earliest.astimezone(zone).date()):
        opens, closes = (start, middle) if is_late else (middle, end)
        if earliest < closes:
            return max(opens, earliest)
    return earliest


class _Days:
    """The calling days of a campaign: when they begin, their middle, when they end."""

    def __init__(self, campaign: Campaign, zone: ZoneInfo) -> None:
        self._week = parse_hours(campaign.hours) if campaign.hours else None
        self._zone = zone

    def from_(self, first: date) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Yield (start, middle, end) of each calling day from `first` on, for two weeks."""
        for offset in range(_SEARCHED_DAYS):
            day = first + timedelta(days=offset)
            if self._week is None or self._week[day.weekday()]:
                yield self._parts(day)

    def middle(self, day: date) -> datetime:
        """Return the middle of the calling day `day`, which may be a day off."""
        return self._parts(day)[1]

    def _parts(self, day: date) -> tuple[datetime, datetime, datetime]:
        windows = (self._week or {}).get(day.weekday(), ())
        opens, closes = (windows[0][0], windows[-1][1]) if windows else _USUAL_DAY
        start = datetime.combine(day, opens, self._zone).astimezone(UTC)
        # An end of 00:00 is the midnight that ends the day.
        last = day if closes > opens else day + timedelta(days=1)
        end = datetime.combine(last, closes, self._zone).astimezone(UTC)
        return start, start + (end - start) / 2, end


def _jittered(wait: timedelta, lead: Lead) -> timedelta:
    return wait + wait * _JITTER * _chance(lead)


def _chance(lead: Lead) -> float:
    """Return a number in [0, 1) that is the same each time for this lead and try."""
    digest = blake2b(f"{lead.campaign}\0{lead.id}\0{lead.tries}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def _waiting(lead: Lead, due: datetime) -> Lead:
    return replace(lead, state=LeadState.WAITING, due=due, ending=None)


def _on_step(lead: Lead, step: int, due: datetime) -> Lead:
    return replace(_waiting(lead, due), step=step, step_tries=0)


def _done(lead: Lead, ending: Ending) -> Lead:
    return replace(lead, state=LeadState.DONE, due=None, ending=ending)
