"""F22: a callback that comes before the order's answer is accepted by attempt and nonce, and the call is adopted."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from dialer.attempt import AttemptState
from tests.adapters.simulator.builders import is_busy, never_answers
from tests.faults.installation import an_installation, people_who
from tests.support.engines import an_office, reference_of
from tests.support.stores import CAMPAIGN

FIRST = f"{CAMPAIGN}-1-1"
SLOW = {"read_timeout": timedelta(seconds=5)}


async def test_f22_the_whole_call_is_told_before_the_answer(tmp_path: Path) -> None:
    """The answer takes as long as the call: all is adopted from callbacks, and the answer finds nothing left to say."""
    called = [*people_who(never_answers, 2), *people_who(is_busy, 2)]
    faults = Faults(hang_after_accept=1, hang_s=0.5)
    async with an_installation(tmp_path, called, carrier=SLOW, faults=faults) as floor:
        await floor.until(lambda: floor.are_over(4))
        attempts = await floor.attempts(4)
        assert [attempt.outcome for attempt in attempts] == [Outcome.NO_ANSWER] * 2 + [Outcome.BUSY] * 2
        assert await floor.ledger("unsure") == []
        assert len(await floor.ledger("concluded")) == 4
    assert floor.accepted == Counter(called)


async def test_f22_the_reference_comes_from_the_callback() -> None:
    """The order was lost in the middle: what rings is known by its callback, and nobody is dialled again."""
    async with an_office(1) as office:
        office.line.mode = "crash"
        await office.tick()
        await office.rings(FIRST)
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.reference) == (AttemptState.RINGING, reference_of(FIRST))
        assert len(office.line.placed) == 1
