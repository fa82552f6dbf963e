"""F17: 401 or 403 stops every order on that account at once, and nobody storms it."""

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from adapters.environment import keys_of
from adapters.twilio.breaker import pause_after
from adapters.wiring.house import key_source
from campaigns.outcome import Outcome
from dialer.events import CallEnded, CallEnding
from dialer.settings import Settings
from tests.adapters.twilio.builders import CALLS, a_refusal
from tests.adapters.twilio.builders import settings as account
from tests.faults.doors import Floor, a_floor, a_list, takes

AGENTS = 3
CLOSED = [(401, 20003), (403, 20005), (403, 20403), (401, None)]


@asynccontextmanager
async def revoked(status: int, code: int | None) -> AsyncIterator[Floor]:
    """Open a floor in the middle of a run: as many were called as there are agents, who are free again now.

    From here on every order is refused with this status.
    """
    async with a_floor(40, agents=AGENTS) as floor:
        floor.router.post(CALLS).mock(side_effect=takes)
        floor.router.get(CALLS).mock(return_value=a_list())
        await floor.look()
        await floor.look(seconds=1)
        assert len(floor.ordered) == AGENTS
        for attempt in await floor.office.write(lambda unit: unit.live_attempts()):
            over = {"reference": attempt.reference, "ending": CallEnding.BUSY}
            await floor.office.hears(CallEnded, attempt.id, **over)
        floor.router.post(CALLS).mock(return_value=refused(status, code))
        yield floor


def refused(status: int, code: int | None) -> httpx.Response:
    """Answer as an account does that is closed to us."""
    return httpx.Response(status, json=a_refusal(code, status) if code else {"detail": "no"})


@pytest.mark.parametrize(("status", "code"), CLOSED)
async def test_f17_after_the_first_no_there_are_no_more_orders(status: int, code: int | None) -> None:
    """The key is revoked: the carrier sees at most the orders in flight, for a day of looks, and few questions."""
    async with revoked(status, code) as floor:
        floor.router.get(CALLS).mock(return_value=refused(status, code))
        asked = floor.asked
        for _ in range(24 * 6):
            await floor.look(minutes=10)
        assert 1 <= len(floor.ordered) - AGENTS <= AGENTS
        assert 1 <= floor.asked - asked <= 24 * 6


@pytest.mark.parametrize(("status", "code"), CLOSED)
async def test_f17_a_list_that_can_be_read_lets_out_one_order_in_a_pause(
    status: int, code: int | None
) -> None:
    """Questions are answered and orders are not: after each pause one order goes out on trial, and pauses grow."""
    async with revoked(status, code) as floor:
        seen: list[datetime] = []
        for _ in range(2 * 60 * 2):
            before = len(floor.ordered)
            await floor.look(seconds=30)
            seen += [floor.office.clock.now()] * (len(floor.ordered) - before)
        first = seen.count(seen[0])
        assert first <= AGENTS
        trials = seen[first - 1 :]
        assert len(trials) >= 8
        for tried, (last, this) in enumerate(pairwise(trials)):
            assert this - last >= pause_after(tried)


async def test_f17_a_key_replaced_in_its_file_opens_the_account_again(tmp_path: Path) -> None:
    """The old key is revoked in the middle of a run: no restart, and no order before a look finds the new one good."""
    files = {"TWILIO_API_KEY": "SKold", "TWILIO_API_SECRET": "x", "TWILIO_AUTH_TOKEN": "t"}
    environment = {f"{name}_FILE": str(tmp_path / name) for name in files}
    for name, value in files.items():
        (tmp_path / name).write_text(value)
    ring = partial(keys_of, Settings(carrier=account()), environment)
    valid = ["SKold"]

    def as_twilio(request: httpx.Request) -> httpx.Response:
        _, _, given = request.headers["Authorization"].partition(" ")
        if b64decode(given).split(b":")[0].decode() not in valid:
            return refused(401, 20003)
        return takes(request) if request.method == "POST" else a_list()

    async with a_floor(9, agents=AGENTS, keys=key_source(ring)) as floor:
        floor.router.route(path=CALLS).mock(side_effect=as_twilio)
        valid[:] = ["SKnew"]
        for _ in range(10):
            await floor.look(minutes=10)
        assert await floor.office.write(lambda unit: unit.live_attempts()) == []
        before = len(floor.ordered)
        (tmp_path / "TWILIO_API_KEY").write_text("SKnew\n")
        await floor.look(minutes=11)
        await floor.look(seconds=2)
        await floor.look(minutes=15)
        assert len(await floor.office.write(lambda unit: unit.live_attempts())) == AGENTS
        assert len(floor.ordered) - before == AGENTS


async def test_f17_nobody_is_used_up_meanwhile() -> None:
    """Orders that never went out take no tries: when the account is open again, everybody is still on the list."""
    async with a_floor(3, agents=3) as floor:
        floor.router.post(CALLS).mock(return_value=httpx.Response(401, json=a_refusal(20003, 401)))
        floor.router.get(CALLS).mock(return_value=a_list())
        for _ in range(12):
            await floor.look(minutes=10)
        leads = [await floor.office.lead(place) for place in (1, 2, 3)]
        assert {lead.step_tries for lead in leads} == {0}
        assert {
            (await floor.office.attempt(f"winback-dormant-{place}-1")).outcome for place in (1, 2, 3)
        } == {Outcome.NOT_PLACED}
