"""How many more people may answer and find nobody, under every rule that binds a campaign."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from campaigns.campaign import Campaign
from campaigns.lawfulness import books_for
from campaigns.outcome import Outcome
from compliance.abandonment import Headroom, begins, counts, headroom
from compliance.answers import Answered, Answers, Tally, within
from compliance.campaign_rules import AbandonmentRule
from compliance.places import zone_of_region
from compliance.selection import Asked, bound
from compliance.terms import Channel, Party, Profile
from dialer.attempt import Attempt, AttemptState
from dialer.events import AnsweredBy
from dialer.questions import Rules

_MACHINES = frozenset({AnsweredBy.MACHINE.value, AnsweredBy.FAX.value})


def rules_of(campaign: Campaign, now: datetime, rules: Rules) -> tuple[AbandonmentRule, ...]:
    """Return the rules about abandoned calls of every place the campaign's audience may be in."""
    what, day = _asked(campaign, rules), now.date()
    books = books_for(campaign.audience.region)
    return tuple(rule for book in books for rule in bound(book.abandonment, what, day))


def threshold(campaign: Campaign, now: datetime, rules: Rules) -> timedelta:
    """Return how long whoever answers may wait for an agent: as the campaign says, and never longer than the law."""
    what, day = _asked(campaign, rules), now.date()
    connects = (
        rule for book in books_for(campaign.audience.region) for rule in bound(book.connects, what, day)
    )
    return min(campaign.pacing.abandonment.threshold, timedelta(seconds=within(connects)))


def target(found: Iterable[AbandonmentRule], campaign: Campaign) -> float:
    """Return the share that pacing aims at: the strictest rule's, or what the company wants if that is less.

    0 where no rule says how to count: then nobody may be abandoned.
    """
    least = min((rule.most for rule in found), default=0.0)
    own = campaign.pacing.abandonment.target
    return least if own is None else min(own, least)


def no_answers(campaign: Campaign, now: datetime, rules: Rules) -> Answers:
    """Return the counts of a campaign that has called nobody."""
    limit = threshold(campaign, now, rules).total_seconds()
    return Answers(zone=zone_of_region(campaign.audience.region), within_s=limit)


def room(answers: Answers, campaign: Campaign, found: tuple[AbandonmentRule, ...], now: datetime) -> Headroom:
    """Return what the law leaves; a campaign is counted by itself and, since one centre dials it, as that centre.

    Where people taken for machines count as abandoned and machines are detected, nothing is left unless the company
    says which share of its machines are people: nobody else counts those.
    """
    misses = misjudged(campaign)
    if misses is None and any(rule.counts_false_machines for rule in found):
        return Headroom()
    figures = counts(answers, found, campaign=campaign.id, centre="", now=now)
    return headroom(
        ((rule, estimated(one, misses or 0.0)) for rule, one in figures), campaign.pacing.abandonment.target
    )


def misjudged(campaign: Campaign) -> float | None:
    """Return which share of those taken for machines are people; None where nobody has said it."""
    pacing = campaign.pacing
    return 0.0 if pacing.machine_detection == "off" else pacing.detection.false_machines


def estimated(found: Tally, share: float) -> Tally:
    """Return the counts with the people who were hung up on as machines, estimated and rounded up."""
    return replace(found, false_machines=found.false_machines + ceil(found.machines * share - 1e-9))


def answered(attempt: Attempt) -> Answered | None:
    """Return an answered call as the law counts it; None while nobody knows how it will be counted.

    Before its end that is known only of a person whom detection took for one: an agent may yet say it was a machine.
    The clock runs from the answer, which is never later than the end of the person's first words.
    """
    is_over = attempt.state is AttemptState.OVER and attempt.outcome is not None
    is_person = attempt.connected_at is not None and attempt.answered_by == AnsweredBy.HUMAN.value
    if attempt.answered_at is None or not (is_over or is_person):
        return None
    return Answered(
        at=attempt.answered_at,
        campaign=attempt.campaign,
        connected_s=_seconds(attempt, attempt.connected_at),
        left_s=_seconds(attempt, attempt.over_at),
        is_machine=attempt.answered_by in _MACHINES or attempt.outcome is Outcome.MACHINE,
    )


def days_counted(
    found: Iterable[AbandonmentRule], first: datetime, now: datetime, zone: str
) -> tuple[tuple[date, datetime, datetime], ...]:
    """Return the days that any rule counts, from `first` on, each with the instants at which it begins and ends."""
    place = ZoneInfo(zone)
    today, earliest = now.astimezone(place).date(), first.astimezone(place).date()
    since = min((begins(rule, earliest, today) for rule in found), default=today)
    days = [
        date.fromordinal(number) for number in range(max(since, earliest).toordinal(), today.toordinal() + 1)
    ]
    return tuple((day, _midnight(day, place), _midnight(day + timedelta(days=1), place)) for day in days)


def _asked(campaign: Campaign, rules: Rules) -> Asked:
    profile: Profile = rules.policy.profile
    return (Channel.VOICE, campaign.purpose, campaign.pacing.technology, Party.CONSUMER, profile)


def _seconds(attempt: Attempt, at: datetime | None) -> float | None:
    if at is None or attempt.answered_at is None:
        return None
    return max(0.0, (at - attempt.answered_at).total_seconds())


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=place)
