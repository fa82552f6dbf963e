"""F5: the carrier takes an order late, after we asked: no second order within the grace, the late call is adopted."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from dialer.attempt import AttemptState
from dialer.orders import Release
from dialer.recovery import GRACE
from dialer.settings import CarrierSettings
from tests.adapters.simulator.builders import never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.builders import NOON
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
LIMIT = timedelta(hours=1)
QUICK = CarrierSettings(calls_per_second=50, accept_limit=LIMIT)


@pytest.mark.parametrize("held_s", [0.5, 1.5])
async def test_f05_a_late_call_is_adopted(held_s: float, tmp_path: Path) -> None:
    """Held for minutes of campaign time: asked in vain, the carrier calls after all, once, and that call counts."""
    called = people_who(never_answers, 2)
    # A call that queues for long is cancelled (F18); a slow machine must not make one of this.
    impatient = {"read_timeout": timedelta(seconds=0.2), "queue_limit": timedelta(minutes=1)}
    faults = Faults(hold_before_accept_s=held_s)
    async with an_installation(tmp_path, called, carrier=impatient, faults=faults) as floor:
        await floor.until(lambda: floor.are_over(2))
        attempts = await floor.attempts(2)
        assert {attempt.outcome for attempt in attempts} == {Outcome.NO_ANSWER}
        assert len(await floor.ledger("unsure")) == 2
    assert floor.accepted == Counter(called)


@pytest.mark.parametrize("before", [timedelta(seconds=1), timedelta(minutes=30)])
async def test_f05_just_under_the_grace_it_is_adopted(before: timedelta) -> None:
    """Whenever within the grace it comes: one order, and the person who answers gets an agent."""
    async with an_office(1, carrier=QUICK) as office:
        office.line.mode = "unsure"
        await office.tick()
        while office.clock.now() + timedelta(minutes=9) < NOON + LIMIT + GRACE - before:
            await office.after(minutes=9)
        await office.rings(FIRST)
        assert not isinstance(await office.answers(FIRST), Release)
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.reference) == (AttemptState.ANSWERED, reference_of(FIRST))
        assert len(office.line.placed) == 1


async def test_f05_just_over_the_grace_it_is_ended() -> None:
    """The carrier broke its word on how late it may be: whoever answers is not kept waiting, and nobody rings twice."""
    async with an_office(1, carrier=QUICK) as office:
        office.line.mode = "unsure"
        await office.tick()
        while (await office.attempt(FIRST)).state is not AttemptState.OVER:
            await office.after(minutes=9)
        assert office.clock.now() >= NOON + LIMIT + GRACE
        await office.rings(FIRST)
        assert isinstance(await office.answers(FIRST), Release)
        assert {order.reference for order in office.line.hung_up} == {reference_of(FIRST)}
        assert len(office.line.placed) == 1
