"""The engine: two entrances, each one short transaction and then its orders to the world."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

import structlog

from campaigns.campaign import Campaign
from compliance.terms import Channel
from dialer.afterwards import overdue
from dialer.attempt import Attempt
from dialer.cadence import cadence, crew_of, first_sight, opened
from dialer.crashpoints import Point
from dialer.errors import CarrierSilent
from dialer.events import CallEvent, CallNotPlaced, Event
from dialer.floor import Glance, Staff, exhausted, finish, look, retire, save_money, surveyed, taken
from dialer.learner import Learner
from dialer.line_orders import LineOrder
from dialer.mail_events import MailEvent, MailNotSent
from dialer.orders import HangUp, Instruction, LeaveMessage, Order, PlaceCall, SendMail
from dialer.pacing import at_once
from dialer.plan import plan
from dialer.ports import Carrier, Clock, Mailer, Store, Unit
from dialer.previewing import end_previews
from dialer.quarantine import Broken, set_aside
from dialer.questions import Rules
from dialer.queue import with_odds
from dialer.reception import ALONE, answer
from dialer.recovery import give_up, taken_by_others
from dialer.registries import NoRegistries, Registries
from dialer.relief import relieve
from dialer.scene import Reaction, Scene
from dialer.shift import end_overdue_wrap_up
from dialer.sight import Sight
from dialer.silence import postponed
from dialer.starts import starts_of
from dialer.stopping import expiring, may_go_out
from dialer.witness import Witness
from dialer.writing import write

_log = structlog.get_logger()
_ASKED_AGAIN = timedelta(seconds=3)
"""How soon a rehearsal asks pacing again where calls are predicted, though nothing has come due."""
_TOO_OLD, _UNWANTED = "judged too long ago", "no longer wanted"


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
        self._rules, self.name = rules, name
        self._registries: Registries = NoRegistries()
        self._witness, self.learner, self._is_stopping = Witness(), Learner(), False
        self._campaigns: Mapping[str, Campaign] = {}
        self._versions: Mapping[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._sights: dict[str, Sight] = {}
        self._failures: Counter[int] = Counter()
        self.nudge: Callable[[], None] = lambda: None
        self.passing: Callable[[Point], None] = lambda _: None
        self.unfit: Callable[[], str | None] = lambda: None

    def take_campaigns(
        self,
        campaigns: Mapping[str, Campaign],
        retired: Mapping[str, Campaign] | None = None,
        *,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        """Plan with these campaigns, of these `versions`, from now on; what is told of the `retired` is still heard."""
        self._campaigns, self._known = dict(campaigns), {**(retired or {}), **campaigns}
        self._versions = dict(versions or {})

    def take_registries(self, registries: Registries) -> None:
        """Ask these copies from the next transaction on; until then every rule that needs a registry denies."""
        self._registries = registries

    async def tick(self) -> datetime | None:
        """Plan once, order what was planned, ask about the silent. Returns when the next look is due at the latest."""
        if self._is_stopping:
            return None
        now, judged = self._clock.now(), self._clock.monotonic()
        seen = await self._store.transact(lambda unit: self._look(unit, now))
        self._witness.remember(seen.head, now)
        self._sights, self.learner.seen = dict(seen.cadence.sights), seen.seen
        self.passing(Point.PLANNED)
        if seen.planned.openings:
            await self._witnessed(now)
        self._tell_broken(seen.planned.broken)
        for order in (*seen.expiring, *(opening.order for opening in seen.planned.openings)):
            self._spawn(self._carry_out(order, judged))
        if seen.planned.calls >= at_once(self._rules.settings.carrier.calls_per_second):
            self.nudge()
        for attempt in seen.silent:
            if attempt.id not in self._in_hand:  # else it is not silent: its order is still being carried out
                self._spawn(self._ask(attempt))
        if seen.exhausted:
            await self._store.transact(lambda unit: finish(unit, seen.exhausted, now), alone=True)
        for name in seen.cadence.strangers:
            await self._acquaint(self._campaigns[name], now)
        await self.learner.learn(self._store, self._clock.now())
        return seen.due

    def _tell_broken(self, broken: Iterable[Broken]) -> None:
        for found in broken:
            self._failures[found.lead.id] += 1
            _log.error("lead_broken", campaign=found.lead.campaign, lead=found.lead.id, problem=found.problem)

    async def _acquaint(self, campaign: Campaign, now: datetime) -> None:
        """Read what the record tells of a predictive campaign that is ours from now on."""
        self._sights[campaign.id] = await self._store.read(
            lambda reports: first_sight(reports, campaign, now, self._rules)
        )

    async def _witnessed(self, now: datetime) -> None:
        """Remember the ledger with the new permits in it, before any order that they permit goes out."""
        self._witness.remember(await self._store.transact(lambda unit: self._witness.look(unit, now)), now)

    def _look(self, unit: Unit, now: datetime) -> Glance:
        """Plan the campaigns that are ours and write the plan; a process that is unfit opens nothing."""
        head = self._witness.look(unit, now)
        campaigns = {} if self.unfit() else taken(unit, self.name, self._campaigns)
        # The turn may have been waited for: starts are counted, and hours judged, as of now.
        now = self._clock.now()
        scene = self._scene(unit, now)
        agents, previews = end_previews(scene, end_overdue_wrap_up(scene))
        relief = relieve(scene, agents)
        crew = replace(crew_of(unit, self._known, relief, now), coming=self.learner.seen.coming)
        starts = starts_of(unit, campaigns, self._rules.settings.carrier.calls_per_second, now)
        beat = cadence(unit, campaigns, crew, self._sights, starts=starts, rules=self._rules)
        known = self.learner.seen
        staff = Staff(agents=relief.agents, starts=starts, paces=beat.paces, previews=previews, seen=known)
        seen = look(unit, campaigns, staff, now, self._rules.settings, versions=self._versions)
        view = surveyed(seen, self._registries)
        planned = with_odds(plan(view, now, self._rules), view.given)
        write(unit, planned, now)
        for found in planned.broken:
            set_aside(unit, found, self._failures, now)
        silent = postponed(unit, self._rules.settings, now)
        save_money(unit, view, now)
        self.passing(Point.PLANNING)
        return Glance(
            planned=planned,
            silent=silent,
            expiring=(*expiring(scene), *overdue(scene)),
            exhausted=exhausted(unit, view),
            due=relief.before(now + _ASKED_AGAIN if view.is_predicting else unit.next_due(now)),
            head=head,
            cadence=replace(beat, sights=opened(beat.sights, (one.attempt for one in planned.openings))),
            seen=self.learner.seen.after(planned, view),
        )

    async def receive(self, event: Event) -> Instruction | None:
        """Store the event durably, act on it, and say what an answered line is to do now.

        Raises StaleState when an agent or manager asks for what the present state does not allow.
        """
        now = self._clock.now()
        self.passing(Point.RECEIVING)
        reaction = await self._store.transact(
            lambda unit: self._react(self._scene(unit, now), event), alone=isinstance(event, ALONE)
        )
        self.passing(Point.RECEIVED)
        if reaction.is_orphan:
            _log.error("orphan_event", event_kind=type(event).__name__, key=event.key)
        for order in reaction.orders:
            self._spawn(self._carry_out(order, self._clock.monotonic()))
        if reaction.may_plan:
            self.nudge()
        return reaction.instruction

    def _scene(self, unit: Unit, now: datetime) -> Scene:
        return Scene(
            unit=unit, campaigns=self._known, rules=self._rules, now=now, known=self.learner.seen.foresight
        )

    def _react(self, scene: Scene, event: Event) -> Reaction:
        reaction = answer(scene, event)
        self.passing(Point.REACTING)
        return reaction

    async def _carry_out(self, order: Order, judged: float) -> None:
        """Give one order to the world, once, and receive what came of it."""
        if isinstance(order, HangUp):
            await self._carrier.hang_up(order)
            return
        if isinstance(order, LeaveMessage):
            await self._carrier.leave(order)
            return
        if isinstance(order, LineOrder):
            if answer := await self._carrier.direct(order):
                await self.receive(answer)
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
        if why := await self._obstacle(order.attempt, judged):
            return CallNotPlaced(
                key=f"{order.attempt}:dropped", at=self._clock.now(), attempt=order.attempt, detail=why
            )
        self.passing(Point.ORDERING)
        answer = await self._carrier.place(order)
        self.passing(Point.ORDERED)
        return answer

    async def _obstacle(self, attempt: str, judged: float) -> str | None:
        """Return why a call must not be ordered; its age is taken last, since whoever looks may be kept waiting."""
        is_wanted = not self._is_stale(judged) and await self._is_wanted(attempt)
        if self._is_stale(judged):
            return _TOO_OLD
        return None if is_wanted else _UNWANTED

    async def _send(self, order: SendMail, judged: float) -> MailEvent:
        if self._is_stale(judged):
            at, key = self._clock.now(), f"{order.attempt}:dropped"
            return MailNotSent(key=key, at=at, attempt=order.attempt, detail=_TOO_OLD)
        return await self._mailer.send(order, lambda: self._is_wanted(order.attempt))

    async def _is_wanted(self, attempt: str) -> bool:
        """Tell whether an attempt may still go out: it was permitted, but a refusal or a stop may have come since."""
        if self._witness.is_lost:
            return False
        now = self._clock.now()
        return await self._store.glance(lambda unit: may_go_out(self._scene(unit, now), attempt))

    def _is_stale(self, judged: float) -> bool:
        """Tell whether too much real time has passed since the judgement: a pause proves nothing still holds."""
        age = timedelta(seconds=self._clock.monotonic() - judged)
        return self._is_stopping or age > self._rules.settings.intent_age

    async def _ask(self, attempt: Attempt) -> None:
        """Ask the carrier about a silent attempt, and receive what it knows or what absence proves."""
        self.passing(Point.ASKING)
        others = await self._store.transact(lambda unit: taken_by_others(unit, attempt))
        events = await self._carrier.ask(attempt, known=others) if attempt.channel is Channel.VOICE else ()
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
        """Open nothing more, let other engines take over at once, and wait for the orders under way."""
        self._is_stopping = True
        await self.settle()
        await self._store.transact(lambda unit: retire(unit, self.name))
