"""Agents' own lines, seen to beside the engine: telephones are rung, silent calls and lines in rooms asked about."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

import structlog

from dialer.errors import CarrierSilent, DialerError, StaleState
from dialer.events import AgentLeft
from dialer.leg_events import LegNotPlaced
from dialer.leg_plan import Rings, has_work, look, may_ring, others_of
from dialer.legs import Leg, call_of, left_key
from dialer.orders import RingAgent
from dialer.ports import Carrier, Clock, Receiver, Store
from dialer.questions import Rules
from dialer.switchboard import Switchboard

_log = structlog.get_logger(__name__)

LOOKED_EVERY_S: Final = 30.0
"""How often, in real seconds, the carrier is asked whether the lines in the rooms are still there."""


class Ringing:
    """Rings agents who are ready and have no line in their room, each once, as the settings name their telephones."""

    def __init__(
        self,
        store: Store,
        receiver: Receiver,
        *,
        switchboard: Switchboard,
        carrier: Carrier,
        clock: Clock,
        rules: Rules,
    ) -> None:
        """Take where everything is kept, who hears of events, who rings and ends calls, and the settings."""
        self._store, self._receiver, self._clock = store, receiver, clock
        self._switchboard, self._carrier, self._rules = switchboard, carrier, rules
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._look_at, self._is_stopping = float("-inf"), False

    async def tick(self) -> None:
        """Look once: order what is to be ordered, ask what is to be asked. One agent's failure is not the others'."""
        if self._is_stopping:
            return
        now, judged = self._clock.now(), self._clock.monotonic()
        seen = Rings()
        if await self._store.glance(lambda unit: has_work(unit, self._rules)):
            try:
                seen = await self._store.transact(lambda unit: look(unit, self._rules, now))
            except StaleState as faster:
                _log.info("ringing_overtaken", reason=str(faster))
        for order in seen.orders:
            self._spawn(self._ring(order, judged))
        for leg in seen.silent:
            if leg.id not in self._in_hand:  # else it is not silent: its order is still being carried out
                self._spawn(self._ask(leg))
        for end in seen.ended:
            self._spawn(self._carrier.hang_up(end))
        if judged >= self._look_at:
            self._look_at = judged + LOOKED_EVERY_S
            await self.look_at_lines()

    async def look_at_lines(self) -> None:
        """Ask about every line in a room: word that it is gone may have been lost, and nobody must meet silence."""
        for agent in await self._store.glance(lambda unit: unit.agents()):
            if agent.leg:
                self._spawn(self._look_for(agent.id, agent.leg))

    def stop(self) -> None:
        """Ring nobody more; lines that are in their rooms stay there."""
        self._is_stopping = True

    async def settle(self) -> None:
        """Wait until every order and question so far is done with."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _ring(self, order: RingAgent, judged: float) -> None:
        """Call an agent once, and tell what came of it."""
        self._in_hand.add(order.leg)
        try:
            age = timedelta(seconds=self._clock.monotonic() - judged)
            is_wanted = age <= self._rules.settings.intent_age and await self._store.glance(
                lambda unit: may_ring(unit, order.leg)
            )
            if is_wanted:
                await self._receiver.receive(await self._switchboard.ring(order))
            else:
                await self._drop(order.leg, order.agent, "dropped", "no longer wanted")
        finally:
            self._in_hand.discard(order.leg)

    async def _ask(self, leg: Leg) -> None:
        """Ask about a silent call to an agent; one that the carrier surely does not know may be made again.

        It was asked about no sooner than `silence` after the order. Should the carrier make it after all, whoever
        picks up is hung up on: the agent's own telephone may ring twice, and no two lines come into the room.
        """
        others = await self._store.transact(lambda unit: others_of(unit, leg))
        events = await self._switchboard.ask(leg, known=others)
        for event in events:
            await self._receiver.receive(event)
        if not events:
            await self._drop(leg.id, leg.agent, "silent", "no trace at the carrier")

    async def _drop(self, leg: str, agent: str, word: str, why: str) -> None:
        at = self._clock.now()
        await self._receiver.receive(
            LegNotPlaced(key=f"{leg}:{word}", at=at, agent=agent, leg=leg, detail=why)
        )

    async def _look_for(self, agent: str, leg: str) -> None:
        if await self._switchboard.has_ended(call_of(leg)):
            _log.warning("line_gone_unheard", agent=agent)
            at = self._clock.now()
            await self._receiver.receive(AgentLeft(key=left_key(leg), at=at, agent=agent, reference=leg))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except CarrierSilent as silence:
            _log.warning("carrier_silent", reason=str(silence))
        except (DialerError, OSError) as failure:
            _log.error("ringing_failed", reason=str(failure))
