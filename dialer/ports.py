"""What the engine needs of the world, as protocols with few methods."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from campaigns.roster import Candidate as Candidate  # noqa: PLC0414 (the store takes it, so it is part of the port)
from dialer.attempt import Attempt
from dialer.events import CallEvent, Event
from dialer.line_events import LineAnswered
from dialer.line_orders import EarWork, LineWork
from dialer.listen_events import ListenAnswered
from dialer.mail_events import MailEvent
from dialer.orders import HangUp, Instruction, LeaveMessage, PlaceCall, SendMail
from dialer.unit import CampaignRow as CampaignRow  # noqa: PLC0414 (the same)
from dialer.unit import Reports as Reports  # noqa: PLC0414 (the same)
from dialer.unit import Standing as Standing  # noqa: PLC0414 (the same)
from dialer.unit import Unit as Unit  # noqa: PLC0414 (the same)

T = TypeVar("T")


class Clock(Protocol):
    """What time it is: `now` in campaign time (aware, UTC), `monotonic` in real seconds."""

    def now(self) -> datetime:
        """Return the current campaign instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return real seconds that never go back."""
        ...


class Receiver(Protocol):
    """Where every event goes; the engine is one."""

    async def receive(self, event: Event) -> Instruction | None:
        """Store the event durably, act on it, and say what an answered line is to do now (None: nothing new)."""
        ...


class Carrier(Protocol):
    """Who dials. Vendor errors come back as events, never as exceptions."""

    async def place(self, order: PlaceCall) -> CallEvent:
        """Dial once, never again: CallPlaced, CallRejected, CallThrottled or CallUnsure."""
        ...

    async def hang_up(self, order: HangUp) -> None:
        """End a call, queued, ringing or talking; what became of it arrives as an event."""
        ...

    async def leave(self, order: LeaveMessage) -> None:
        """Say a message to a machine and hang up; when it cannot be said, the call is ended all the same."""
        ...

    async def direct(self, order: LineWork | EarWork) -> LineAnswered | ListenAnswered | None:
        """Do something with the legs of a live call; orders about one call are carried out in their order.

        None when nothing follows from it, whatever came of it.
        """
        ...

    async def ask(self, attempt: Attempt, *, known: Collection[str] = ()) -> Sequence[CallEvent]:
        """Return what the carrier knows of a silent attempt: events to apply in order, or none.

        `known` are references of other attempts' calls, which are never taken for this one's. Raises CarrierSilent
        when it cannot be asked: no answer proves nothing.
        """
        ...

    async def price(self, reference: str) -> tuple[Decimal, str] | None:
        """Return what a call that is over cost, and in which currency (ISO 4217); None while that is not known.

        Raises CarrierSilent when it cannot be asked.
        """
        ...


class Mailer(Protocol):
    """Who sends mail."""

    async def send(self, order: SendMail, is_wanted: Callable[[], Awaitable[bool]]) -> MailEvent:
        """Send once: MailAccepted, MailRefused (a no to this person or message), MailNotSent or MailUnsure.

        `is_wanted` is awaited when all is ready, right before the text goes out; on False nothing goes.
        """
        ...


class Store(Protocol):
    """Where everything is kept."""

    async def transact(self, work: Callable[[Unit], T], *, alone: bool = False) -> T:
        """Run `work` in one durable transaction; an exception rolls all of it back.

        `work` may be run again from its beginning when another transaction was faster, so it must do nothing but
        use the unit. Run `alone`, no other transaction of any process is under way meanwhile.
        """
        ...

    async def glance(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which only reads: each thing as it is committed at that moment, in no transaction."""
        ...

    async def read(self, work: Callable[[Reports], T]) -> T:
        """Run `work` on a consistent snapshot."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...
