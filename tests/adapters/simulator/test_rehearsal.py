"""The people behind our ports in virtual time, driven by a tiny engine."""

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from adapters.clock import SystemClock, VirtualClock
from adapters.simulator.agents import Choice, SimulatedAgents, choose
from adapters.simulator.calendar import Calendar, drive
from adapters.simulator.carrier import SimulatedCarrier
from adapters.simulator.mailer import SimulatedMailer
from adapters.simulator.people import Kind, MailKind, Population, Reaction
from campaigns.outcome import DISPOSABLE, Outcome
from campaigns.speech import Utterance
from compliance.terms import Channel
from dialer.agents import Agent
from dialer.attempt import Attempt, AttemptState
from dialer.events import (
    AgentDisposed,
    AgentReady,
    AnsweredBy,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallOptedOut,
    CallPlaced,
    CallRinging,
    CallScreened,
    Event,
)
from dialer.mail_events import MailAccepted, MailAnswered, MailNotSent, MailRefused, MailUnsubscribed
from dialer.orders import (
    ConfirmOptOut,
    HangUp,
    Hearing,
    Instruction,
    JoinRoom,
    LeaveMessage,
    PlaceCall,
    PlayMessage,
    PlayNotice,
    PromiseCallback,
    Release,
    SendMail,
)
from tests.adapters.simulator.builders import SEED, TEN_IN_TOKYO, a_number, an_address, numbers

CHOICES = tuple(Choice(id=f"say-{outcome}", means=outcome) for outcome in sorted(DISPOSABLE))
NOTICE = PlayNotice(text="こちらは例の会社です。" * 5, language="ja")


def an_order(attempt: str, to: str, *, detect: bool = False, ring_limit_s: int = 25) -> PlaceCall:
    """A call to place."""
    return PlaceCall(
        attempt=attempt,
        nonce="n",
        to=to,
        caller_id="+81312345678",
        ring_limit_s=ring_limit_s,
        call_limit_s=1800,
        detect_machine=detect,
        hearing=Hearing(to_the_end=detect),
    )


def a_mail(attempt: str, to: str) -> SendMail:
    """A mail to send."""
    return SendMail(
        attempt=attempt,
        token="t",
        to=to,
        to_name="",
        sender="s@example.jp",
        sender_name="",
        subject="",
        text="",
        language="ja",
    )


def agents(count: int) -> list[Agent]:
    """Agents, each with a room."""
    return [
        Agent(id=f"agent-{n}", name="", room=f"room-{n}", languages=("ja",), since=TEN_IN_TOKYO)
        for n in range(count)
    ]


class TinyEngine:
    """Keeps one call per free agent going through a list of numbers, and writes down whatever it is told."""

    def __init__(self, floor: "Floor", answer: Instruction | None = None) -> None:
        self.floor, self.answer = floor, answer
        self.waiting: deque[str] = deque()
        self.free: set[str] = set()
        self.on: dict[str, str] = {}
        self.told: list[Event] = []
        self.ticks = 0
        self.hang_up_on: set[type[Event]] = set()
        self.detect = False
        self.message: Utterance | None = None
        self.nudge: Callable[[], None] = lambda: None

    async def settle(self) -> None:
        """Orders are carried out at once."""

    async def tick(self) -> datetime | None:
        """Dial for every free agent."""
        self.ticks += 1
        while self.free and self.waiting:
            agent, number = min(self.free), self.waiting.popleft()
            self.free.discard(agent)
            attempt = f"a-{number}-{self.ticks}"
            self.on[attempt] = agent
            self.told.append(await self.floor.carrier.place(an_order(attempt, number, detect=self.detect)))
        return None

    async def receive(self, event: Event) -> Instruction | None:
        """Note the event; an answer is told which room to join, a finished call frees its agent."""
        self.told.append(event)
        if type(event) in self.hang_up_on and isinstance(event, CallScreened | CallRinging | CallConnected):
            await self.floor.carrier.hang_up(HangUp(attempt=event.attempt, reference=event.reference))
        match event:
            case AgentReady():
                self.free.add(event.agent)
                self.nudge()
            case CallScreened():
                await self._leave(event)
            case CallEnded() if not event.talk_s:
                self.free.add(self.on[event.attempt])
                self.nudge()
            case CallAnswered():
                room = self.on[event.attempt].replace("agent", "room")
                return self.answer or JoinRoom(room=room, label=event.attempt)
            case _:
                pass
        return None

    async def _leave(self, event: CallScreened) -> None:
        """Leave a message when the greeting is over."""
        if self.message and event.greeting_over:
            order = LeaveMessage(attempt=event.attempt, reference=event.reference, message=self.message)
            await self.floor.carrier.leave(order)

    def of(self, kind: type[Event]) -> list[Event]:
        """What it was told of this kind."""
        return [event for event in self.told if type(event) is kind]


class Floor:
    """A rehearsal put together."""

    def __init__(self, count: int = 3, seed: str = SEED) -> None:
        self.clock, self.calendar, people = VirtualClock(TEN_IN_TOKYO), Calendar(), Population(seed)
        self.agents = SimulatedAgents(
            self.clock, people, self.calendar, agents=agents(count), choices=CHOICES
        )
        self.carrier = SimulatedCarrier(self.clock, people, self.calendar, agents=self.agents)
        self.mailer = SimulatedMailer(self.clock, people, self.calendar)

    async def day(self, engine: TinyEngine, hours: float = 11) -> None:
        """Rehearse a day."""
        self.agents.start(TEN_IN_TOKYO)
        await drive(engine, self.clock, self.calendar, TEN_IN_TOKYO + timedelta(hours=hours))


async def one_call(wanted: object, answer: Instruction | None = None, **engine_has: object) -> TinyEngine:
    """Rehearse one call to the first number that meets what is wanted."""
    floor = Floor(1)
    engine = TinyEngine(floor, answer)
    for name, value in engine_has.items():
        setattr(engine, name, value)
    engine.waiting.append(a_number(wanted))  # type: ignore[arg-type]
    await floor.day(engine, 1)
    return engine


def is_talker(each: Reaction) -> bool:
    """Somebody who picks up, talks, and presses no keys."""
    return each.kind is Kind.ANSWER and each.ring_s < 25 and not each.presses_9 and each.talk_s < 300


def kinds(engine: TinyEngine) -> list[str]:
    """What was told of attempts, in order."""
    return [type(event).__name__ for event in engine.told if hasattr(event, "attempt")]


async def test_a_talk_goes_its_whole_way() -> None:
    """A person answers, is connected in well under two seconds, talks, and the agent says what happened."""
    engine = await one_call(is_talker)
    assert kinds(engine) == [
        "CallPlaced",
        "CallRinging",
        "CallAnswered",
        "CallConnected",
        "CallEnded",
        "AgentDisposed",
    ]
    answered, connected = engine.of(CallAnswered)[0], engine.of(CallConnected)[0]
    assert timedelta(0) < connected.at - answered.at < timedelta(seconds=1)
    ended, disposed = engine.of(CallEnded)[0], engine.of(AgentDisposed)[0]
    assert isinstance(ended, CallEnded)
    assert ended.ending is CallEnding.COMPLETED
    assert ended.talk_s == round((ended.at - answered.at).total_seconds())
    assert timedelta(seconds=3) <= disposed.at - ended.at <= timedelta(seconds=27)


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (Kind.BUSY, CallEnding.BUSY),
        (Kind.FAILED, CallEnding.FAILED),
        (Kind.GONE, CallEnding.FAILED),
        (Kind.NO_ANSWER, CallEnding.NO_ANSWER),
    ],
)
async def test_a_call_nobody_takes_says_so(kind: Kind, ending: CallEnding) -> None:
    """Busy and dead lines end without ringing; an unanswered one rings to its limit and no longer."""
    engine = await one_call(lambda each: each.kind is kind)
    (ended,) = engine.of(CallEnded)
    assert isinstance(ended, CallEnded)
    assert (ended.ending, ended.talk_s) == (ending, 0)
    ringing = engine.of(CallRinging)
    assert bool(ringing) == (kind is Kind.NO_ANSWER)
    if ringing:
        assert ended.at - ringing[0].at == timedelta(seconds=25)


async def test_a_machine_takes_a_message() -> None:
    """The agent is out of it; the call lasts as long as the message takes, and no agent says anything of it."""
    said = Utterance(text="あ" * 21)
    engine = await one_call(lambda each: each.kind is Kind.MACHINE, detect=True, message=said)
    (screened,), (ended,) = engine.of(CallScreened), engine.of(CallEnded)
    assert timedelta(0) < ended.at - screened.at <= timedelta(seconds=3)
    assert engine.of(AgentDisposed) == []


@pytest.mark.parametrize(
    "answer", [PlayMessage(text="あ" * 70), PromiseCallback(language="ja"), ConfirmOptOut(language="ja")]
)
async def test_a_message_is_heard_to_its_end(answer: Instruction) -> None:
    """And the call is over then; what is said after a key ends it at once."""
    engine = await one_call(is_talker, answer)
    (answered,), (ended,) = engine.of(CallAnswered), engine.of(CallEnded)
    assert ended.at - answered.at == timedelta(seconds=10 if isinstance(answer, PlayMessage) else 0.2)


async def test_a_machine_is_screened_and_dropped() -> None:
    """With detection the machine is reported after about four seconds, and hanging up is told."""
    engine = await one_call(lambda each: each.kind is Kind.MACHINE, detect=True, hang_up_on={CallScreened})
    (screened,), (ended,) = engine.of(CallScreened), engine.of(CallEnded)
    assert isinstance(screened, CallScreened)
    assert screened.answered_by is AnsweredBy.MACHINE
    assert 3 < (screened.at - engine.of(CallAnswered)[0].at).total_seconds() < 5
    assert (ended.at - screened.at).total_seconds() < 1


async def test_a_machine_nobody_screens_is_recognised_by_ear() -> None:
    """Without detection the agent listens for some seconds and then says that it was a machine."""
    engine = await one_call(lambda each: each.kind is Kind.MACHINE)
    (disposed,) = engine.of(AgentDisposed)
    assert isinstance(disposed, AgentDisposed)
    assert disposed.disposition == "say-machine"


async def test_hanging_up_while_it_rings_cancels() -> None:
    """A call given up before the answer ends as canceled."""
    engine = await one_call(is_talker, hang_up_on={CallRinging})
    (ended,) = engine.of(CallEnded)
    assert isinstance(ended, CallEnded)
    assert ended.ending is CallEnding.CANCELED
    assert not engine.of(CallAnswered)


async def test_a_notice_can_be_answered_with_nine() -> None:
    """Whoever hears the notice may press 9 before it ends."""
    engine = await one_call(lambda each: each.presses_9 and each.ring_s < 25, NOTICE)
    (pressed,), (ended,) = engine.of(CallOptedOut), engine.of(CallEnded)
    assert pressed.at < ended.at
    quiet = await one_call(is_talker, NOTICE)
    assert not quiet.of(CallOptedOut)
    assert not quiet.of(AgentDisposed)


async def test_a_released_line_is_hung_up() -> None:
    """Nothing more to say: the call ends at once."""
    engine = await one_call(is_talker, Release())
    (ended,) = engine.of(CallEnded)
    assert (ended.at - engine.of(CallAnswered)[0].at).total_seconds() < 1


async def test_whoever_asks_hears_what_was_told() -> None:
    """The carrier repeats its events under their first keys, the answer left out, and knows nothing of strangers."""
    floor = Floor(1)
    engine = TinyEngine(floor)
    engine.waiting.append(a_number(is_talker))
    await floor.day(engine, 1)
    (placed,) = engine.of(CallPlaced)
    assert isinstance(placed, CallPlaced)
    repeated = await floor.carrier.ask(an_attempt(placed.attempt))
    keys = {event.key for event in engine.told}
    assert [type(event) for event in repeated] == [CallPlaced, CallRinging, CallConnected, CallEnded]
    assert {event.key for event in repeated} <= keys
    assert await floor.carrier.ask(an_attempt("never placed")) == ()


def an_attempt(name: str) -> Attempt:
    """An attempt as the engine would ask about it."""
    return Attempt(
        id=name,
        campaign="c",
        version="1",
        lead=1,
        contact="k",
        channel=Channel.VOICE,
        ordinal=1,
        address="+819012345678",
        nonce="n",
        state=AttemptState.PLACED,
        opened_at=TEN_IN_TOKYO,
    )


async def wanted() -> bool:
    """Say that the mail may go."""
    return True


async def unwanted() -> bool:
    """Say that the mail may go no more."""
    return False


async def test_a_mail_that_is_no_longer_wanted_is_not_sent() -> None:
    """The mailer asks right before it would hand the mail over."""
    floor = Floor(0)
    assert isinstance(await floor.mailer.send(a_mail("m-1", "a@example.com"), unwanted), MailNotSent)


async def test_mails_are_taken_refused_and_answered() -> None:
    """A dead address is refused for good; others are taken, and some people react later, once."""
    floor = Floor(0)
    engine = TinyEngine(floor)
    sent = {kind: an_address(lambda each, kind=kind: each.kind is kind) for kind in MailKind}  # type: ignore[misc]
    results = {kind: await floor.mailer.send(a_mail(f"m-{kind}", to), wanted) for kind, to in sent.items()}
    refused = results.pop(MailKind.BOUNCE)
    assert isinstance(refused, MailRefused)
    assert (refused.code, refused.permanent) == ("550", True)
    assert all(isinstance(each, MailAccepted) for each in results.values())
    await floor.day(engine, 24 * 30)
    (answered,), (left,) = engine.of(MailAnswered), engine.of(MailUnsubscribed)
    assert isinstance(answered, MailAnswered)
    assert isinstance(left, MailUnsubscribed)
    assert (answered.attempt, left.attempt) == ("m-answer", "m-unsubscribe")


async def a_big_day(seed: str) -> tuple[list[Event], int, int]:
    """2,000 leads, 20 agents, 11 hours; what was told, ticks, and rounds of the calendar."""
    floor = Floor(20, seed)
    engine = TinyEngine(floor)
    each = numbers()
    engine.waiting.extend(next(each) for _ in range(2000))
    await floor.day(engine)
    return engine.told, engine.ticks, len(floor.calendar)


async def test_a_day_repeats_to_the_last_digit() -> None:
    """The same seed makes the same day, another seed another, and a whole day takes seconds."""
    clock = SystemClock()
    begun = clock.monotonic()
    one = await a_big_day("1")
    took = clock.monotonic() - begun
    assert one == await a_big_day("1")
    assert one[0] != (await a_big_day("2"))[0]
    assert took < 5
    told, _, left = one
    counts = Counter(type(event).__name__ for event in told)
    assert counts["CallPlaced"] == counts["CallEnded"] == 2000
    assert counts["CallConnected"] == counts["AgentDisposed"]
    assert 600 < counts["CallConnected"] < 1200
    assert left == 0
    assert [event.at for event in told] == sorted(event.at for event in told)


async def test_empty_time_is_skipped_and_the_end_is_kept() -> None:
    """Where nothing happens nothing is looked at, and what lies beyond the end is left alone."""
    floor = Floor(0)
    engine = Alarm(TEN_IN_TOKYO + timedelta(hours=3))
    await drive(engine, floor.clock, floor.calendar, TEN_IN_TOKYO + timedelta(hours=11))
    assert engine.looked == [TEN_IN_TOKYO, TEN_IN_TOKYO + timedelta(hours=3)]
    late = Alarm(TEN_IN_TOKYO + timedelta(hours=20))
    await drive(late, VirtualClock(TEN_IN_TOKYO), Calendar(), TEN_IN_TOKYO + timedelta(hours=11))
    assert len(late.looked) == 1


class Alarm:
    """An engine that wants to be looked at once, later."""

    def __init__(self, at: datetime) -> None:
        self.due: datetime | None = at
        self.looked: list[datetime] = []
        self.nudge: Callable[[], None] = lambda: None

    async def settle(self) -> None:
        """There are no orders."""

    async def tick(self) -> datetime | None:
        """Note the look."""
        now = TEN_IN_TOKYO if not self.looked else (self.due or TEN_IN_TOKYO)
        self.looked.append(now)
        return self.due if len(self.looked) == 1 else None

    async def receive(self, event: Event) -> Instruction | None:
        """Nothing is ever told."""
        raise AssertionError(event)


@pytest.mark.parametrize("says", sorted(DISPOSABLE))
def test_an_agent_picks_what_was_said(says: Outcome) -> None:
    """With all dispositions offered the very one is picked, with others the nearest, and always one of them."""
    assert choose(says, CHOICES).means is says
    few = (Choice(id="no", means=Outcome.NOT_INTERESTED), Choice(id="yes", means=Outcome.SOLD))
    assert choose(says, few).id == ("yes" if says is Outcome.SOLD else "no")
