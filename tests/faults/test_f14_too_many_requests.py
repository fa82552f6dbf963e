"""F14: on 429 the whole floor backs off as long as it is told, nobody is lost, and nobody's place or try is."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from dialer.pacing import rate_window
from tests.adapters.simulator.builders import never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.builders import the_campaign
from tests.support.engines import an_office

PEOPLE = 6


@pytest.mark.parametrize("share", [0.3, 0.7, 1.0])
async def test_f14_everybody_is_called_once_in_the_end(share: float, tmp_path: Path) -> None:
    """A carrier that refuses some, most or all orders, then none: by its own journal each number was taken once."""
    called = people_who(never_answers, PEOPLE)
    faults = Faults(status_429_share=share)
    async with an_installation(tmp_path, called, faults=faults, factor=1000) as floor:

        async def has_refused() -> bool:
            return len(await floor.ledger("concluded")) >= 3

        async def all_taken() -> bool:
            return len(floor.accepted) == PEOPLE

        await floor.until(has_refused)
        await floor.misbehave()
        await floor.until(all_taken)
        outcomes = {attempt.outcome for attempt in await floor.attempts(PEOPLE) if attempt.outcome}
        assert outcomes <= {Outcome.NO_ANSWER, Outcome.NOT_PLACED}
    assert floor.accepted == Counter(called)


async def test_f14_the_whole_floor_backs_off() -> None:
    """Ten agents are free, one order is told to wait five minutes: nobody at all is dialled for that time."""
    async with an_office(30, agents=[f"a{place}" for place in range(10)]) as office:
        office.line.mode = "throttled"
        await office.tick()
        office.line.mode, before = "placed", len(office.line.placed)
        _, lines = rate_window(the_campaign().pacing.calls_per_second)
        for _ in range(29):
            await office.after(seconds=10)
        assert len(office.line.placed) == before
        await office.after(seconds=11)
        assert len(office.line.placed) == before + lines


async def test_f14_no_try_is_used_up() -> None:
    """Told to wait again and again: the person's tries stay whole, and in the end they are called."""
    async with an_office(1) as office:
        office.line.mode = "throttled"
        for _ in range(9):
            await office.after(minutes=20)
        assert (await office.lead()).step_tries == 0
        office.line.mode, before = "placed", Counter(office.line.numbers)
        await office.after(minutes=40)
        assert Counter(office.line.numbers).total() == before.total() + 1
