"""Abandoned calls, as each law counts them, and how many more there may be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.abandonment import ONE_LINE, begins, bound, counted, counts, headroom, is_over, share
from compliance.answers import Answered, Answers, Tally
from compliance.binomial import at_most, upper
from compliance.campaign_rules import AbandonmentRule
from compliance.complaints import complaints
from compliance.problem import DocumentInvalid
from compliance.rulebook import packaged_law, parse_rulebook
from compliance.terms import ReasonCode
from tests.compliance.builders import tokyo

TODAY = date(2026, 11, 24)
RULES = {rule.id: rule for book in packaged_law().rulebooks.values() for rule in book.abandonment}
AMERICA, BRITAIN, CANADA, ROLLING = (RULES[name] for name in ("US-FTC-AB1", "UK-AB1", "CA-AB1", "US-AB5"))
[JAPAN] = packaged_law().rulebooks["JP"].abandonment
RULEBOOK = """
region: XX
version: "1"
min_tzdata: 2025b
abandonment:
  - {id: XX-1, citation: c, source: s, checked: 2026-11-22, confidence: high, valid_from: 2020-01-01, most: "3%", %s}
"""


def test_each_law_has_its_period() -> None:
    """Runs of thirty days from the first call, any thirty days, the day of the centre, the month of the calendar."""
    ago = {age: Tally(live=1) for age in (65, 59, 35, 29, 24, 23, 1, 0)}
    days = {TODAY - timedelta(days=age): one for age, one in ago.items()}
    assert (
        counted(days, AMERICA, TODAY).live == 2
    )  # the third run began 60 days after the first call, 5 days ago
    assert counted(days, ROLLING, TODAY).live == 5
    assert counted(days, CANADA, TODAY).live == 3
    assert counted(days, BRITAIN, TODAY).live == counted(days, JAPAN, TODAY).live == 1


def test_a_young_campaign_is_counted_as_a_whole() -> None:
    """And on the day thirty days after its first call the count begins anew, where any thirty days go on."""
    first = TODAY - timedelta(days=29)
    assert begins(AMERICA, first, TODAY) == begins(ROLLING, first, TODAY) == first
    assert begins(AMERICA, first, TODAY + timedelta(days=1)) == TODAY + timedelta(days=1)
    assert begins(ROLLING, first, TODAY + timedelta(days=1)) == first + timedelta(days=1)


def test_each_scope_is_counted() -> None:
    """Britain counts the campaign and the centre that dials it, America the campaign, each from the same facts."""
    now = tokyo(2026, 11, 24, 12)
    calls = [
        Answered(at=now, campaign="a", centre="x", connected_s=None),
        Answered(at=now, campaign="b", centre="x", connected_s=1.0),
        Answered(at=now, campaign="a", centre="y", connected_s=1.0),
    ]
    answers = Answers(zone="Asia/Tokyo").plus(calls)
    found = [
        (rule.id, one.live, one.abandoned)
        for rule, one in counts(answers, [AMERICA, BRITAIN, CANADA], campaign="a", centre="x", now=now)
    ]
    assert found == [("US-FTC-AB1", 2, 1), ("UK-AB1", 2, 1), ("UK-AB1", 2, 1), ("CA-AB1", 2, 1)]
    quiet = counts(answers, [BRITAIN], campaign="b", centre="z", now=now)
    assert [(one.live, one.abandoned) for _, one in quiet] == [(1, 0), (0, 0)]


@pytest.mark.parametrize(
    ("rule", "figures", "expected"),
    [
        (AMERICA, Tally(live=1000, abandoned=30), False),
        (AMERICA, Tally(live=1000, abandoned=31), True),
        (AMERICA, Tally(live=300, abandoned=9), False),
        (AMERICA, Tally(live=299, abandoned=8), True),  # 2.7 %, whose upper bound is above 3 %
        (AMERICA, Tally(live=299, abandoned=2), False),
        (AMERICA, Tally(live=98), True),
        (AMERICA, Tally(live=99), False),  # the fewest that prove 3 % when nobody was left: 0.97^99 < 5 %
        (AMERICA, Tally(), True),
        (AMERICA, Tally(live=1000, abandoned=30, false_machines=20), False),
        (AMERICA, Tally(live=1000, abandoned=30, left=100), False),
        (
            BRITAIN,
            Tally(live=1000, abandoned=30, left=100),
            True,
        ),  # 30 of 900 who were abandoned or connected
        (BRITAIN, Tally(live=1000, abandoned=29, false_machines=1), False),
        (BRITAIN, Tally(live=1000, abandoned=29, false_machines=3), True),
        (CANADA, Tally(live=1000, abandoned=50), False),
        (CANADA, Tally(live=1000, abandoned=51), True),
        (JAPAN, Tally(live=1000, abandoned=31), True),
    ],
)
def test_the_limit_itself_is_allowed_and_few_calls_prove_little(
    rule: AbandonmentRule, figures: Tally, expected: bool
) -> None:
    """3 % is at most 3 %; below 300 answers the upper bound counts (POL-5), and in Britain false machines (UK-AB2).

    Who is abandoned at all is a matter of two seconds (US-FTC-AB2): see test_answers.
    """
    assert is_over(figures, rule) is expected
    assert (bound(figures, rule) > rule.most) is expected


@pytest.mark.parametrize(
    ("hits", "tries", "end"),
    [(0, 20, 1 - 0.05 ** (1 / 20)), (1, 10, 0.3942), (5, 100, 0.1023), (10, 10, 1.0), (0, 0, 1.0)],
)
def test_the_bound_is_clopper_and_pearsons(hits: int, tries: int, end: float) -> None:
    """Against the closed form where nobody was left, and printed tables of one-sided 95 % limits."""
    assert upper(hits, tries) == pytest.approx(end, abs=5e-5)


def test_more_hits_than_tries_are_no_share() -> None:
    """A mistake of whoever counted is not taken for a figure."""
    with pytest.raises(ValueError, match="11 of 10"):
        upper(11, 10)


@given(st.integers(1, 400), st.data())
def test_the_bound_hides_the_truth_in_one_of_twenty(tries: int, data: st.DataObject) -> None:
    """At the bound, so few hits or fewer come in 5 % of samples: summed a second time with whole binomials."""
    hits = data.draw(st.integers(0, tries - 1))
    end = upper(hits, tries)
    naive = sum(comb(tries, n) * end**n * (1 - end) ** (tries - n) for n in range(hits + 1))
    assert naive == pytest.approx(0.05, rel=1e-6)
    assert at_most(hits, tries, end) == pytest.approx(naive, rel=1e-9)
    assert hits / tries < end <= 1


def test_pacing_asks_for_the_room_under_the_strictest_rule() -> None:
    """20 of the next people may be left: 60 of 2020 is within 3 %, 61 of 2021 is not; at 30 of 1000 nobody may."""
    plenty = Tally(live=2000, abandoned=40)
    found = headroom([(CANADA, plenty), (AMERICA, plenty)])
    assert (found.rule, found.calls, found.is_halted, found.obligations) == ("US-FTC-AB1", 20, False, ())
    assert (found.share, found.bound) == (0.02, 0.02)
    full = headroom([(AMERICA, Tally(live=1000, abandoned=30))])
    assert (full.calls, full.is_halted) == (0, False)
    over = headroom([(AMERICA, Tally(live=1000, abandoned=31)), (CANADA, plenty)])
    assert (over.rule, over.calls, over.is_halted, over.obligations) == ("US-FTC-AB1", 0, True, (ONE_LINE,))


def test_an_alert_comes_before_the_limit() -> None:
    """Britain's at 2 %."""
    assert not headroom([(BRITAIN, Tally(live=1000, abandoned=19))]).is_warned
    assert headroom([(BRITAIN, Tally(live=1000, abandoned=20))]).is_warned


def test_few_calls_leave_the_room_that_they_prove() -> None:
    """Of 160 people none was left: one more may be, not the four that 3 % of them would be."""
    assert headroom([(AMERICA, Tally(live=160))]).calls == 1
    assert headroom([(AMERICA, Tally(live=40))]).is_halted


def test_being_left_never_makes_a_sample_large_enough() -> None:
    """300 answers free a campaign from the bound, but not when the three hundredth was left."""
    before, after = Tally(live=299, abandoned=5), Tally(live=300, abandoned=6)
    assert headroom([(AMERICA, before)]).calls == headroom([(AMERICA, after)]).calls == 0


def test_a_company_may_want_less_than_the_law() -> None:
    """Its own target narrows and never widens; none at all means one line per agent."""
    found = [(AMERICA, Tally(live=2000, abandoned=30))]
    assert headroom(found, 0.02).calls < headroom(found).calls == headroom(found, 0.5).calls
    assert headroom(found, 0.01).is_halted
    assert headroom(found, 0.0).is_halted


def test_without_a_rule_there_is_no_room() -> None:
    """Nobody said how to count."""
    assert headroom([]).is_halted


@pytest.mark.parametrize(
    ("part", "is_sound"),
    [
        ("period: rolling, days: 30", True),
        ("period: day", True),
        ("period: successive", False),
        ("period: rolling", False),
        ("period: month, days: 30", False),
    ],
)
def test_a_period_of_days_says_how_many(part: str, is_sound: bool) -> None:
    """No length is guessed: a rulebook without it is refused with the place and what to write."""
    text = RULEBOOK.replace("%s", part)
    if is_sound:
        assert parse_rulebook(text, "xx.yaml").abandonment[0].period in part
        return
    with pytest.raises(DocumentInvalid, match=r"xx\.yaml:6:.*days does not go with"):
        parse_rulebook(text, "xx.yaml")


@pytest.mark.parametrize(("told", "is_over_it"), [(0.0029, False), (3 / 1000, True), (0.01, True)])
def test_mail_stops_at_the_limit_of_complaints(told: float, is_over_it: bool) -> None:
    """Providers want less than 0.3 %."""
    mails = packaged_law().rulebooks["*"].mails
    [limit] = [(ReasonCode.EMAIL_COMPLAINT_RATE, rule.id) for rule in mails if rule.most_complaints]
    assert [(one.code, one.rule) for one in complaints(told, mails)] == [limit] * is_over_it


EACH = st.sampled_from(sorted(RULES.values(), key=lambda rule: rule.id))


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Counts as they can be, dense where samples are small and shares near the limits."""
    live = draw(st.integers(0, 400) | st.integers(0, 5000))
    abandoned = draw(st.integers(0, live) | st.integers(0, live // 20))
    left = draw(st.integers(0, live - abandoned))
    return Tally(live=live, abandoned=abandoned, left=left, false_machines=draw(st.integers(0, 20)))


PAIRS = st.tuples(EACH, tallies())
SOME = st.lists(PAIRS, min_size=1, max_size=4)
TARGETS = st.sampled_from([None, 0.0, 0.02, 0.5])


def worse(pairs: Sequence[tuple[AbandonmentRule, Tally]], more: int) -> list[tuple[AbandonmentRule, Tally]]:
    """The same after `more` people were left."""
    return [(rule, one + Tally(live=more, abandoned=more)) for rule, one in pairs]


@given(SOME, TARGETS)
def test_what_is_left_keeps_every_limit(
    pairs: Sequence[tuple[AbandonmentRule, Tally]], target: float | None
) -> None:
    """As many more people as it says may be left; where the sample is large, one more than that passes a limit."""
    room = headroom(pairs, target)
    if room.is_halted:
        assert room.calls == 0
        return
    wanted = 1 if target is None else target
    after = worse(pairs, room.calls)
    assert all(not is_over(one, rule) and share(one, rule) <= wanted for rule, one in after)
    if all(one.live - one.abandoned >= rule.min_sample for rule, one in pairs):
        assert any(share(one, rule) > min(rule.most, wanted) for rule, one in worse(pairs, room.calls + 1))


@given(SOME, TARGETS)
def test_one_more_person_left_never_leaves_more_room(
    pairs: Sequence[tuple[AbandonmentRule, Tally]], target: float | None
) -> None:
    """Nor sets a halted campaign free."""
    before, after = headroom(pairs, target), headroom(worse(pairs, 1), target)
    assert after.calls <= before.calls
    assert after.is_halted >= before.is_halted


@given(SOME, PAIRS)
def test_another_rule_never_leaves_more_room(
    pairs: Sequence[tuple[AbandonmentRule, Tally]], more: tuple[AbandonmentRule, Tally]
) -> None:
    """Rules add up."""
    before, after = headroom(pairs), headroom([*pairs, more])
    assert after.calls <= before.calls
    assert after.is_halted >= before.is_halted


@given(SOME, st.floats(0.001, 1))
def test_a_target_never_leaves_more_room(
    pairs: Sequence[tuple[AbandonmentRule, Tally]], target: float
) -> None:
    """A company may narrow the law and never widen it (POL-7)."""
    assert headroom(pairs, target).calls <= headroom(pairs).calls


@given(PAIRS)
def test_the_bound_is_never_below_the_share(pair: tuple[AbandonmentRule, Tally]) -> None:
    """And people taken for machines never lower either, where they count."""
    rule, found = pair
    assume(found.live > found.left)
    assert 0 <= share(found, rule) <= bound(found, rule) <= 1
    more = replace(found, false_machines=found.false_machines + 1)
    assert share(more, rule) >= share(found, rule)


@given(
    EACH,
    st.dictionaries(st.integers(0, 100), tallies(), max_size=12),
    st.integers(0, 100),
)
def test_a_period_holds_each_of_its_days_once(
    rule: AbandonmentRule, ages: dict[int, Tally], asked: int
) -> None:
    """What is counted is a naive sum over the dates from the period's first to today."""
    today = TODAY - timedelta(days=asked)
    days = {TODAY - timedelta(days=age): one for age, one in ages.items()}
    start = begins(rule, min(days, default=today), today)
    assert start <= today or not any(day <= today for day in days)
    naive = sum((one for day, one in days.items() if start <= day <= today), Tally())
    assert counted(days, rule, today) == naive
