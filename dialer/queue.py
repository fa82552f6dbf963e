"""The next calls of a campaign: the first of its due leads, in the order in which people are likely to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from campaigns.campaign import Campaign
from compliance.hours import parse_hours
from compliance.terms import Channel
from dialer.claiming import Claiming
from dialer.foresight import Foresight
from dialer.hunt import Hunt, Pair, prospects
from dialer.ranking import Ahead, Given, Prospect, given_to, ranked, unranked
from dialer.shortlist import EMPTY, Shortlist
from dialer.steps import Opening, Plan
from dialer.traits import number_of, to_text
from dialer.view import Due, View

_SHOWN = 10
"""How many of the leads that come next tell pacing what the next calls are like."""
_COMPARED = 100
"""Leads of the shortlist that are looked at once more, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an engine goes by when it chooses: what was learnt, and the calls each campaign has opened since it began.

    `coming` is the mean chance of the leads that come next, by campaign and language.
    """

    foresight: Foresight = field(default_factory=Foresight)
    begun: Mapping[str, int] = field(default_factory=dict)
    coming: Mapping[tuple[str, str], float] = field(default_factory=dict)
    shortlists: Mapping[str, Shortlist] = field(default_factory=dict)

    def learned(self, foresight: Foresight) -> "Seen":
        """Return the same with what is known by now."""
        return replace(self, foresight=foresight)

    def after(self, planned: Plan, view: View) -> "Seen":
        """Return the same after a look: calls that were opened, and what the next ones are like."""
        begun = dict(self.begun)
        for opening in planned.openings:
            if opening.attempt.channel is Channel.VOICE:
                begun[opening.attempt.campaign] = begun.get(opening.attempt.campaign, 0) + 1
        shorts = {floor.campaign.id: floor.short for floor in view.floors}
        return replace(
            self,
            begun=begun,
            coming={**self.coming, **view.coming},
            shortlists={**self.shortlists, **shorts},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The leads that are next, in order; why each, by lead; and the mean chance of the next ones by language."""

    due: tuple[Due, ...] = ()
    given: Mapping[int, Given] = field(default_factory=dict)
    coming: Mapping[str, float] = field(default_factory=dict)
    short: Shortlist = EMPTY


def queue(
    unit: Claiming,
    campaign: Campaign,
    seen: Seen,
    now: datetime,
    few: int,
    *,
    languages: Sequence[str],
) -> Queue:
    """Return the next `few` due calls of people who speak one of these languages. Reads so many leads at most."""
    steps = [place for place, step in enumerate(campaign.steps) if step.channel == Channel.VOICE.value]
    head = unit.waiting_calls(campaign.id, now, few, steps=steps, languages=languages)
    name, is_likely = campaign.id, campaign.pacing.order == "likely"
    insight, short = seen.foresight.insight(name), seen.shortlists.get(name, EMPTY)
    pairs: Sequence[Pair] = head
    ahead = Ahead(week=parse_hours(campaign.hours) if campaign.hours else None, now=now)
    if insight is not None and is_likely and len(head) == few:
        hunt = Hunt(unit=unit, campaign=name, steps=steps, insight=insight, ahead=ahead)
        pairs, short = hunt.joined(head, hunt.paged(short), min(few, _COMPARED), languages)
    found = prospects(unit, pairs, now)
    chosen = unranked(found, seen.foresight.why(name))
    if insight is not None:
        usual = short.usual if short.entries else None
        order = ranked(found, insight, ahead, begun=seen.begun.get(name, 0), usual=usual)
        chosen = order if is_likely else _as_listed(chosen, order)
    first = chosen[:few]
    # Whoever has no number any more is left to the planner, who moves them on.
    bare = [pair for pair in head if number_of(*pair) is None]
    return Queue(
        due=tuple(unit.in_full([*((one.lead, one.contact) for one, _ in first), *bare])),
        given={one.lead.id: given for one, given in first},
        coming=_coming(chosen, short, now),
        short=short,
    )


def given_of(
    unit: Claiming, campaign: Campaign, seen: Seen, now: datetime, pairs: Sequence[Pair]
) -> Mapping[int, Given]:
    """Return what is known of people whose turn it is already, by lead, with the chances given to them."""
    if not pairs:
        return {}
    listed = unranked(prospects(unit, pairs, now), seen.foresight.why(campaign.id))
    if insight := seen.foresight.insight(campaign.id):
        week = parse_hours(campaign.hours) if campaign.hours else None
        listed = tuple(given_to([one for one, _ in listed], insight, Ahead(week=week, now=now)))
    return {one.lead.id: given for one, given in listed}


def _as_listed(
    listed: Sequence[tuple[Prospect, Given]], order: Sequence[tuple[Prospect, Given]]
) -> tuple[tuple[Prospect, Given], ...]:
    """Return the leads as the list has them, with the chances given to them all the same: pacing goes by them."""
    given = {one.lead.id: why for one, why in order}
    return tuple((one, replace(given[one.lead.id], turn=plain.turn)) for one, plain in listed)


def _coming(chosen: Sequence[tuple[Prospect, Given]], short: Shortlist, now: datetime) -> Mapping[str, float]:
    """Return the mean chance of those who come next, by language: of the shortlist mostly, where there is one."""
    found: dict[str, list[float]] = {}
    for one, given in chosen:
        chances = found.setdefault(one.contact.language, [])
        if given.chance is not None and len(chances) < _SHOWN:
            chances.append(given.chance)
    for language, chances in found.items():
        # A look that may open little has few leads: those behind them say what the next calls will be like.
        others = short.first(_SHOWN, [language], now)[len(chances) :]
        chances.extend(entry.chance for entry in others)
    return {language: sum(chances) / len(chances) for language, chances in found.items() if chances}


def with_odds(planned: Plan, given: Mapping[int, Given]) -> Plan:
    """Return the plan whose calls carry what was known of each person and the chance given to the call."""
    return replace(planned, openings=tuple(_with_odds(one, given) for one in planned.openings))


def _with_odds(opening: Opening, given: Mapping[int, Given]) -> Opening:
    why = given.get(opening.attempt.lead)
    if why is None or opening.attempt.channel is not Channel.VOICE:
        return opening
    attempt = replace(opening.attempt, odds=why.chance, traits=to_text(why.traits))
    return replace(opening, attempt=attempt, given=why)
