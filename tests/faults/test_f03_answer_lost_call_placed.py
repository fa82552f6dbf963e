"""F3: the order's answer is lost and the call was made: the number stays locked, and the call is adopted."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.simulator.options import Faults
from campaigns.outcome import Outcome
from tests.adapters.simulator.builders import never_answers
from tests.faults.installation import an_installation, people_who

LOST: dict[str, dict[str, Any]] = {
    "hangs": {"hang_after_accept": 1, "hang_s": 1.5},
    "reset": {"reset_after_accept": 1},
    "says 500": {"error_500_after_accept": 1},
}
IMPATIENT = {"read_timeout": timedelta(seconds=0.5)}


@pytest.mark.parametrize("lost", LOST)
async def test_f03_a_callback_adopts_the_call(lost: str, tmp_path: Path) -> None:
    """Six orders, six lost answers: each number was ordered once and rang once, each attempt has the call's outcome."""
    called = people_who(never_answers, 6)
    faults = Faults(**LOST[lost])
    async with an_installation(tmp_path, called, carrier=IMPATIENT, faults=faults) as floor:
        await floor.until(lambda: floor.are_over(6))
        attempts = await floor.attempts(6)
        assert {attempt.outcome for attempt in attempts} == {Outcome.NO_ANSWER}
        assert all(attempt.reference for attempt in attempts)
    assert floor.accepted == Counter(called)
    assert Counter(ring["to"] for ring in floor.rings) == Counter(called)


@pytest.mark.parametrize("lost", LOST)
async def test_f03_the_carriers_list_adopts_the_call(lost: str, tmp_path: Path) -> None:
    """The callbacks are lost too: asked about the silent number, the carrier's list tells of the call."""
    called = people_who(never_answers, 4)
    faults = Faults(drop_callbacks=1, **LOST[lost])
    async with an_installation(tmp_path, called, carrier=IMPATIENT, faults=faults) as floor:
        await floor.until(lambda: floor.are_over(4))
        assert {attempt.outcome for attempt in await floor.attempts(4)} == {Outcome.NO_ANSWER}
        assert len(await floor.ledger("unsure")) == 4
    assert floor.accepted == Counter(called)
