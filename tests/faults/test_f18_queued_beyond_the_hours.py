"""F18: a carrier that queues our calls rings nobody after the hours: we pace below it, and cancel what still waits."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dialer.attempt import AttemptState
from dialer.barring import QUEUED
from dialer.settings import CarrierSettings
from tests.adapters.simulator.builders import never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.builders import NOON, the_campaign
from tests.support.engines import an_office
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
CLOSES = NOON.replace(hour=10, minute=30)
"""19:30 in Tokyo: our campaign's last call of the day."""
RING = the_campaign().pacing.ring_limit


async def test_f18_no_phone_starts_to_ring_after_the_hours(tmp_path: Path) -> None:
    """We believe in five calls a second, the carrier makes one in forty: by its own book none rings past the close."""
    called = people_who(never_answers, 8, at=CLOSES - timedelta(minutes=3))
    async with an_installation(
        tmp_path,
        called,
        agents=8,
        start=CLOSES - timedelta(minutes=3),
        factor=60,
        calls_per_second=1 / 40,
    ) as floor:

        async def is_long_closed() -> bool:
            return floor.house.clock.now() > CLOSES + timedelta(minutes=3)

        await floor.until(is_long_closed)
        taken, rings = floor.accepted, [datetime.fromisoformat(ring["at"]) for ring in floor.rings]
    assert taken.total() >= 6
    assert 1 <= len(rings) < taken.total()
    assert max(rings) <= CLOSES


@pytest.mark.parametrize("state", [AttemptState.PLACED, AttemptState.RINGING])
async def test_f18_only_what_waits_is_cancelled(state: AttemptState) -> None:
    """Near the close a call in the queue is ended before it can ring; one that rings already is let ring."""
    async with an_office(1, start=CLOSES - timedelta(seconds=60)) as office:
        await office.tick()
        if state is AttemptState.RINGING:
            await office.rings(FIRST)
        office.clock.advance_to(CLOSES - RING - timedelta(seconds=2))
        await office.tick()
        assert office.line.hung_up == []
        office.clock.advance_to(CLOSES - RING + timedelta(seconds=2))
        await office.tick()
        assert bool(office.line.hung_up) is (state is AttemptState.PLACED)


async def test_f18_a_call_is_given_the_time_that_setting_up_takes() -> None:
    """Placed seconds ago and shortly before the close: it is no queue yet."""
    begin = CLOSES - RING - timedelta(seconds=11)
    async with an_office(1, start=begin) as office:
        await office.tick()
        assert len(office.line.placed) == 1
        await office.after(seconds=QUEUED.total_seconds() - 1)
        assert office.line.hung_up == []


async def test_f18_at_noon_nothing_is_cancelled() -> None:
    """In the middle of the day a slow carrier is left to it."""
    async with an_office(1) as office:
        await office.tick()
        for _ in range(20):
            await office.after(seconds=30)
        assert office.line.hung_up == []


@pytest.mark.parametrize("rate", [1, 3])
async def test_f18_starts_keep_below_the_accounts_rate(rate: int) -> None:
    """Twenty agents, and an account of one or three calls a second: no second ever holds more starts."""
    async with an_office(
        60, agents=[f"a{place}" for place in range(20)], carrier=CarrierSettings(calls_per_second=rate)
    ) as office:
        starts: list[float] = []
        for _ in range(60):
            before = len(office.line.placed)
            await office.after(seconds=0.2)
            starts += [office.clock.monotonic()] * (len(office.line.placed) - before)
        assert len(starts) >= 10
        assert all(later - sooner >= 1 for sooner, later in zip(starts, starts[rate:], strict=False))
