"""How many calls each predictive campaign may open now: what was seen of its floor, learnt, and decided from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import log
from zoneinfo import ZoneInfo

from campaigns.campaign import Campaign
from compliance.answers import Tally
from compliance.campaign_rules import AbandonmentRule
from dialer.allowance import (
    days_counted,
    estimated,
    misjudged,
    no_answers,
    room,
    rules_of,
    target,
    threshold,
)
from dialer.attempt import Attempt
from dialer.brakes import eased, explained, lines_per_agent
from dialer.control import Control, Target
from dialer.counting import Counting
from dialer.crew import Crew
from dialer.forecast import Forecast
from dialer.pace import Pace, pace
from dialer.ports import Unit
from dialer.questions import Rules
from dialer.relief import Relief
from dialer.sight import Sight
from dialer.starts import Starts

_WORKING_DAY = timedelta(hours=8)
"""Over which the credit of a day's beginning melts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What one look came to: `paces` by campaign and language, `sights` by campaign, for the next look.

    `strangers` are campaigns of ours of which nothing is known yet (`first_sight`): they open nothing now.
    """

    paces: Mapping[str, Mapping[str, Pace]] = field(default_factory=dict)
    sights: Mapping[str, Sight] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()


def cadence(
    unit: Unit,
    campaigns: Mapping[str, Campaign],
    crew: Crew,
    sights: Mapping[str, Sight],
    *,
    starts: Starts,
    rules: Rules,
) -> Cadence:
    """Return how many calls to open for each of our predictive `campaigns`; `crew` has every live call."""
    mine = {name: one for name, one in campaigns.items() if one.pacing.is_predictive}
    found = {
        name: _seen(unit, campaign, crew, sights[name], rules)
        for name, campaign in mine.items()
        if name in sights
    }
    return Cadence(
        paces={
            name: _paces(mine[name], crew, sight, starts.of(name), rules) for name, sight in found.items()
        },
        sights=found,
        strangers=tuple(name for name in mine if name not in sights),
    )


def crew_of(unit: Unit, campaigns: Mapping[str, Campaign], relief: Relief, now: datetime) -> Crew:
    """Return the agents with every call that was opened without one; `campaigns` are all that are known."""
    predictive = {name for name, one in campaigns.items() if one.pacing.is_predictive}
    calls = unit.live_attempts() if predictive else ()
    mine = tuple(call for call in calls if call.campaign in predictive)
    return Crew(agents=relief.agents, calls=mine, campaigns=campaigns, now=now, leaves=relief.leaves)


def first_sight(reports: Counting, campaign: Campaign, now: datetime, rules: Rules) -> Sight:
    """Return what the record tells of a campaign that this process has not seen: who was abandoned, on which days."""
    found, answers = rules_of(campaign, now, rules), no_answers(campaign, now, rules)
    first = reports.first_call(campaign.id) or now
    days = days_counted(found, first, now, answers.zone)
    tallies = {day: reports.tally(campaign.id, since, until, answers.within_s) for day, since, until in days}
    # The first day begins the law's periods, also when nothing of it is counted any more.
    begun = {first.astimezone(ZoneInfo(answers.zone)).date(): Tally(), **tallies}
    today = tallies.get(now.astimezone(ZoneInfo(answers.zone)).date(), Tally())
    misses = _misses(campaign, found)
    control = replace(
        _control(target(found, campaign), now),
        live=today.live,
        abandoned=today.abandoned,
        misjudged=estimated(today, misses).false_machines,
    )
    return Sight(
        forecast=Forecast(threshold_s=answers.within_s),
        # Only who saw a day begin can tell how many will still answer; who starts later plans on nobody.
        control=replace(control, closes=None) if today.live else control,
        answers=replace(answers, campaigns={campaign.id: begun}, centres={"": begun}),
        misses=misses,
    )


def _misses(campaign: Campaign, found: Iterable[AbandonmentRule]) -> float:
    """Return which share of those taken for machines count as abandoned."""
    return (misjudged(campaign) or 0.0) if any(rule.counts_false_machines for rule in found) else 0.0


def _seen(unit: Unit, campaign: Campaign, crew: Crew, sight: Sight, rules: Rules) -> Sight:
    live = [call for call in crew.calls if call.campaign == campaign.id]
    ended = unit.attempts(sight.gone({call.id for call in live}))
    seen = _today(sight, campaign, crew.now, rules).after([*live, *ended], crew.agents, crew.now)
    patience = threshold(campaign, crew.now, rules)
    floor = crew.situation(campaign, campaign.languages[0], patience=patience)
    told = replace(seen, waits=seen.waits.after(crew.serving(campaign)))
    return told.refreshed_for(floor, crew.now)


def _today(sight: Sight, campaign: Campaign, now: datetime, rules: Rules) -> Sight:
    """Return the sight with the control of today: what was abandoned yesterday is the law's to count."""
    zone = ZoneInfo(sight.answers.zone)
    opened = sight.control.opens
    if opened is not None and opened.astimezone(zone).date() == now.astimezone(zone).date():
        return sight
    aim = target(rules_of(campaign, now, rules), campaign)
    return replace(sight, control=replace(_control(aim, now), level=sight.control.level))


def _control(share: float, now: datetime) -> Control:
    # Where nobody may be abandoned the law's headroom halts all the same: any share above 0 does for the arithmetic.
    aim = Target(share=share or 0.001)
    level = Control().level + log(aim.share / Target().share)
    return Control(target=aim, opens=now, closes=now + _WORKING_DAY, level=level)


def _paces(campaign: Campaign, crew: Crew, sight: Sight, starts: int, rules: Rules) -> dict[str, Pace]:
    now = crew.now
    headroom = room(sight.answers, campaign, rules_of(campaign, now, rules), now)
    alive = sum(call.campaign == campaign.id for call in crew.calls)
    patience = threshold(campaign, now, rules)
    lines = campaign.pacing.max_lines - alive
    pacing, begun = campaign.pacing, sight.control.opens
    per_agent, control = lines_per_agent(pacing, begun, now), eased(sight.control, pacing, sight.waits, now)
    paces = {}
    for language in campaign.languages:
        floor = crew.situation(
            campaign, language, patience=patience, per_agent=per_agent, lines=lines, room=starts
        )
        paces[language] = explained(
            pace(floor, sight.forecast, control, now, headroom),
            is_eased=control is not sight.control,
            is_crowded=floor.lines < lines,
            is_ramping=per_agent < pacing.max_lines_per_agent,
        )
    return paces


def opened(sights: Mapping[str, Sight], attempts: Iterable[Attempt]) -> dict[str, Sight]:
    """Return the sights with the calls opened now: one that ends before the next look is learnt from too."""
    told = dict(sights)
    for attempt in attempts:
        if sight := told.get(attempt.campaign):
            told[attempt.campaign] = replace(sight, calls={**sight.calls, attempt.id: attempt})
    return told
