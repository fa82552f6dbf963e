"""What calling people when they answer is worth: calls per answer and answers an hour, beside the order of the list.

python -m bench.ordering [--people 20000] [--days 3] [--agents 20] [--seeds 3] [--habits rehearsal]

The people are those of a rehearsal (eager or not, nearly all of them likeliest in the evening), or with `--habits
strong` those of bench/odds.py: mobiles are answered in the evening, landlines in the morning, and people differ more.
Each agent dials one call after another, as in progressive dialling: a call that nobody answers takes half a minute, one
that somebody answers two and a half. Everybody is called three times at most, an hour and a half apart.
"""

import argparse
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from statistics import NormalDist
from zoneinfo import ZoneInfo

from adapters.simulator.chance import Chance
from adapters.simulator.crowd import crowd
from adapters.simulator.people import Kind, Population
from bench.odds import Person, truth
from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState, Outcome
from dialer.foresight import Foresight, Insight, Tried
from dialer.hunt import Hunt, prospects
from dialer.ranking import Ahead, Prospect, ranked
from dialer.shortlist import EMPTY
from dialer.traits import NEVER, Past, last_of, number_of, traits_of

TOKYO = "Asia/Tokyo"
OPENS, CLOSES = time(10), time(20)
WEEK = dict.fromkeys(range(7), ((OPENS, CLOSES),))
MISSED, TALKED = timedelta(seconds=30), timedelta(seconds=150)
AGAIN, TRIES = timedelta(minutes=90), 3
FIRST = datetime(2026, 11, 24, tzinfo=ZoneInfo(TOKYO))


@dataclass(slots=True)
class Day:
    """What one policy came to."""

    calls: int = 0
    answers: int = 0
    hours: float = 0.0


Answers = Callable[[Prospect, str, datetime, int], Kind]
"""Who picks up the n-th call to a number."""


def rehearsed(seed: str) -> Answers:
    """Return the people of a rehearsal."""
    population = Population(seed)
    return lambda _, number, now, nth: population.reaction(number, population.local(now), nth).kind


def strong(seed: str) -> Answers:
    """Return people with strong habits, as in bench/odds.py."""
    chance = Chance(seed)

    def answers(one: Prospect, number: str, now: datetime, nth: int) -> Kind:
        person = Person(
            readiness=NormalDist().inv_cdf(chance.between(0.001, 0.999, "ready", one.lead.id)),
            line=one.traits.line,
            listed_days=one.traits.listed_days or 0.0,
            tries=one.traits.tries,
        )
        local = now.astimezone(FIRST.tzinfo)
        rate = truth(person, local.hour, local.weekday())
        return Kind.ANSWER if chance.happens(rate, "answers", number, nth) else Kind.NO_ANSWER

    return answers


HABITS = {"rehearsal": rehearsed, "strong": strong}


class Office:
    """A list of people, agents who dial, and what was learnt."""

    def __init__(self, people: list[Contact], answers: "Answers", *, is_ordered: bool) -> None:
        """Put everybody on the list."""
        self.answers, self.is_ordered = answers, is_ordered
        self.contacts = people
        self.leads = [
            Lead(id=place, campaign="a", contact=one.key, state=LeadState.WAITING, rank=place)
            for place, one in enumerate(people)
        ]
        self.by_place: dict[int, Past] = {}
        self.places = {one.key: place for place, one in enumerate(people)}
        self.short = EMPTY
        self.waiting = list(range(len(people)))
        self.later: list[tuple[datetime, int]] = []
        self.known, self.news, self.found = Foresight(), list[Tried](), Day()
        self.nth: Counter[str] = Counter()
        self._insight: tuple[datetime, Insight | None] | None = None

    def work(self, opens: datetime, closes: datetime, agents: int) -> None:
        """Dial from `opens` to `closes`."""
        free = [opens] * agents
        self.found.hours += agents * (closes - opens).total_seconds() / 3600.0
        for place in self.waiting:
            self.leads[place] = replace(self.leads[place], due=self.leads[place].due or opens)
        heapify(free)
        while free[0] < closes:
            now = heappop(free)
            while self.later and self.later[0][0] <= now:
                self.waiting.append(heappop(self.later)[1])
                self.waiting.sort()
            chosen = self._next(now)
            if chosen is None:
                if not self.later:
                    return
                heappush(free, max(now + timedelta(seconds=1), self.later[0][0]))
                continue
            heappush(free, now + self._call(chosen, now))

    def _next(self, now: datetime) -> int | None:
        if not self.waiting:
            return None
        insight = self._insight_at(now) if self.is_ordered else None
        place = self.waiting[0]
        if insight is not None:
            ahead = Ahead(week=WEEK, now=now)
            hunt = Hunt(unit=self, campaign="a", steps=(0,), insight=insight, ahead=ahead)
            head = [self._pair(place) for place in self.waiting[:6]]
            pairs, self.short = hunt.joined(head, hunt.paged(self.short), 12, ("ja", "en"))
            found = prospects(self, pairs, now)
            (one, _), *_ = ranked(found, insight, ahead, begun=self.found.calls, usual=self.short.usual)
            place = one.lead.id
        self.waiting.remove(place)
        return place

    def _pair(self, place: int) -> tuple[Lead, Contact]:
        return self.leads[place], self.contacts[place]

    def next_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], after: int | None
    ) -> list[tuple[Lead, Contact]]:
        """Return the next page of the list, as the store does."""
        del campaign, now, steps
        begin = 0 if after is None else bisect_right(self.waiting, after)
        return [self._pair(place) for place in self.waiting[begin : begin + limit]]

    def calls_to(
        self, campaign: str, now: datetime, people: Sequence[str], *, steps: Sequence[int]
    ) -> list[tuple[Lead, Contact]]:
        """Return these people, if they wait, as the store does."""
        del campaign, now, steps
        places = (self.places[person] for person in people)
        return [self._pair(place) for place in places if place in self.waiting]

    def pasts(self, people: Sequence[Contact]) -> dict[str, Past]:
        """Return what calls these people had, as the store does."""
        found = ((one.key, self.by_place.get(self.places[one.key])) for one in people)
        return {key: past for key, past in found if past}

    def _insight_at(self, now: datetime) -> Insight | None:
        if self._insight is None or now - self._insight[0] > timedelta(minutes=5):
            self.known, self.news = self.known.taught(self.news), []
            self._insight = (now, self.known.insight("a"))
        return self._insight[1]

    def _prospect(self, place: int, now: datetime) -> Prospect:
        lead, contact = self.leads[place], self.contacts[place]
        number = number_of(lead, contact) or ""
        traits = traits_of(contact, number, self.by_place.get(place, NEVER), now)
        return Prospect(lead=lead, contact=contact, traits=traits, zone=TOKYO)

    def _call(self, place: int, now: datetime) -> timedelta:
        """Call somebody, learn from it, and return how long the agent is taken."""
        lead, one = self.leads[place], self._prospect(place, now)
        number = number_of(lead, self.contacts[place]) or ""
        self.nth[number] += 1
        kind = self.answers(one, number, now, self.nth[number])
        is_answered = kind is Kind.ANSWER
        outcome = Outcome.MACHINE if kind is Kind.MACHINE else Outcome.NO_ANSWER
        self.found.calls += 1
        self.found.answers += is_answered
        over, name = now + MISSED, f"{place}-{lead.tries}"
        self.news.append(
            Tried(id=name, campaign="a", traits=one.traits, over_at=over, is_answered=is_answered)
        )
        past = self.by_place.get(place, NEVER)
        last = last_of(outcome, is_answered=is_answered)
        self.by_place[place] = Past(
            tries=past.tries + 1, answered=past.answered + is_answered, last=last, last_at=now
        )
        self.leads[place] = replace(
            lead, tries=lead.tries + 1, step_tries=lead.step_tries + 1, due=now + AGAIN
        )
        if not is_answered and lead.tries + 1 < TRIES:
            heappush(self.later, (now + AGAIN, place))
        return TALKED if is_answered else MISSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What to try: how many people, days and agents, and which habits people have."""

    people: int
    days: int
    agents: int
    habits: str


def tried(wanted: Trial, seed: str, *, is_ordered: bool) -> list[Day]:
    """Return what each day came to."""
    people = list(crowd(seed, wanted.people, seller="s", now=FIRST.astimezone(UTC)))
    office, found = Office(people, HABITS[wanted.habits](seed), is_ordered=is_ordered), []
    for day in range(wanted.days):
        office.found = Day()
        begin = FIRST + timedelta(days=day)
        opens, closes = (datetime.combine(begin.date(), at, begin.tzinfo) for at in (OPENS, CLOSES))
        office.work(opens.astimezone(UTC), closes.astimezone(UTC), wanted.agents)
        found.append(office.found)
    return found


def main() -> None:
    """Print both orders, seed by seed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--habits", choices=sorted(HABITS), default="rehearsal")
    given = parser.parse_args()
    wanted = Trial(people=given.people, days=given.days, agents=given.agents, habits=given.habits)
    print(
        "| seed | order | calls | answers | calls per answer | answers per agent's hour |\n|---|---|---|---|---|---|"
    )
    for seed in range(1, given.seeds + 1):
        for is_ordered in (False, True):
            days = tried(wanted, str(seed), is_ordered=is_ordered)
            calls, answers = sum(day.calls for day in days), sum(day.answers for day in days)
            hours = sum(day.hours for day in days)
            name = "likely" if is_ordered else "list"
            print(
                f"| {seed} | {name} | {calls} | {answers} | {calls / answers:.3f} | {answers / hours:.2f} |"
            )


if __name__ == "__main__":
    main()
