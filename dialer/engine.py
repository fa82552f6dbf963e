"""The engine: two entrances, each one short transaction and then its orders to the world."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

import structlog

from campaigns.campaign import Campaign
from dialer.attempt import Attempt
from dialer.breaker import Breaker
from dialer.errors import CarrierSilent, LeaseLost
from dialer.events import (
    AgentAway,
    AgentDisposed,
    AgentReady,
    AttemptEvent,
    CallEvent,
    CallNotPlaced,
    CallPlaced,
    CallRejected,
    CallThrottled,
    CallUnsure,
    CampaignPaused,
    CampaignStarted,
    CampaignStopped,
    ContactSuppressed,
    Event,
    MailEvent,
    MailNotSent,
    SwitchTurned,
)
from dialer.floor import finish, look, surveyed, write
from dialer.officer import officer_said
from dialer.orders import HangUp, Instruction, Order, PlaceCall, SendMail
from dialer.plan import Plan, plan
from dialer.ports import Carrier, Clock, Mailer, Store, Unit
from dialer.quarantine import set_aside
from dialer.questions import Rules
from dialer.reaction import Reaction, Scene, let_go, react
from dialer.recovery import give_up, postpone
from dialer.registries import NoRegistries, Registries
from dialer.shift import agent_disposed, agent_said, end_overdue_wrap_up, manager_said
from dialer.statements import OfficerSaid
from dialer.stopping import expiring, may_go_out, suppress, turn_switch

_log = structlog.get_logger()
_LEASE = timedelta(seconds=15)
_SILENT_AT_ONCE = 50
_BACK_OFF_S = 1.0
_TOO_OLD = "judged too long ago"
_UNWANTED = "no longer wanted"


class Engine:
    """Plans and reacts. Decides nothing itself: deciders do, between a look and a write."""

    def __init__(
        self,
        *,
        store: Store,
        carrier: Carrier,
        mailer: Mailer,
        clock: Clock,
        rules: Rules,
        name: str = "engine",
    ) -> None:
        """Take the ports and the rules; campaigns are named with `take_campaigns`."""
        self._store, self._carrier, self._mailer, self._clock = store, carrier, mailer, clock
        self._rules, self._name = rules, name
        self._registries: Registries = NoRegistries()
        self._campaigns: Mapping[str, Campaign] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._carrier_closed_until: datetime | None = None
        self._breaker = Breaker()
        self._in_hand: set[str] = set()
        self._cut: set[str] = set()
        self._failures: Counter[int] = Counter()
        self._is_stopping = False
        self.nudge: Callable[[], None] = lambda: None

    def take_campaigns(
        self, campaigns: Mapping[str, Campaign], retired: Mapping[str, Campaign] | None = None
    ) -> None:
        """Plan with these campaigns from the next transaction on; what is told of the `retired` is still heard."""
        self._campaigns, self._known = dict(campaigns), {**(retired or {}), **campaigns}

    def take_registries(self, registries: Registries) -> None:
        """Ask these copies from the next transaction on; until then every rule that needs a registry denies."""
        self._registries = registries

    async def tick(self) -> datetime | None:
        """Plan once, order what was planned, ask about the silent. Returns when the next look is due at the latest."""
        if self._is_stopping:
            return None
        now, judged = self._clock.now(), self._clock.monotonic()
        if about := self._breaker.question(now):
            self._spawn(self._try_carrier(about))
        planned, silent, kept, due = await self._store.transact(lambda unit: self._plan(unit, now))
        for cut in kept:
            if cut.attempt not in self._cut:
                self._cut.add(cut.attempt)
                self._spawn(self._carry_out(cut, judged))
        for found in planned.broken:
            self._failures[found.lead.id] += 1
            _log.error("lead_broken", campaign=found.lead.campaign, lead=found.lead.id, problem=found.problem)
        for opening in planned.openings:
            self._spawn(self._carry_out(opening.order, judged))
        for attempt in silent:
            if (
                attempt.id not in self._in_hand
            ):  # whose order is still being carried out is not silent but slow
                self._spawn(self._ask(attempt))
        return due

    def _plan(
        self, unit: Unit, now: datetime
    ) -> tuple[Plan, list[Attempt], tuple[HangUp, ...], datetime | None]:
        if not unit.take_lease(self._name, now, now + _LEASE):
            raise LeaseLost(f"another engine than {self._name} plans")
        agents = end_overdue_wrap_up(self._scene(unit, now))
        may_dial_from = self._carrier_closed_until
        carrier_open = (may_dial_from is None or now >= may_dial_from) and not self._breaker.is_open
        view = look(unit, self._campaigns, agents, now, self._rules.settings)
        view = surveyed(replace(view, carrier_open=carrier_open), self._registries)
        planned = plan(view, now, self._rules)
        write(unit, planned, now)
        for found in planned.broken:
            set_aside(unit, found, self._failures, now)
        silent = list(unit.silent(now, _SILENT_AT_ONCE))
        for attempt in silent:
            unit.save_attempt(postpone(attempt, self._rules.settings, now), attempt.state)
            let_go(unit, attempt, now)
        finish(unit, view, now)
        return planned, silent, expiring(self._scene(unit, now)), unit.next_due(now)

    async def receive(self, event: Event) -> Instruction | None:
        """Store the event durably, act on it, and say what an answered line is to do now.

        Raises StaleState when an agent or manager asks for what the present state does not allow.
        """
        now = self._clock.now()
        reaction = await self._store.transact(lambda unit: self._react(self._scene(unit, now), event))
        if isinstance(event, CallThrottled):
            self._close_carrier(now, event)
        if reaction.is_orphan:
            _log.error("orphan_event", event_kind=type(event).__name__, key=event.key)
        for order in reaction.orders:
            self._spawn(self._carry_out(order, self._clock.monotonic()))
        if reaction.may_plan:
            self.nudge()
        return reaction.instruction

    def _close_carrier(self, now: datetime, event: CallThrottled) -> None:
        """Order no call for as long as the carrier asks, a day at most; a shorter word does not undo a longer one."""
        until = now + min(timedelta(seconds=event.retry_after_s or _BACK_OFF_S), timedelta(days=1))
        self._carrier_closed_until = max(until, self._carrier_closed_until or until)

    def _scene(self, unit: Unit, now: datetime) -> Scene:
        return Scene(unit=unit, campaigns=self._known, rules=self._rules, now=now)

    def _react(self, scene: Scene, event: Event) -> Reaction:
        match event:
            case AgentReady() | AgentAway():
                return agent_said(scene, event)
            case AgentDisposed():
                return agent_disposed(scene, event)
            case CampaignStarted() | CampaignPaused() | CampaignStopped():
                return manager_said(scene, event)
            case ContactSuppressed():
                return suppress(scene, event)
            case SwitchTurned():
                return turn_switch(scene, event)
            case OfficerSaid():
                return officer_said(scene, event)
            case AttemptEvent():
                return react(scene, event)
            case _:
                raise TypeError(f"nobody acts on {type(event).__name__}")

    async def _carry_out(self, order: Order, judged: float) -> None:
        """Give one order to the world, once, and receive what came of it."""
        if isinstance(order, HangUp):
            await self._carrier.hang_up(order)
            return
        self._in_hand.add(order.attempt)
        try:
            match order:
                case PlaceCall():
                    await self.receive(await self._place(order, judged))
                case SendMail():
                    await self.receive(await self._send(order, judged))
                case _:
                    assert_never(order)
        finally:
            self._in_hand.discard(order.attempt)

    async def _place(self, order: PlaceCall, judged: float) -> CallEvent:
        if self._is_stale(judged):
            return CallNotPlaced(
                key=f"{order.attempt}:dropped",
                at=self._clock.now(),
                attempt=order.attempt,
                detail=_TOO_OLD,
            )
        if not await self._is_wanted(order.attempt):
            return CallNotPlaced(
                key=f"{order.attempt}:dropped", at=self._clock.now(), attempt=order.attempt, detail=_UNWANTED
            )
        return await self._heeded(await self._carrier.place(order))

    async def _heeded(self, answer: CallEvent) -> CallEvent:
        """Count an order that was left in doubt, and forget the doubts when one was not."""
        if isinstance(answer, CallUnsure):
            attempt = await self._store.transact(lambda unit: unit.attempt(answer.attempt))
            self._breaker.doubted(attempt, self._clock.now())
            if self._breaker.is_open:
                _log.error("carrier_left_alone", reason=answer.detail)
        elif isinstance(answer, CallPlaced | CallRejected):
            self._breaker.answered()
        return answer

    async def _try_carrier(self, about: Attempt) -> None:
        """Ask the carrier something, to learn whether it hears us; what it answers is not looked at."""
        await self._carrier.ask(about)
        self._breaker.heard()
        _log.info("carrier_hears_us")

    async def _send(self, order: SendMail, judged: float) -> MailEvent:
        if self._is_stale(judged):
            return MailNotSent(
                key=f"{order.attempt}:dropped",
                at=self._clock.now(),
                attempt=order.attempt,
                detail=_TOO_OLD,
            )
        return await self._mailer.send(order, lambda: self._is_wanted(order.attempt))

    async def _is_wanted(self, attempt: str) -> bool:
        """Tell whether an attempt may still go out: it was permitted, but a refusal or a stop may have come since."""
        now = self._clock.now()
        return await self._store.transact(lambda unit: may_go_out(self._scene(unit, now), attempt))

    def _is_stale(self, judged: float) -> bool:
        """Tell whether too much real time has passed since the judgement: a pause proves nothing still holds."""
        age = timedelta(seconds=self._clock.monotonic() - judged)
        return self._is_stopping or age > self._rules.settings.intent_age

    async def _ask(self, attempt: Attempt) -> None:
        """Ask the carrier about a silent attempt, and receive what it knows or what absence proves."""
        events = await self._carrier.ask(attempt) if attempt.channel.value == "voice" else ()
        for event in events:
            await self.receive(event)
        end = give_up(attempt, self._rules.settings, self._clock.now())
        # Events of another call, known before, move nothing: then it is as if there were none.
        if end and not await self._has_moved(attempt):
            await self.receive(end)

    async def _has_moved(self, attempt: Attempt) -> bool:
        after = await self._store.transact(lambda unit: unit.attempt(attempt.id))
        return after is None or after.state is not attempt.state

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Keep one order's failure from the others; what is lost here, recovery asks about."""
        try:
            await work
        except CarrierSilent as silence:
            _log.warning("carrier_silent", reason=str(silence))
        except Exception:
            _log.exception("order_failed")

    async def settle(self) -> None:
        """Wait until every order given so far has been carried out."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Open nothing more, and wait for the orders under way."""
        self._is_stopping = True
        await self.settle()
