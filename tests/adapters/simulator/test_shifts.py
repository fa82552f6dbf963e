"""A rehearsed day with shifts: simulated agents come, take their breaks and go by plan, and it shows in the report."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.configuration import Configuration, load_configuration
from adapters.wiring.rehearsal import Rehearsed, Script, rehearse, rota_of
from dialer.shifts import Shift
from dialer.stints import Roster
from tests.support.rotas import BREAKS, a_roster, a_shift, at

TOKYO = ZoneInfo("Asia/Tokyo")
CONFIG = Path(__file__).parents[3] / "config"
TUESDAY = date(2026, 11, 24)


def configured(*shifts: Shift) -> Configuration:
    """Our own configuration with these shifts."""
    found = load_configuration(CONFIG)
    settings = found.settings.model_copy(update={"shifts": shifts, "days_off": (), "breaks": BREAKS})
    return replace(found, settings=settings)


async def a_day(configuration: Configuration, *, leads: int = 300) -> Rehearsed:
    """Rehearse 09:00 to 20:00 with aoki and baba."""
    (plan,) = configuration.plans.values()
    opens, closes = (datetime.combine(TUESDAY, time(hour), TOKYO).astimezone(UTC) for hour in (9, 20))
    script = Script(plan=plan, opens=opens, closes=closes, leads=leads, agents=2, seed="1")
    return await rehearse(configuration, script)


async def test_nobody_calls_outside_shifts_and_in_breaks() -> None:
    """Two agents from 10:30 to 15:00, lunch from 12:00 to 13:00: attempts are opened in those hours alone."""
    both = a_shift(agents=("aoki", "baba"), hours=(630, 900), breaks=((720, 60),))
    found = await a_day(configured(both))
    calls = {minute.at.astimezone(TOKYO): minute.attempts for minute in found.summary.minutes}
    busy = sorted(when for when, attempts in calls.items() if attempts)
    assert time(10, 30) <= busy[0].time() <= time(10, 35)
    assert busy[-1].time() < time(15)
    assert not [when for when in busy if time(12) <= when.time() < time(13)]
    assert [when for when in busy if when.time() >= time(13)]
    assert found.rota is not None
    assert (found.rota.agents, found.rota.others) == (2, 0)
    assert (found.rota.hours, found.rota.break_hours) == (7.0, 2.0)
    assert 0.2 < found.summary.occupancy <= 1.0


async def test_occupancy_is_of_the_time_at_work() -> None:
    """Who is on a break or at home is not idle: the same floor is as busy with half the day."""
    short = await a_day(configured(a_shift(agents=("aoki", "baba"), hours=(600, 900))), leads=2000)
    whole = await a_day(configured(), leads=2000)
    assert whole.rota is None
    assert short.summary.occupancy == pytest.approx(whole.summary.occupancy, abs=0.06)
    assert short.summary.calls < 0.7 * whole.summary.calls


def test_the_report_counts_what_lies_within_the_day() -> None:
    """Of a shift over midnight only the hours of this day; whoever has no shift is counted apart."""
    night = Roster(zone="UTC", shifts=(a_shift(agents=("aoki",), hours=(1320, 1800), breaks=((0, 30),)),))
    found = rota_of(night, {"aoki", "doi"}, at("2026-11-24T00:00Z"), at("2026-11-25T00:00Z"))
    assert (found.agents, found.others, found.hours, found.break_hours) == (1, 1, 7.5, 0.5)
    assert rota_of(a_roster(), {"doi"}, at("2026-11-24T00:00Z"), at("2026-11-25T00:00Z")).agents == 0
