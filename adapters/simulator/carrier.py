"""The population behind the Carrier port, in process and in virtual time: what a rehearsal dials."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TypedDict, assert_never

from adapters.clock import VirtualClock
from adapters.simulator.agents import SimulatedAgents, Talk
from adapters.simulator.calendar import Calendar
from adapters.simulator.people import PICKED_UP, Kind, Population, Reaction
from dialer.attempt import Attempt
from dialer.events import (
    AnsweredBy,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallEvent,
    CallOptedOut,
    CallPlaced,
    CallRinging,
    CallScreened,
    CallWaited,
)
from dialer.line_events import CallMoved, GuestArrived, LineAnswered, Said
from dialer.line_orders import (
    CallListener,
    EarWork,
    EndListener,
    LineWork,
    MovePerson,
    SendAgent,
    TuneListener,
    answered,
    heard,
)
from dialer.listen_events import ListenAnswered
from dialer.orders import (
    ConfirmOptOut,
    EnterRoom,
    HangUp,
    Instruction,
    Invite,
    JoinRoom,
    LeaveMessage,
    PlaceCall,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
    Wait,
)
from dialer.ports import Receiver

_TEARDOWN_S = 0.2
_LETTERS_A_SECOND = 7.0  # how fast a notice is read out, Japanese letters
_UNREACHABLE = {
    Kind.BUSY: CallEnding.BUSY,
    Kind.FAILED: CallEnding.FAILED,
    Kind.GONE: CallEnding.FAILED,
}


@dataclass(slots=True, kw_only=True)
class _Line:
    """One call under way, and what has been told of it."""

    order: PlaceCall
    reference: str
    reaction: Reaction
    nth: int
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    room: str | None = None
    is_over: bool = False
    told: list[CallEvent] = field(default_factory=list)


class _Names(TypedDict):
    """What every event of a call carries."""

    key: str
    at: datetime
    attempt: str
    reference: str


_Scene = Callable[[_Line, Receiver], Awaitable[None]]


class SimulatedCarrier:
    """Implements `dialer.ports.Carrier`. What it has to tell arrives through the calendar, never from within a call."""

    def __init__(
        self, clock: VirtualClock, population: Population, calendar: Calendar, *, agents: SimulatedAgents
    ) -> None:
        """Take the people, the calendar to write into, and the agents whose rooms people join."""
        self._clock, self._population, self._calendar, self._agents = clock, population, calendar, agents
        self._lines: dict[str, _Line] = {}
        self._dialled: Counter[str] = Counter()

    async def place(self, order: PlaceCall) -> CallEvent:
        """Accept the call at once; ringing, answer and end follow in virtual time."""
        self._dialled[order.to] += 1
        nth, now = self._dialled[order.to], self._clock.now()
        reaction = self._population.reaction(order.to, self._population.local(now), nth)
        reference = f"sim-{len(self._lines) + 1:06d}"
        line = _Line(order=order, reference=reference, reaction=reaction, nth=nth)
        self._lines[order.attempt] = line
        self._later(line, reaction.setup_s, self._set_up)
        placed = CallPlaced(key=f"{reference}:placed", at=now, attempt=order.attempt, reference=reference)
        line.told.append(placed)
        return placed

    async def hang_up(self, order: HangUp) -> None:
        """End the call; that it ended is told a moment later."""
        line = self._lines.get(order.attempt)
        if line is not None and not line.is_over:
            self._later(line, _TEARDOWN_S, self._cut)

    async def leave(self, order: LeaveMessage) -> None:
        """Let the machine take the message; the call ends when it is said."""
        line = self._lines.get(order.attempt)
        if line is not None and not line.is_over:
            line.room = None  # out of the agent's room, who is free and has nothing to say of it
            self._later(line, len(order.message.text) / _LETTERS_A_SECOND, self._finish)

    async def direct(self, order: LineWork | EarWork) -> LineAnswered | ListenAnswered | None:
        """Carry the order out at once; a person who is moved is in the other room after a bridge's time.

        No supervisor has a line in a rehearsal.
        """
        if isinstance(order, EndListener):
            return None
        if isinstance(order, CallListener | TuneListener):
            return heard(order, Said.GONE, self._clock.now(), detail="a rehearsal")
        line = self._lines.get(order.attempt)
        is_gone = line is None or line.is_over
        if line is not None and isinstance(order, MovePerson) and not is_gone:
            line.room = order.room
            self._later(line, self._population.bridge_s(line.order.to, line.nth), partial(self._move, order))
        if isinstance(order, SendAgent) and not is_gone:
            self._calendar.add(self._clock.now(), partial(self._arrive, order))
        return answered(order, Said.GONE if is_gone else Said.DONE, self._clock.now())

    async def _move(self, order: MovePerson, line: _Line, receiver: Receiver) -> None:
        """Tell that the person is in the other room."""
        names = self._names(line, f"moved:{order.move}")
        await receiver.receive(CallMoved(**names, move=order.move))

    async def _arrive(self, order: SendAgent, receiver: Receiver) -> None:
        """Tell that an agent is in a colleague's room, or home again."""
        key, now = f"{order.id}:arrived", self._clock.now()
        event = GuestArrived(key=key, at=now, agent=order.agent, trip=order.trip, is_home=order.is_home)
        await receiver.receive(event)

    async def ask(self, attempt: Attempt, *, known: Collection[str] = ()) -> Sequence[CallEvent]:
        """Return all that was told of the attempt but the answer, with the keys it was told under.

        A call that is `known` to be another attempt's is not told of.
        """
        line = self._lines.get(attempt.id)
        if line is None or line.reference in known:
            return ()
        return tuple(event for event in line.told if not isinstance(event, CallAnswered))

    async def price(self, reference: str) -> tuple[Decimal, str] | None:  # noqa: ARG002
        """Know of no price: what is rehearsed costs nothing, and its budget counts estimates."""
        return None

    def _later(self, line: _Line, seconds: float, scene: _Scene) -> None:
        """Write down what happens to the line in so many seconds, unless it is over by then."""
        at = self._clock.now() + timedelta(seconds=seconds)
        self._calendar.add(at, partial(self._play, line, scene))

    async def _play(self, line: _Line, scene: _Scene, receiver: Receiver) -> None:
        """Let a scene happen to a line that is still alive."""
        if not line.is_over:
            await scene(line, receiver)

    async def _tell(self, line: _Line, event: CallEvent, receiver: Receiver) -> Instruction | None:
        """Tell one event and keep it for whoever asks later."""
        line.told.append(event)
        return await receiver.receive(event)

    def _names(self, line: _Line, what: str) -> _Names:
        """Return what every event of the line carries."""
        return _Names(
            key=f"{line.reference}:{what}",
            at=self._clock.now(),
            attempt=line.order.attempt,
            reference=line.reference,
        )

    async def _set_up(self, line: _Line, receiver: Receiver) -> None:
        """Ring, or end at once where nothing can ring."""
        unreachable = _UNREACHABLE.get(line.reaction.kind)
        if unreachable is not None:
            await self._end(line, unreachable, receiver)
            return
        await self._tell(line, CallRinging(**self._names(line, "ringing")), receiver)
        if line.reaction.kind in PICKED_UP and line.reaction.ring_s < line.order.ring_limit_s:
            self._later(line, line.reaction.ring_s, self._pick_up)
        else:
            self._later(line, line.order.ring_limit_s, self._give_up)

    async def _give_up(self, line: _Line, receiver: Receiver) -> None:
        """Stop ringing."""
        await self._end(line, CallEnding.NO_ANSWER, receiver)

    async def _pick_up(self, line: _Line, receiver: Receiver) -> None:
        """Answer, and do what the line is told to do."""
        line.answered_at = self._clock.now()
        self._later(line, line.order.call_limit_s, self._finish)
        if line.order.detect_machine:
            seconds = self._population.detection_s(line.reaction, line.order.to, line.nth)
            self._later(line, seconds, self._screen)
        instruction = await self._tell(line, CallAnswered(**self._names(line, "answered")), receiver)
        self._follow(line, instruction)

    async def _ask_again(self, line: _Line, receiver: Receiver) -> None:
        """Ask once more what to do, as whoever was told to wait."""
        event = CallWaited(**self._names(line, f"waited:{self._clock.now().isoformat()}"))
        self._follow(line, await receiver.receive(event))

    def _follow(self, line: _Line, instruction: Instruction | None) -> None:
        """Do what the line is told to do."""
        match instruction:
            case Wait(seconds=seconds):
                self._later(line, seconds, self._ask_again)
            case JoinRoom():
                line.room = instruction.room
                seconds = self._population.bridge_s(line.order.to, line.nth)
                self._later(line, seconds, self._connect)
            case PlayNotice() | PlayMessage():
                self._hear(line, instruction)
            case PromiseCallback() | ConfirmOptOut() | Release() | Invite() | EnterRoom() | None:
                self._later(line, _TEARDOWN_S, self._finish)
            case _:
                assert_never(instruction)

    def _hear(self, line: _Line, notice: PlayNotice | PlayMessage) -> None:
        """Listen to a notice to its end, perhaps pressing 9 on the way."""
        seconds = max(len(notice.text) / _LETTERS_A_SECOND, 4.0)
        if line.reaction.presses_9:
            self._later(line, seconds * 0.8, self._opt_out)
        self._later(line, seconds, self._finish)

    async def _opt_out(self, line: _Line, receiver: Receiver) -> None:
        """Press 9."""
        await self._tell(line, CallOptedOut(**self._names(line, "opted_out")), receiver)

    async def _screen(self, line: _Line, receiver: Receiver) -> None:
        """Tell who picked up."""
        is_machine = line.reaction.kind is Kind.MACHINE
        answered_by = AnsweredBy.MACHINE if is_machine else AnsweredBy.HUMAN
        event = CallScreened(
            **self._names(line, "screened"),
            answered_by=answered_by,
            greeting_over=is_machine and line.order.hearing.to_the_end,
        )
        await self._tell(line, event, receiver)

    async def _connect(self, line: _Line, receiver: Receiver) -> None:
        """Enter the agent's room and talk; a machine is listened to for a few seconds."""
        line.connected_at = self._clock.now()
        await self._tell(line, CallConnected(**self._names(line, "connected")), receiver)
        if line.reaction.kind is Kind.MACHINE:
            seconds = self._population.listens_to_machine_s(line.order.to, line.nth)
        else:
            seconds = line.reaction.talk_s
        self._later(line, seconds, self._finish)

    async def _finish(self, line: _Line, receiver: Receiver) -> None:
        """Hang up on an answered line."""
        await self._end(line, CallEnding.COMPLETED, receiver)

    async def _cut(self, line: _Line, receiver: Receiver) -> None:
        """End the call because it was ordered."""
        ending = CallEnding.CANCELED if line.answered_at is None else CallEnding.COMPLETED
        await self._end(line, ending, receiver)

    async def _end(self, line: _Line, ending: CallEnding, receiver: Receiver) -> None:
        """Close the line, tell so, and let the agent write."""
        line.is_over = True
        answered_at, now = line.answered_at, self._clock.now()
        talk_s = 0 if answered_at is None else round((now - answered_at).total_seconds())
        await self._tell(line, CallEnded(**self._names(line, ending), ending=ending, talk_s=talk_s), receiver)
        if line.connected_at is not None and line.room is not None:
            talk = Talk(
                attempt=line.order.attempt, number=line.order.to, nth=line.nth, says=line.reaction.says
            )
            self._agents.hung_up(line.room, talk)
