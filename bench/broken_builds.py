"""Three ways to build a dialer that calls people twice. Each is planted in our own engine, and the bench must see it.

They are what was measured on a prototype (docs/reliability.md): 1,379 of 4,521 numbers doubled in 200 kills by the
first, 434 of 1,174 by the second, 1 of 5,124 by the third.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dialer import engine
from dialer.attempt import Attempt, AttemptState
from dialer.engine import Engine
from dialer.orders import PlaceCall
from dialer.recovery import give_up
from dialer.settings import Settings
from dialer.steps import Plan
from dialer.writing import write

_ask = Engine._ask  # noqa: SLF001 (it is planted in, not used)
_write = engine.write


def record_after_post() -> None:
    """Dial first, and write down afterwards that it was done."""

    async def tick(self: Any) -> datetime | None:
        now = self._clock.now()
        seen = await self._store.transact(lambda unit: self._look(unit, now))
        for opening in seen.planned.openings:
            answer = await self._carrier.place(opening.order)
            await self._store.transact(lambda unit, one=opening: _write(unit, Plan(openings=(one,)), now))
            await self.receive(answer)
        for attempt in seen.silent:
            self._spawn(self._ask(attempt))
        due: datetime | None = seen.due
        return due

    engine.write = lambda unit, plan, now: write(unit, Plan(refusals=plan.refusals), now)  # type: ignore[assignment]
    Engine.tick = tick  # type: ignore[method-assign]


def retry_on_restart() -> None:
    """Write the intent first; whatever was begun and not finished is done again."""

    async def ask(self: Any, attempt: Attempt) -> None:
        if attempt.state not in {AttemptState.OPENED, AttemptState.UNSURE}:
            await _ask(self, attempt)
            return
        order = PlaceCall(
            attempt=attempt.id,
            nonce=attempt.nonce,
            to=attempt.address,
            caller_id=attempt.caller_id or "",
            ring_limit_s=25,
            call_limit_s=1200,
        )
        await self.receive(await self._carrier.place(order))

    Engine._ask = ask  # type: ignore[method-assign]  # noqa: SLF001


def redial_on_empty_lookup() -> None:
    """Ask the carrier; when it knows of no such call now, take that for proof that there will be none."""

    def at_once(attempt: Attempt, settings: Settings, now: datetime) -> Any:
        carrier = settings.carrier.model_copy(update={"accept_limit": attempt.opened_at - attempt.opened_at})
        long_ago = settings.model_copy(update={"carrier": carrier})
        return give_up(attempt, long_ago, now.replace(year=now.year + 1))

    engine.give_up = at_once  # type: ignore[assignment]


BUILDS: Mapping[str, Callable[[], None]] = {
    "record-after-post": record_after_post,
    "retry-on-restart": retry_on_restart,
    "redial-on-empty-lookup": redial_on_empty_lookup,
}
"""By the name that `python -m bench.kill --broken NAME` takes."""
