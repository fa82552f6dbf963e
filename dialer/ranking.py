"""Who is called first: promised calls, then whoever answers rather now than later; each fourth call by the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.contact import Contact, Lead
from campaigns.promise import is_promised
from compliance.hours import MIDNIGHT, Windows
from dialer.foresight import Insight, Why
from dialer.traits import Line, Traits, to_text

BY_LIST = 4
"""Each so many-th call goes to the first of the list: whoever stands n-th on it is called within so many times n."""
KEPT = 0.8
"""What a chance at a later hour is worth now: whoever is put off may not be called then."""
RISE = 0.004
"""What an hour of waiting adds to the index, where a chance of 1 is 1."""
_MOST_RISE = 0.2
_HORIZON = 72
"""Hours ahead that are compared with now."""
_USUAL_DAY: Windows = ((time(9), time(20)),)


class Turn(StrEnum):
    """Why it is a lead's turn."""

    PROMISED = "promised"  # a callback, at a time that was promised
    LIKELY = "likely"  # likelier to answer now than others are, or than at hours to come
    LIST = "list"  # as the list has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A due lead with what is known of it before the next call, in the order of the list."""

    lead: Lead
    contact: Contact
    traits: Traits
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Why this person now: whose turn it was, the chance given to the call, and the best hour to come.

    `chance` and `later` are None where no odds are used, and `why` says why not. `later_at` is when the best hour
    of the next three days begins, which may be no better than this one.
    """

    traits: Traits
    turn: Turn = Turn.LIST
    why: Why | None = None
    chance: float | None = None
    later: float | None = None
    later_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The hours to come in which a campaign calls: `week` are its windows by weekday."""

    week: Mapping[int, Windows] | None
    now: datetime

    def hours(self, zone: str) -> Iterator[datetime]:
        """Yield the local beginning of each hour after this one."""
        place = ZoneInfo(zone)
        first = self.now.replace(minute=0, second=0, microsecond=0)
        for step in range(1, _HORIZON + 1):
            local = (first + timedelta(hours=step)).astimezone(place)
            if self.is_open(local):
                yield local

    def is_open(self, local: datetime) -> bool:
        """Tell whether the campaign calls at a local time."""
        windows = _USUAL_DAY if self.week is None else self.week.get(local.weekday(), ())
        at = local.time()
        return any(opens <= at and (at < closes or closes == MIDNIGHT) for opens, closes in windows)


def unranked(found: Sequence[Prospect], why: Why | None) -> tuple[tuple[Prospect, Given], ...]:
    """Return the leads as the list has them, those with a promise first, with why no odds are used."""
    kept, others = _parted(found)
    return tuple((one, Given(traits=one.traits, turn=_plain(one), why=why)) for one in (*kept, *others))


def ranked(
    found: Sequence[Prospect], insight: Insight, ahead: Ahead, *, begun: int, usual: float | None = None
) -> tuple[tuple[Prospect, Given], ...]:
    """Return the leads in the order in which to call them, each with why; `found` is in the order of the list.

    Promised calls come first, the earliest first. Of all others the one with the highest index is next, but for each
    fourth: that is the first of the list that is left. `begun` counts the calls that the campaign has opened so far,
    `usual` is the mean chance of people's best hours to come, that of these people where it is not given.
    """
    kept, others = _parted(found)
    promised, listed = (given_to(part, insight, ahead) for part in (kept, others))
    mean = usual_of(listed) if usual is None else usual
    indexes = [index_of(one, given, mean, ahead.now) for one, given in listed]
    return (*promised, *_by_turns(listed, indexes, begun + len(kept)))


def given_to(found: Sequence[Prospect], insight: Insight, ahead: Ahead) -> list[tuple[Prospect, Given]]:
    """Return the leads, as they stand, with the chances given to them."""
    best = lru_cache(maxsize=None)(lambda zone, line: _best(insight, ahead, zone, line))
    return [(one, _given(one, insight, best(one.zone, one.traits.line))) for one in found]


def usual_of(listed: Sequence[tuple[Prospect, Given]]) -> float:
    """Return the mean chance of people's best hours to come."""
    return sum(given.later or 0.0 for _, given in listed) / max(1, len(listed))


def _parted(found: Sequence[Prospect]) -> tuple[list[Prospect], list[Prospect]]:
    """Return those who were promised a call, the earliest first, and all others as they are."""
    kept = [one for one in found if is_promised(one.lead)]
    kept.sort(key=lambda one: (one.lead.due.timestamp() if one.lead.due else 0.0, one.lead.id))
    return kept, [one for one in found if not is_promised(one.lead)]


def _by_turns(
    listed: Sequence[tuple[Prospect, Given]], indexes: Sequence[float], begun: int
) -> Iterator[tuple[Prospect, Given]]:
    """Yield the likeliest first, and in each fourth place the first of the list that is left."""
    likely = iter(sorted(range(len(listed)), key=lambda place: (-indexes[place], place)))
    first, taken = iter(range(len(listed))), set[int]()
    for number in range(begun, begun + len(listed)):
        by_list = number % BY_LIST == 0
        place = next(one for one in (first if by_list else likely) if one not in taken)
        taken.add(place)
        prospect, given = listed[place]
        yield prospect, given if by_list else _likely(given)


def _likely(given: Given) -> Given:
    return Given(
        traits=given.traits,
        turn=Turn.LIKELY,
        chance=given.chance,
        later=given.later,
        later_at=given.later_at,
    )


def _plain(one: Prospect) -> Turn:
    return Turn.PROMISED if is_promised(one.lead) else Turn.LIST


def _given(one: Prospect, insight: Insight, best: tuple[float, datetime] | None) -> Given:
    score = insight.score(one.traits)
    chance, later, later_at = insight.chance(score), None, None
    if best is not None:
        later, later_at = insight.chance(score - insight.hours_of(one.traits) + best[0]), best[1]
    return Given(traits=one.traits, turn=_plain(one), chance=chance, later=later, later_at=later_at)


def index_of(one: Prospect, given: Given, usual: float, now: datetime) -> float:
    """Return the chance now, less what waiting for the person's best hour would gain.

    A call then takes the place of another, which is worth the `usual` chance of people's best hours: so only whoever
    is likelier than most to answer then is kept for it.
    """
    waited = (now - one.lead.due).total_seconds() / 3600.0 if one.lead.due else 0.0
    gain = max(0.0, (given.later or 0.0) - usual)
    return (given.chance or 0.0) - KEPT * gain + min(_MOST_RISE, RISE * max(0.0, waited))


def _best(insight: Insight, ahead: Ahead, zone: str, line: Line) -> tuple[float, datetime] | None:
    """Return what the best hour to come adds to the score of such a line, and when it begins; None without any."""
    hours = [(insight.of_the_hour(line, local), -step, local) for step, local in enumerate(ahead.hours(zone))]
    if not hours:
        return None
    adds, _, local = max(hours)
    return adds, local


def told(given: Given) -> dict[str, object]:
    """Return as JSON why it was this person's turn: for the permit, so that an officer can see it."""
    plain = asdict(given)
    plain["traits"] = to_text(given.traits)
    plain["later_at"] = given.later_at.isoformat() if given.later_at else None
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in plain.items()}
    return {name: value for name, value in rounded.items() if value is not None}
