"""Attempts, and the leads and contacts they are made for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from adapters.store.columns import Instant
from adapters.store.conditions import LIVE, LIVE_CALL
from adapters.store.dialects import Among, listed
from adapters.store.mapping import (
    ATTEMPT_COLUMNS,
    CONTACT_COLUMNS,
    LEAD_COLUMNS,
    attempt_to_row,
    to_attempt,
    to_contact,
    to_lead,
)
from adapters.store.part import NOW, Part, moving, pick
from adapters.store.statement import Duplicate, Statement
from adapters.store.tables import ATTEMPT, CONTACT, LEAD
from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState
from dialer.attempt import Attempt, AttemptState
from dialer.errors import StaleState

_FIXED = (
    "id",
    "campaign",
    "version",
    "lead",
    "contact",
    "channel",
    "ordinal",
    "address",
    "nonce",
    "opened_at",
    "odds",
    "traits",
)
# What is read to be changed is locked where others may change it meanwhile; SQLite has one writer, and no such words.
_ONE = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS)).where(ATTEMPT.c.id == bindparam("id")).with_for_update()
)
_SEVERAL = Statement(select(*pick(ATTEMPT, ATTEMPT_COLUMNS)).where(Among(ATTEMPT.c.id, "names")))
_OPEN = Statement(insert(ATTEMPT), ATTEMPT_COLUMNS)
# What never changes is not written again, so that its indexes are left alone.
_MOVE = moving(ATTEMPT, tuple(name for name in ATTEMPT_COLUMNS if name not in _FIXED))
_SILENT = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(LIVE, ATTEMPT.c.deadline <= NOW)
    .order_by(ATTEMPT.c.deadline)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
# All have one: said so that the index of live calls is used, and not one in which every mail ever sent stands.
_HAS_NUMBER = ATTEMPT.c.address > ""
_LIVE_CALLS = Statement(
    select(ATTEMPT.c.campaign, ATTEMPT.c.address, ATTEMPT.c.contact).where(LIVE_CALL, _HAS_NUMBER)
)
_LIVE_ATTEMPTS = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(LIVE_CALL, _HAS_NUMBER)
    .order_by(ATTEMPT.c.opened_at, ATTEMPT.c.id)
)
_QUEUED = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(
        LIVE_CALL,
        _HAS_NUMBER,
        ATTEMPT.c.state == AttemptState.PLACED.value,
        ATTEMPT.c.dialed_at.is_(None),
        ATTEMPT.c.opened_at <= bindparam("at", type_=Instant),
    )
    .order_by(ATTEMPT.c.opened_at, ATTEMPT.c.id)
)
_OPENED_SINCE = Statement(
    select(func.count())
    .select_from(ATTEMPT)
    .where(ATTEMPT.c.opened_at >= bindparam("at", type_=Instant), ATTEMPT.c.channel == "voice")
)
_OPENED_FOR = Statement(
    select(func.count())
    .select_from(ATTEMPT)
    .where(
        ATTEMPT.c.campaign == bindparam("campaign"),
        ATTEMPT.c.opened_at >= bindparam("at", type_=Instant),
        ATTEMPT.c.channel == "voice",
    )
)
_REFERENCES_TO = Statement(
    select(ATTEMPT.c.reference).where(
        ATTEMPT.c.address == bindparam("address"),
        ATTEMPT.c.opened_at >= bindparam("since", type_=Instant),
        ATTEMPT.c.reference.is_not(None),
    )
)
# An opened mail has a deadline, one that was taken has none: so the index of what may fall silent serves.
_MAILS_OPENED = Statement(
    select(func.count())
    .select_from(ATTEMPT)
    .where(LIVE, ATTEMPT.c.deadline.is_not(None), ATTEMPT.c.channel == "email", ATTEMPT.c.state == "opened")
)
_LEAD = Statement(select(*pick(LEAD, LEAD_COLUMNS)).where(LEAD.c.id == bindparam("id")).with_for_update())
_LEAD_MOVED = ("state", "step", "step_tries", "tries", "due", "ending", "rank")
_MOVE_LEAD = moving(LEAD, _LEAD_MOVED)
_CONTACT = Statement(select(*pick(CONTACT, CONTACT_COLUMNS)).where(CONTACT.c.key == bindparam("key")))


class Attempts(Part):
    """What is tried, and for whom."""

    def open(self, attempt: Attempt, lead: Lead) -> None:
        """Insert an attempt and move its lead from waiting.

        Raises StaleState when the number already has a live call, or the lead no longer waits.
        """
        try:
            self._run.change(_OPEN, attempt_to_row(attempt))
        except Duplicate as error:
            raise StaleState(f"attempt {attempt.id} cannot be opened: {error}") from error
        self.save_lead(lead, LeadState.WAITING)

    def attempt(self, attempt: str) -> Attempt | None:
        """Return one attempt."""
        row = self._run.row(_ONE, {"id": attempt})
        return None if row is None else to_attempt(row)

    def attempts(self, names: Sequence[str]) -> Sequence[Attempt]:
        """Return attempts as they are committed, locking none."""
        if not names:
            return ()
        return [to_attempt(row) for row in self._run.rows(_SEVERAL, {"names": listed(names)})]

    def references_to(self, address: str, since: datetime) -> frozenset[str]:
        """Return the carrier's references of every attempt to an address that was opened at or after an instant."""
        rows = self._run.rows(_REFERENCES_TO, {"address": address, "since": since})
        return frozenset(reference for (reference,) in rows)

    def save_attempt(self, attempt: Attempt, expected: AttemptState) -> None:
        """Write an attempt's new state and facts. Raises StaleState when it is not in the state expected."""
        change = {**attempt_to_row(attempt), "is_id": attempt.id, "expected": expected.value}
        self._move(_MOVE, change, f"attempt {attempt.id}")

    def silent(self, now: datetime, limit: int) -> Sequence[Attempt]:
        """Return attempts not over whose deadline has passed, oldest first."""
        return [to_attempt(row) for row in self._run.rows(_SILENT, {"now": now, "limit": limit})]

    def live_calls(self) -> Sequence[tuple[str, str, str]]:
        """Return (campaign, number, contact) of every call not over."""
        return [(campaign, number, contact) for campaign, number, contact in self._run.rows(_LIVE_CALLS, {})]

    def live_attempts(self) -> Sequence[Attempt]:
        """Return every call not over, oldest first; there are no more of them than lines."""
        return [to_attempt(row) for row in self._run.rows(_LIVE_ATTEMPTS, {})]

    def queued(self, opened_before: datetime) -> Sequence[Attempt]:
        """Return the calls opened before then that the carrier has taken and not yet dialled."""
        return [to_attempt(row) for row in self._run.rows(_QUEUED, {"at": opened_before})]

    def mails_opened(self) -> int:
        """Count the mails that were opened and that no server has taken or refused yet."""
        return int(self._run.value(_MAILS_OPENED, {}))

    def calls_opened_since(self, at: datetime, campaign: str | None = None) -> int:
        """Count calls opened at or after `at`, of one campaign or of all."""
        if campaign is None:
            return int(self._run.value(_OPENED_SINCE, {"at": at}))
        return int(self._run.value(_OPENED_FOR, {"at": at, "campaign": campaign}))

    def lead(self, lead: int) -> Lead | None:
        """Return one lead."""
        row = self._run.row(_LEAD, {"id": lead})
        return None if row is None else to_lead(row)

    def save_lead(self, lead: Lead, expected: LeadState) -> None:
        """Write a lead's new state. Raises StaleState when it is not in the state expected."""
        moved = {name: getattr(lead, name) for name in _LEAD_MOVED}
        change = {**moved, "is_id": lead.id, "expected": expected.value}
        self._move(_MOVE_LEAD, change, f"lead {lead.id}")

    def contact(self, contact: str) -> Contact | None:
        """Return one contact by key."""
        row = self._run.row(_CONTACT, {"key": contact})
        return None if row is None else to_contact(row)
