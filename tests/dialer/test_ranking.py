"""Who is called first."""

from dataclasses import replace
from datetime import time, timedelta
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.promise import listed_rank, promised_rank
from dialer.foresight import Foresight, Insight, Tried, Why
from dialer.ranking import BY_LIST, Ahead, Prospect, Turn, ranked, unranked
from dialer.traits import Last, Line, Traits
from tests.support.builders import NOON, a_contact, a_lead

HOUR = timedelta(hours=1)
TOKYO = "Asia/Tokyo"
WEEK = {day: ((time(10), time(20)),) for day in range(5)} | {5: (), 6: ()}
AHEAD = Ahead(week=WEEK, now=NOON)


@cache
def evenings(*, hot: bool = False) -> Insight:
    """What is learnt where mobiles are answered in the evening and landlines at noon; `hot`: by nearly everybody."""
    chance, known = Random(3), []
    for place in range(2500):
        hour, line = chance.choice([12, 18]), chance.choice([Line.MOBILE, Line.FIXED])
        rate = 0.9 if hot else 0.55 if (hour == 18) == (line is Line.MOBILE) else 0.1
        traits = Traits(hour=hour, weekday=place % 5, line=line)
        known.append(
            Tried(
                id=str(place),
                campaign="a",
                traits=traits,
                over_at=NOON + timedelta(seconds=place),
                is_answered=chance.random() < rate,
            )
        )
    return Foresight().taught(known).model("a")


def a_prospect(place: int, line: Line = Line.MOBILE, **lead: object) -> Prospect:
    """Return somebody on the list, as known at noon on a Tuesday."""
    return Prospect(
        lead=a_lead(place, **lead),
        contact=a_contact(place),
        traits=Traits(hour=12, weekday=1, line=line),
        zone=TOKYO,
    )


PROSPECTS = st.lists(
    st.builds(
        lambda place, line, waited, is_promised, tries: replace(
            (one := a_prospect(place, line, due=NOON - waited * HOUR)),
            lead=replace(one.lead, rank=promised_rank(one.lead) if is_promised else place),
            traits=replace(one.traits, tries=tries, last=Last.BUSY if tries else Last.NONE),
        ),
        st.integers(1, 300),
        st.sampled_from(Line),
        st.integers(0, 80),
        st.booleans(),
        st.integers(0, 5),
    ),
    max_size=40,
    unique_by=lambda one: one.lead.id,
).map(lambda found: sorted(found, key=lambda one: one.lead.rank))


@given(found=PROSPECTS, begun=st.integers(0, 100))
def test_everybody_has_a_turn_and_a_promise_is_kept_first(found: list[Prospect], begun: int) -> None:
    """Nobody is lost, nobody comes twice; who was promised a call comes before all others, the earliest first."""
    order = ranked(found, evenings(), AHEAD, begun=begun)
    assert sorted(one.lead.id for one, _ in order) == sorted(one.lead.id for one in found)
    turns = [why.turn for _, why in order]
    promised = turns.count(Turn.PROMISED)
    assert promised == sum(one.lead.rank < 0 for one in found)
    assert turns[:promised] == [Turn.PROMISED] * promised
    dues = [one.lead.due for one, _ in order[:promised]]
    assert dues == sorted(due for due in dues if due)
    for _, why in order:
        assert why.chance is not None
        assert 0.0 < why.chance < 1.0


@given(found=PROSPECTS, begun=st.integers(0, 7), order=st.randoms(use_true_random=False))
def test_who_is_likelier_comes_first_and_each_fourth_goes_by_the_list(
    found: list[Prospect], begun: int, order: Random
) -> None:
    """Among those who come for their chance the index never rises; where they stand in the window changes nothing."""
    others = [one for one in found if one.lead.rank >= 0]
    told = ranked(others, evenings(), AHEAD, begun=begun)
    by_list = [place for place, (_, why) in enumerate(told) if why.turn is Turn.LIST]
    assert by_list == [place for place in range(len(told)) if (begun + place) % BY_LIST == 0]
    left = {one.lead.id: one.lead.rank for one in others}
    for one, why in told:
        if why.turn is Turn.LIST:
            assert one.lead.rank == min(left.values())
        del left[one.lead.id]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), place=st.integers(1, 30))
def test_nobody_is_starved(seed: int, place: int) -> None:
    """Whoever stands n-th on the list is called within four times n calls, whatever newcomers there are.

    The unlikeliest person of all is followed; each call lets somebody likelier onto the list, behind them.
    """
    chance, insight = Random(seed), evenings()
    people = [a_prospect(number, Line.FIXED) for number in range(1, 31)]
    person = people[place - 1] = replace(
        people[place - 1],
        traits=replace(people[place - 1].traits, line=Line.MOBILE, tries=5, last=Last.MACHINE),
    )
    for begun in range(BY_LIST * place + 1):
        (called, _), *_ = ranked(people, insight, AHEAD, begun=begun)
        people.remove(called)
        if called.lead.id == person.lead.id:
            return
        newcomer = a_prospect(100 + begun, chance.choice(list(Line)))
        people.append(newcomer)
    raise AssertionError(f"nobody called the person in place {place}")


def test_people_are_called_when_they_answer() -> None:
    """At noon the landline, whose best hour it is, though the mobile stands before it; in the evening the mobile."""
    mobile, landline = a_prospect(1, Line.MOBILE), a_prospect(2, Line.FIXED)
    at_noon = ranked([mobile, landline], evenings(), AHEAD, begun=1)
    assert [one.lead.id for one, _ in at_noon] == [2, 1]
    given = at_noon[1][1]
    assert given.chance is not None
    assert given.later is not None
    assert given.later > given.chance + 0.3
    assert given.later_at is not None
    assert given.later_at.hour == 18
    late = [replace(one, traits=replace(one.traits, hour=18)) for one in (mobile, landline)]
    evening = ranked(late, evenings(), Ahead(week=WEEK, now=NOON + 6 * HOUR), begun=1)
    assert [one.lead.id for one, _ in evening] == [1, 2]


def test_whoever_waits_longer_rises() -> None:
    """Of two who are alike the one whose time came earlier is called first."""
    fresh, old = a_prospect(1, due=NOON), a_prospect(2, due=NOON - 5 * HOUR)
    assert [one.lead.id for one, _ in ranked([fresh, old], evenings(), AHEAD, begun=1)] == [2, 1]


def test_where_no_hour_is_to_come_the_chance_alone_counts() -> None:
    """A campaign without another open hour in three days."""
    closed = Ahead(week=dict.fromkeys(range(7), ()), now=NOON)
    (_, given), *_ = ranked([a_prospect(1)], evenings(), closed, begun=0)
    assert (given.later, given.later_at) == (None, None)


def test_without_odds_the_list_decides_but_promises_come_first() -> None:
    """And the permit says why there are none."""
    first, second = a_prospect(1), a_prospect(2)
    kept = replace(second, lead=replace(second.lead, rank=promised_rank(second.lead)))
    told = unranked([first, kept], Why.COLD)
    assert [(one.lead.id, why.turn, why.why) for one, why in told] == [
        (2, Turn.PROMISED, Why.COLD),
        (1, Turn.LIST, Why.COLD),
    ]


@given(rank=st.integers(0, 2**63 - 1))
def test_a_promise_can_be_undone(rank: int) -> None:
    """The rank of a list fills 63 bits; a promised lead stands before all of them, and finds its place again."""
    lead = a_lead(1, rank=rank)
    kept = replace(lead, rank=promised_rank(lead))
    assert -(2**63) <= kept.rank < 0
    assert promised_rank(kept) == kept.rank
    assert listed_rank(kept) == listed_rank(lead) == rank
