"""May we? The whole verdict: what is reported, in which order, and from when on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.calendar import holidays_of
from compliance.hours import Windows, parse_hours
from compliance.judge import judge
from compliance.question import Address, Narrowing, PastContact, Question, Subject
from compliance.rulebook import Law, packaged_law
from compliance.terms import Channel, Decision, Profile, Purpose, ReasonCode, Technology
from tests.compliance.builders import (
    TOKYO,
    TUESDAY,
    a_question,
    a_suppression,
    codes,
    judged,
    past,
    tokyo,
    tries,
)

MINUTE = timedelta(minutes=1)


def test_a_plain_yes_names_rules_zone_and_versions() -> None:
    """A yes says what it rests on."""
    verdict = judged(a_question())
    assert verdict.decision is Decision.ALLOW
    assert {"JP-H1", "JP-H2", "JP-A1", "JP-R1", "JP-R2", "JP-D1", "JP-N1", "TZ-1", "POL-6"} <= set(
        verdict.rules
    )
    assert verdict.zones == ("Asia/Tokyo",)
    assert verdict.versions == {**packaged_law().versions, "rulebook": "any 2026.11.1, JP 2026.11.1"}


def test_every_failing_rule_is_reported_do_not_call_first() -> None:
    """Listed, refused, switched off, used up, at night on a holiday: all of it, in the order that matters (POL-8)."""
    verdict = judged(
        a_question(
            now=tokyo(2026, 11, 23, 22),
            dialing_enabled=False,
            suppressions=(a_suppression(person="C-1"),),
            history=(
                past("refused", TUESDAY - timedelta(days=99), seller="S1", product="P1"),
                *tries(TUESDAY),
            ),
            narrowings=(Narrowing(per_campaign=1),),
        )
    )
    assert verdict.decision is Decision.DENY
    assert verdict.next_allowed_at is None
    assert [(reason.code, reason.rule) for reason in verdict.reasons] == [
        ("REFUSAL_ON_FILE", "JP-R1"),
        ("REFUSAL_ON_FILE", "JP-R2"),
        ("INTERNAL_DNC", "POL-4"),
        ("DIALING_DISABLED", "POL-6"),
        ("ATTEMPT_CAP_CAMPAIGN", "POL-7"),
        ("OUTSIDE_HOURS", "JP-H1"),
        ("HOLIDAY_PROHIBITED", "JP-H2"),
    ]
    assert all(reason.citation for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject(person="C-1"), ["INVALID_NUMBER"]),
        (Subject(person="C-1", number="+81901234567"), ["INVALID_NUMBER"]),
        (Subject(person="C-1", number="+81120123456"), ["NON_DIALABLE_TYPE"]),
        (Subject(person="C-1", number="110"), ["NON_DIALABLE_TYPE"]),
        (Subject(person="C-1", number="+6561234567"), ["PACK_MISSING"]),
        (Subject(person="C-1", number="+80012345678"), ["NON_DIALABLE_TYPE", "PACK_MISSING"]),
    ],
)
def test_a_number_that_cannot_be_judged_is_denied(subject: Subject, expected: list[str]) -> None:
    """No number, no valid one, one of a wrong kind, one of a country without rulebook (POL-3, NUM-2, TZ-5)."""
    assert codes(a_question(subject=subject)) == expected
    assert judged(a_question(subject=subject)).decision is Decision.DENY


def test_a_number_of_unknown_place_is_denied() -> None:
    """A personal number is a line like another, and nobody knows where it rings (TZ-5); an address says it."""
    personal = Subject(person="C-1", number="+15005550123")
    verdict = judged(a_question(subject=personal))
    assert verdict.decision is Decision.DENY
    assert [reason.code for reason in verdict.reasons] == ["LOCATION_UNKNOWN"]
    assert "TZ-5" in verdict.rules
    at_home = replace(personal, address=Address(country="US", subdivision="CO"))
    assert "LOCATION_UNKNOWN" not in codes(a_question(subject=at_home))


def test_a_zone_database_older_than_the_rulebook_needs_denies() -> None:
    """Old clocks are no clocks (TZ-6)."""
    law: Law = replace(packaged_law(), libraries={**packaged_law().libraries, "tzdata": "2019c"})
    assert [reason.code for reason in judge(a_question(), law).reasons] == [ReasonCode.TZDATA_STALE]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject(person="C-1", email="taro@example.jp"), []),
        (Subject(person="C-1", email="taro@example.jp", number="not a number"), []),
        (Subject(person="C-1"), ["INVALID_ADDRESS"]),
        (Subject(person="C-1", email="taro"), ["INVALID_ADDRESS"]),
        (Subject(person="C-1", email="taro@example.com", number="+6561234567"), ["PACK_MISSING"]),
    ],
)
def test_whose_law_governs_mail(subject: Subject, expected: list[str]) -> None:
    """The number's country where one is known, else our own."""
    assert codes(a_question(channel=Channel.EMAIL, purpose=Purpose.SERVICE, subject=subject)) == expected


@pytest.mark.parametrize(
    ("profile", "choices", "expected", "opens"),
    [
        (Profile.RECOMMENDED, (), "JP-H2", 9),
        (Profile.RECOMMENDED, (None, True), "JP-H2", 9),
        (Profile.RECOMMENDED, (False, None), None, None),
        (Profile.RECOMMENDED, (True, False), "JP-H2", 9),
        (Profile.STATUTORY, (), None, None),
        (Profile.STATUTORY, (False,), None, None),
        (Profile.STATUTORY, (False, True), "POL-7", 8),
    ],
)
def test_holidays_are_a_choice(
    profile: Profile, choices: tuple[bool | None, ...], expected: str | None, opens: int | None
) -> None:
    """No law bans them, the house skips them, and one wish to skip outweighs every wish not to."""
    narrowings = tuple(Narrowing(skip_holidays=choice) for choice in choices)
    verdict = judged(a_question(now=tokyo(2026, 11, 23, 11), profile=profile, narrowings=narrowings))
    assert [(reason.code, reason.rule) for reason in verdict.reasons] == (
        [("HOLIDAY_PROHIBITED", expected)] if expected else []
    )
    assert verdict.next_allowed_at == (tokyo(2026, 11, 24, opens) if opens else None)


def test_closures_add_up() -> None:
    """A day closed by the company and the next closed by the campaign: the day after both."""
    narrowings = (
        Narrowing(closed_dates=frozenset({date(2026, 11, 24)})),
        Narrowing(
            closed_dates=frozenset({date(2026, 11, 25)}), hours=parse_hours({"mon-sun": ["13:00-15:00"]})
        ),
    )
    verdict = judged(a_question(narrowings=narrowings))
    assert [reason.code for reason in verdict.reasons] == ["DAY_PROHIBITED", "OUTSIDE_HOURS"]
    assert verdict.next_allowed_at == tokyo(2026, 11, 26, 13)


def test_hours_that_never_meet_the_law_deny() -> None:
    """Waiting for what never comes is no wait."""
    verdict = judged(a_question(narrowings=(Narrowing(hours=parse_hours({"mon-sun": ["05:00-07:00"]})),)))
    assert verdict.decision is Decision.DENY
    assert verdict.next_allowed_at is None


def test_the_last_instant_before_closing_and_the_first_after_opening() -> None:
    """20:00:00 is out, one microsecond before is in; 09:00:00 is in."""
    assert judged(a_question(now=tokyo(2026, 11, 24, 20) - timedelta(microseconds=1))).is_allowed
    assert not judged(a_question(now=tokyo(2026, 11, 24, 20))).is_allowed
    assert judged(a_question(now=tokyo(2026, 11, 24, 9))).is_allowed


def test_a_rule_not_yet_in_force_does_not_bind() -> None:
    """Our house hours began in 2020; before that day only the law's bind."""
    verdict = judged(a_question(now=datetime(2019, 12, 31, 11, 30, tzinfo=UTC)))
    assert "JP-H2" not in verdict.rules
    assert verdict.decision is Decision.ALLOW


# --- properties -----------------------------------------------------------------------------------------------------

MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: tokyo(2026, 11, 1) + minutes * MINUTE)
HOURS = st.sampled_from(
    [
        None,
        parse_hours({"mon-fri": ["10:00-12:00", "13:00-19:00"]}),
        parse_hours({"sat-sun": ["07:00-24:00"], "wed": ["18:00-22:00"]}),
    ]
)
NARROWINGS = st.lists(
    st.builds(
        Narrowing,
        hours=HOURS,
        skip_holidays=st.sampled_from([None, True, False]),
        closed_dates=st.frozensets(st.dates(date(2026, 11, 1), date(2027, 1, 10)), max_size=4),
        per_day=st.sampled_from([None, 1, 3]),
        per_week=st.sampled_from([None, 2]),
    ),
    max_size=2,
).map(tuple)


@st.composite
def any_call(draw: st.DrawFn) -> Question:
    """A call at any minute, with any narrowing and a few tries before it."""
    now = draw(MOMENTS)
    ago = draw(st.lists(st.integers(0, 9 * 24 * 60), max_size=4))
    return a_question(
        now=now,
        profile=draw(st.sampled_from(list(Profile))),
        narrowings=draw(NARROWINGS),
        history=tries(*(now - minutes * MINUTE for minutes in ago)),
        technology=draw(st.sampled_from(list(Technology))),
    )


def within(windows: Windows, clock: time) -> bool:
    """Tell whether a minute of the day lies in a window."""
    minute = clock.hour * 60 + clock.minute
    return any(
        start.hour * 60 + start.minute <= minute < ((end.hour * 60 + end.minute) or 1440)
        for start, end in windows
    )


def is_permitted_by_the_wall(question: Question, instant: datetime) -> bool:
    """Judge a call by the clock and calendar on a Tokyo wall, in the plainest way there is."""
    clock = instant.astimezone(TOKYO)
    house = question.profile is Profile.RECOMMENDED
    choices = [narrowing.skip_holidays for narrowing in question.narrowings]
    skips = True in choices or (house and False not in choices)
    dates = [found.at.astimezone(TOKYO).date() for found in question.history]
    today = dates.count(clock.date())
    week = sum(day.isocalendar()[:2] == clock.date().isocalendar()[:2] for day in dates)
    per_day = [2] * house + [narrowing.per_day for narrowing in question.narrowings if narrowing.per_day]
    per_week = [3] * house + [narrowing.per_week for narrowing in question.narrowings if narrowing.per_week]
    return (
        (9 <= clock.hour < 20 if house else 8 <= clock.hour < 21)
        and not (skips and clock.date() in holidays_of("JP", clock.year))
        and all(clock.date() not in narrowing.closed_dates for narrowing in question.narrowings)
        and all(
            narrowing.hours is None or within(narrowing.hours[clock.weekday()], clock.time())
            for narrowing in question.narrowings
        )
        and all(today < most for most in per_day)
        and all(week < most for most in per_week)
    )


@given(any_call())
def test_permitted_means_open_on_the_wall(question: Question) -> None:
    """The judge says yes when, and only when, a Tokyo wall clock and calendar do."""
    assert judged(question).is_allowed == is_permitted_by_the_wall(question, question.now)


@given(any_call())
def test_the_next_time_is_open_and_the_first(question: Question) -> None:
    """At that instant the answer is yes on the same facts, and at no minute before it."""
    verdict = judged(question)
    if verdict.decision is not Decision.DEFER:
        assert verdict.next_allowed_at is None
        return
    at = verdict.next_allowed_at
    assert at is not None
    assert judged(replace(question, now=at)).is_allowed
    assert not judged(replace(question, now=at - timedelta(microseconds=1))).is_allowed
    minutes = min(int((at - question.now) / MINUTE), 6 * 24 * 60)
    assert not any(
        is_permitted_by_the_wall(question, question.now + minute * MINUTE) for minute in range(0, minutes, 3)
    )


@given(any_call(), NARROWINGS)
def test_a_narrowing_never_widens(question: Question, more: tuple[Narrowing, ...]) -> None:
    """Whatever company and campaign add, no refusal becomes a yes, save a holiday the rulebook leaves to choice."""
    added = tuple(replace(narrowing, skip_holidays=narrowing.skip_holidays or None) for narrowing in more)
    wide, narrow = judged(question), judged(replace(question, narrowings=(*question.narrowings, *added)))
    assert wide.is_allowed or not narrow.is_allowed
    if wide.next_allowed_at is not None and narrow.next_allowed_at is not None:
        assert narrow.next_allowed_at >= wide.next_allowed_at


@given(any_call())
def test_the_recommended_profile_only_tightens(question: Question) -> None:
    """What our house rules permit, the law permits."""
    strict = judged(replace(question, profile=Profile.RECOMMENDED))
    assert not strict.is_allowed or judged(replace(question, profile=Profile.STATUTORY)).is_allowed


@given(any_call(), st.sampled_from(["attempted", "refused", "opted_out", "talked", "machine", "abandoned"]))
def test_more_history_never_opens_a_way(question: Question, event: str) -> None:
    """What happened can only speak against another call."""
    more = PastContact(at=question.now, event=event, seller="S1", product="P1", campaign="winback")
    fuller = replace(question, history=(*question.history, more))
    assert judged(question).is_allowed or not judged(fuller).is_allowed


@given(st.text(max_size=15), st.text(max_size=15), st.sampled_from(list(Channel)))
def test_any_subject_gets_a_verdict(number: str, email: str, channel: Channel) -> None:
    """Whatever stands where a number or address should, the judge answers."""
    verdict = judged(a_question(channel=channel, subject=Subject(person="C-1", number=number, email=email)))
    assert verdict.is_allowed == (not verdict.reasons)
