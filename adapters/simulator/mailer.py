"""The population behind the Mailer port, in process and in virtual time: what a rehearsal writes to."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from adapters.clock import VirtualClock
from adapters.simulator.calendar import Calendar
from adapters.simulator.people import MailKind, Population
from dialer.mail_events import (
    MailAccepted,
    MailAnswered,
    MailEvent,
    MailNotSent,
    MailRefused,
    MailUnsubscribed,
)
from dialer.orders import SendMail
from dialer.ports import Receiver


class SimulatedMailer:
    """Implements `dialer.ports.Mailer`: takes every mail, refuses dead addresses, and lets people react later."""

    def __init__(self, clock: VirtualClock, population: Population, calendar: Calendar) -> None:
        """Take the people and the calendar to write into."""
        self._clock, self._population, self._calendar = clock, population, calendar
        self._sent: Counter[str] = Counter()

    async def send(self, order: SendMail, is_wanted: Callable[[], Awaitable[bool]]) -> MailEvent:
        """Take the mail if it is still wanted, or refuse it for good when nobody has that address (SMTP 550, 5.1.1)."""
        if not await is_wanted():
            return MailNotSent(
                key=f"mail:{order.attempt}:not-sent",
                at=self._clock.now(),
                attempt=order.attempt,
                detail="no longer wanted",
            )
        self._sent[order.to] += 1
        reaction, now = self._population.mail_reaction(order.to, self._sent[order.to]), self._clock.now()
        key = f"mail:{order.attempt}"
        if reaction.kind is MailKind.BOUNCE:
            return MailRefused(
                key=f"{key}:refused",
                at=now,
                attempt=order.attempt,
                code="550",
                detail="5.1.1 no such mailbox",
                permanent=True,
            )
        if reaction.kind is not MailKind.IGNORE:
            at = now + timedelta(seconds=reaction.delay_s)
            self._calendar.add(at, partial(self._react, order.attempt, reaction.kind))
        reference = f"<{order.attempt}.{order.token}@rehearsal.invalid>"
        return MailAccepted(key=f"{key}:accepted", at=now, attempt=order.attempt, reference=reference)

    async def _react(self, attempt: str, kind: MailKind, receiver: Receiver) -> None:
        """Follow the unsubscribe link or the answer link of a mail."""
        now = self._clock.now()
        if kind is MailKind.UNSUBSCRIBE:
            event: MailEvent = MailUnsubscribed(
                key=f"mail:{attempt}:unsubscribe", at=now, attempt=attempt, how="one-click"
            )
        else:
            event = MailAnswered(key=f"mail:{attempt}:answer", at=now, attempt=attempt)
        await receiver.receive(event)
