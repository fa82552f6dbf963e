"""Who works when: read from text with every problem at once, laid out day by day, and asked at any instant."""

import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.checks import Found
from campaigns.parts import Text
from compliance.document import DocumentInvalid
from dialer.agents import AgentState
from dialer.installation import installed
from dialer.settings import BreakSettings
from dialer.shift_checks import look
from dialer.shifts import DAY_MINUTES, LONGEST_MINUTES, DaysOff, PlannedBreak, Shift, Span
from dialer.staffing import Due, leaving, staffing
from dialer.stints import Roster, Stint, instant_of, roster_of
from tests.guards.papers import text_of
from tests.support.builders import NOON, an_agent
from tests.support.rotas import AGENTS, BREAKS, a_roster, a_shift, at

SETTINGS = """
agents: [{id: aoki, name: 青木}, {id: baba, name: 馬場}]
breaks:
  - {id: lunch, label: {ja: 昼休み, en: Lunch}, limit: 60m}
  - {id: rest, label: {en: Rest}}
"""
SHIFTS = """
shifts:
  - agents: [aoki]
    days: [mon-fri]
    hours: 09:30-18:00
    breaks: [{reason: lunch, at: 12:00, lasts: 45m}]
days_off:
  - {agents: [aoki], dates: [2026-11-25]}
"""


def problems(shifts: str, settings: str = SETTINGS) -> list[str]:
    """What is said of shifts in a file of their own."""
    with pytest.raises(DocumentInvalid) as found:
        installed((settings, "dialer.yaml"), (shifts, "shifts.yaml"))
    return [problem.text() for problem in found.value.problems]


# --- what people write ------------------------------------------------------------------------------------------------


def test_shifts_stand_in_a_file_of_their_own_or_in_the_settings() -> None:
    """Both give the same roster; a configuration without any has none."""
    apart = installed((SETTINGS, "dialer.yaml"), (SHIFTS, "shifts.yaml"))
    together = installed((SETTINGS + SHIFTS, "dialer.yaml"), None)
    assert apart == together
    assert roster_of(apart).agents == {"aoki"}
    assert roster_of(installed((SETTINGS, "dialer.yaml"), None)).agents == frozenset()
    assert installed(None, None).shifts == ()


def test_shifts_in_both_places_are_refused() -> None:
    """Nobody would know which hold."""
    (said,) = problems(SHIFTS, SETTINGS + "days_off: []\n")
    assert "Shifts stand in dialer.yaml as well" in said


@pytest.mark.parametrize(
    ("right", "wrong", "place", "says"),
    [
        ("[aoki]\n    days", "[aoki, babe]\n    days", "3:20", 'There is no agent "babe". Write baba'),
        ("[aoki]\n    days", "[aoki, aoki]\n    days", "3:20", "aoki is named twice"),
        ("[aoki]\n    days", "[]\n    days", "3:13", ""),
        ("reason: lunch", "reason: launch", "6:23", 'There is no break "launch". Write lunch'),
        ("at: 12:00", "at: 9:00", "6:14", "This break is not within 09:30-18:00"),
        ("at: 12:00", "at: 17:30", "6:14", "This break is not within 09:30-18:00"),
        ("at: 12:00", "at: 24:00", "6:34", "24:00 is no time of day"),
        ("lasts: 45m", "lasts: 90m", "6:48", "A lunch break may last 1h at most"),
        ("lasts: 45m", "lasts: 0m", "6:48", "A break lasts some time"),
        ("lasts: 45m}", "lasts: 45m}, {reason: rest, at: 12:30, lasts: 15m}", "6:73", "Break 1 is not over at 12:30"),
        ("09:30-18:00", "18:00-09:30 ", "5:12", "From 18:00 to 09:30 is longer than 12 hours"),
        ("09:30-18:00", "09:30-09:30", "5:12", "From 09:30 to 09:30 is longer than 12 hours"),
        ("09:30-18:00", "9h-18h", "5:12", "9h-18h are no hours"),
        ("[mon-fri]", "[mon, tues]", "4:17", "tues is no weekday"),
        ("days: [mon-fri]", "days: []", "3:5", "This shift is on no day"),
        ("dates: [2026-11-25]", "dates: [2026-11-31]", "8:30", "2026-11-31 is not in the calendar"),
        ("{agents: [aoki], dates", "{agents: [oki], dates", "8:15", 'There is no agent "oki". Write aoki'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(right: str, wrong: str, place: str, says: str) -> None:
    """One problem each, at line and column, with what to write instead."""
    assert right in SHIFTS
    (said,) = problems(SHIFTS.replace(right, wrong))
    assert said.startswith(f"shifts.yaml:{place}: {says}")


def test_every_problem_of_both_files_is_told_at_once() -> None:
    """Whoever mends a file does not start again for each."""
    twice = SHIFTS.replace("[aoki]\n", "[aoki, who]\n").replace("lasts: 45m", "lasts: 2h")
    assert len(problems(twice)) == 2
    found = problems(twice, SETTINGS + "zone: Mars/Olympus\n")
    assert [line.split(":")[0] for line in found] == ["dialer.yaml", *["shifts.yaml"] * 2]


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (a_shift(hours=(540, 1080)), a_shift(hours=(1080, 1200)), False),
        (a_shift(hours=(540, 1080)), a_shift(hours=(1079, 1200)), True),
        (a_shift(days=(0,), hours=(1320, 1800)), a_shift(days=(1,), hours=(300, 700)), True),
        (a_shift(days=(0,), hours=(1320, 1800)), a_shift(days=(1,), hours=(360, 700)), False),
        (a_shift(days=(6,), hours=(1320, 1800)), a_shift(days=(0,), hours=(0, 100)), True),
        (a_shift(days=(), dates=(date(2026, 11, 24),)), a_shift(days=(1,)), True),
        (a_shift(days=(), dates=(date(2026, 11, 24),)), a_shift(days=(2,)), False),
        (
            a_shift(days=(), dates=(date(2026, 11, 24),)),
            a_shift(days=(1,), but_not=(date(2026, 11, 24),)),
            False,
        ),
        (a_shift(agents=("aoki",)), a_shift(agents=("baba",)), False),
    ],
)
def test_two_shifts_of_one_agent_may_touch_and_not_overlap(one: Shift, other: Shift, overlaps: bool) -> None:
    """Also over midnight, over the week's end, and between weekdays and dates; in whichever order they stand."""
    for pair in ((one, other), (other, one)):
        assert bool(list(look(pair, (), AGENTS, BREAKS))) is overlaps


# --- the decider ------------------------------------------------------------------------------------------------------

ZONES = st.sampled_from(["Asia/Tokyo", "Europe/London", "America/New_York", "Australia/Lord_Howe"])
DAYS = st.dates(date(2026, 3, 1), date(2026, 11, 30))
"""Clocks change in them, both ways, in three of the zones."""


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    """Any shift that can be written: over midnight, with breaks anywhere, also where none may be."""
    begins = draw(st.integers(0, DAY_MINUTES - 1))
    planned = st.builds(
        PlannedBreak,
        reason=st.sampled_from([kind.id for kind in BREAKS]),
        at=st.integers(0, DAY_MINUTES - 1),
        lasts=st.integers(1, 180).map(lambda minutes: timedelta(minutes=minutes)),
    )
    return Shift(
        agents=tuple(draw(st.sets(st.sampled_from(AGENTS), min_size=1))),
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        dates=tuple(draw(st.lists(DAYS, max_size=2))),
        but_not=tuple(draw(st.lists(DAYS, max_size=2))),
        hours=Span(begins=begins, ends=begins + draw(st.integers(1, LONGEST_MINUTES))),
        breaks=tuple(draw(st.lists(planned, max_size=3))),
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Any roster, sound or not."""
    off = st.builds(
        DaysOff,
        agents=st.sets(st.sampled_from(AGENTS), min_size=1).map(tuple),
        dates=st.lists(DAYS, min_size=1, max_size=3).map(tuple),
    )
    return Roster(
        zone=draw(ZONES),
        shifts=tuple(draw(st.lists(shifts(), max_size=4))),
        days_off=tuple(draw(st.lists(off, max_size=2))),
    )


MOMENTS = st.integers(0, 270 * 24 * 60).map(
    lambda minutes: at("2026-03-01T00:00Z") + timedelta(minutes=minutes)
)


def of(roster: Roster, agent: str, now: datetime) -> list[Stint]:
    """One agent's stints of some days."""
    found = roster.stints(now - timedelta(days=3), now + timedelta(days=3))
    return [stint for stint in found if stint.agent == agent]


@given(rosters(), MOMENTS)
def test_nobody_has_two_stints_or_two_breaks_at_once(roster: Roster, now: datetime) -> None:
    """Whatever stands in the roster: stints follow each other, and pauses lie within and follow each other."""
    for agent in AGENTS:
        stints = of(roster, agent, now)
        assert all(stint.begins < stint.ends for stint in stints)
        assert all(one.ends <= other.begins for one, other in pairwise(stints))
        for stint in stints:
            assert all(stint.begins <= pause.begins < pause.ends <= stint.ends for pause in stint.pauses)
            assert all(one.ends <= other.begins for one, other in pairwise(stint.pauses))
        assert sum(stint.begins <= now < stint.ends for stint in stints) <= 1


def is_told(due: Due, now: datetime) -> bool:
    """What one answer says of itself holds together."""
    if due.is_due:
        return due.leaves_at is not None and due.leaves_at > now and due.off_since is None
    return due.comes_at is None or due.comes_at > now


@given(rosters(), MOMENTS)
def test_the_answer_at_any_instant_agrees_with_the_stints(roster: Roster, now: datetime) -> None:
    """Due means within a stint and in no pause; nothing changes before `leaves_at` or `comes_at`.

    A stint may follow another without a break: then whoever leaves the one is due in the other.
    """
    for agent, due in staffing(roster, now).items():
        inside = [stint for stint in of(roster, agent, now) if stint.begins <= now < stint.ends]
        paused = any(pause.begins <= now < pause.ends for stint in inside for pause in stint.pauses)
        assert due.is_due is (bool(inside) and not paused)
        assert is_told(due, now)
        change = due.leaves_at if due.is_due else due.comes_at
        if change:
            before = staffing(roster, change - timedelta(microseconds=1))[agent]
            assert before.is_due is due.is_due
            after = staffing(roster, change)[agent]
            follows = after.stint is not None and after.stint.begins == change
            assert not due.is_due or after.off_since == change or follows


@given(rosters(), MOMENTS)
def test_a_sound_roster_is_laid_out_as_it_is_written(roster: Roster, now: datetime) -> None:
    """Where the check finds nothing, no stint is cut: each lasts as long as its shift, but for clocks that change."""
    if list(look(roster.shifts, (), AGENTS, BREAKS)):
        return
    spans = {(shift.hours.ends - shift.hours.begins) * 60.0 for shift in roster.shifts}
    for stint in roster.stints(now - timedelta(days=1), now + timedelta(days=1)):
        lasts = (stint.ends - stint.begins).total_seconds()
        zone = ZoneInfo(roster.zone)
        shift = (stint.ends.astimezone(zone).utcoffset() or timedelta()) - (
            stint.begins.astimezone(zone).utcoffset() or timedelta()
        )
        assert lasts + shift.total_seconds() in spans or abs(shift) > timedelta()


@given(ZONES, DAYS, st.integers(0, 2 * DAY_MINUTES), st.integers(0, 300))
def test_what_is_earlier_on_paper_is_never_later_in_fact(
    zone: str, day: date, minute: int, more: int
) -> None:
    """Also in the hour that clocks jump over and in the one they show twice."""
    assert instant_of(day, minute, zone) <= instant_of(day, minute + more, zone)


def test_clocks_that_change_move_a_shift_with_them() -> None:
    """New York, 8 March 2026: 02:00 to 03:00 does not exist. A night from 22:00 to 06:00 has seven hours."""
    night = a_shift(days=(5,), hours=(1320, 1800), breaks=((1560, 45),))
    roster = Roster(zone="America/New_York", shifts=(night,))
    (stint,) = roster.stints(at("2026-03-08T04:00Z"), at("2026-03-08T05:00Z"))
    assert (stint.begins, stint.ends) == (at("2026-03-08T03:00Z"), at("2026-03-08T10:00Z"))
    (pause,) = stint.pauses
    assert pause.begins == at("2026-03-08T07:00Z")  # 02:00 is when clocks show 03:00
    assert pause.ends - pause.begins == timedelta(minutes=45)


# --- what the plan says at an instant ---------------------------------------------------------------------------------


def test_the_day_of_one_agent() -> None:
    """Before, at work, on break, at work again, after; Tokyo is nine hours ahead."""
    roster = a_roster()
    say = {
        hour: staffing(roster, at(f"2026-11-24T{hour}:00Z"))["aoki"]
        for hour in ("00", "01", "03", "05", "09")
    }
    assert (say["00"].is_due, say["00"].comes_at) == (False, at("2026-11-24T00:30Z"))
    assert (say["01"].is_due, say["01"].leaves_at) == (True, at("2026-11-24T03:00Z"))
    assert say["01"].next_pause is not None
    assert say["01"].next_pause.reason == "lunch"
    assert (say["03"].is_due, say["03"].comes_at) == (False, at("2026-11-24T04:00Z"))
    assert (say["03"].off_since, say["03"].leaves_at) == (at("2026-11-24T03:00Z"), at("2026-11-24T09:00Z"))
    assert (say["05"].is_due, say["05"].leaves_at) == (True, at("2026-11-24T09:00Z"))
    assert (say["09"].off_since, say["09"].comes_at) == (at("2026-11-24T09:00Z"), at("2026-11-25T00:30Z"))
    assert "baba" not in staffing(roster, NOON)


def test_whoever_is_let_go_leaves_after_their_call_unless_they_came_back() -> None:
    """Pacing is told so: now, at the next planned moment, or nothing."""
    dues = staffing(a_roster(agents=("aoki", "baba", "chiba")), at("2026-11-24T03:00Z"))
    talking = an_agent("aoki", state=AgentState.TALKING, attempt="at-1")
    agents = [talking, an_agent("baba"), an_agent("chiba", state=AgentState.AWAY), an_agent("doi")]
    now = at("2026-11-24T03:00Z")
    assert leaving(dues, agents, now, {"baba"}) == {"aoki": now, "baba": at("2026-11-24T09:00Z")}


def found(found: Found) -> int:
    """How many problems."""
    return len(list(found))


def test_a_break_of_a_shift_over_midnight_may_be_after_it() -> None:
    """01:00 in a shift from 22:00 is the next day's."""
    night = a_shift(hours=(1320, 1800), breaks=((60, 30),))
    assert found(look([night], (), AGENTS, BREAKS)) == 0
    assert found(look([a_shift(hours=(1320, 1800), breaks=((1200, 30),))], (), AGENTS, BREAKS)) == 1


def test_a_limit_is_said_in_the_settings() -> None:
    """And may be left out."""
    kinds = installed((SETTINGS, "dialer.yaml"), None).breaks
    assert kinds[0] == BreakSettings(
        id="lunch", label=Text(ja="昼休み", en="Lunch"), limit=timedelta(hours=1)
    )
    assert kinds[1].limit is None


def test_the_example_of_the_guide_and_our_own_file_are_sound() -> None:
    """Whoever copies the guide's has shifts that load; ours plan all eight agents of the demo on a weekday."""
    blocks = re.findall(r"^```yaml shifts\n(.*?)^```", text_of("docs/manager.md"), re.MULTILINE | re.DOTALL)
    agents = "agents: [{id: aoki, name: A}, {id: baba, name: B}, {id: chiba, name: C}]\n"
    breaks = "breaks: [{id: lunch, label: {en: Lunch}, limit: 60m}]\n"
    told = installed((agents + breaks, "dialer.yaml"), ("".join(blocks), "docs/manager.md"))
    assert [shift.hours.text for shift in told.shifts] == ["09:30-18:00", "22:00-06:00"]
    ours = installed(
        (text_of("config/dialer.yaml"), "dialer.yaml"), (text_of("config/shifts.yaml"), "shifts.yaml")
    )
    at_ten = staffing(roster_of(ours), at("2026-11-24T01:00Z"))
    assert [due.is_due for due in at_ten.values()] == [True] * 8
