"""What an officer writes: consents and their end, answers about numbers, a do-not-contact entry lifted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, insert, or_, select, update

from adapters.store.columns import Instant, to_instant
from adapters.store.dialects import Among, listed
from adapters.store.mapping import (
    SUPPRESSION_COLUMNS,
    consent_to_row,
    to_consent,
    to_contact,
    to_reassignment,
    to_suppression,
)
from adapters.store.part import Part, pick
from adapters.store.statement import Row, Runner, Statement, names_of
from adapters.store.story import CONTACTS, addresses_of, named, sought
from adapters.store.tables import CONSENT, LEDGER, REASSIGNMENT, SUPPRESSION, WITHDRAWAL
from campaigns.contact import Contact
from compliance.ledger import Kind
from compliance.question import Consent, PastContact, Reassignment, Suppression

_GIVE = Statement(insert(CONSENT), tuple(name for name in names_of(CONSENT) if name != "id"))
_TAKE_BACK = Statement(insert(WITHDRAWAL), tuple(name for name in names_of(WITHDRAWAL) if name != "id"))
_ANSWER = Statement(
    lambda insert: (found := insert(REASSIGNMENT)).on_conflict_do_update(
        index_elements=[REASSIGNMENT.c.number],
        set_={name: found.excluded[name] for name in names_of(REASSIGNMENT) if name != "number"},
        where=REASSIGNMENT.c.queried_at <= found.excluded.queried_at,
    ),
    names_of(REASSIGNMENT),
)
_CONSENT_COLUMNS = tuple(Consent.__dataclass_fields__)
_CONSENTS = Statement(
    select(CONSENT.c.person, *pick(CONSENT, _CONSENT_COLUMNS))
    .where(Among(CONSENT.c.person, "people"))
    .order_by(CONSENT.c.obtained_at, CONSENT.c.id)
)
_WITHDRAWALS = Statement(
    select(WITHDRAWAL.c.person, WITHDRAWAL.c.at, WITHDRAWAL.c.seller).where(
        Among(WITHDRAWAL.c.person, "people")
    )
)
_ANSWERS = Statement(
    select(
        REASSIGNMENT.c.number, REASSIGNMENT.c.answer, REASSIGNMENT.c.queried_at, REASSIGNMENT.c.consent_at
    ).where(Among(REASSIGNMENT.c.number, "numbers"))
)
_ANY = Statement(select(or_(exists(CONSENT.c.id), exists(WITHDRAWAL.c.id), exists(REASSIGNMENT.c.number))))
_NAMING = or_(
    Among(SUPPRESSION.c.person, "people"),
    Among(SUPPRESSION.c.number, "numbers"),
    Among(SUPPRESSION.c.mailbox, "mailboxes"),
)
_STANDING = Statement(
    select(*pick(SUPPRESSION, SUPPRESSION_COLUMNS)).where(_NAMING, SUPPRESSION.c.lifted_at.is_(None))
)
_LIFT = Statement(
    update(SUPPRESSION)
    .where(_NAMING, SUPPRESSION.c.lifted_at.is_(None))
    .values(
        lifted_at=bindparam("new_at", type_=Instant),
        lifted_by=bindparam("new_by"),
        approved_by=bindparam("new_approved"),
        lift_reason=bindparam("new_reason"),
    )
)
_LIFTED = Statement(
    select(SUPPRESSION.c.person, SUPPRESSION.c.number, SUPPRESSION.c.mailbox, SUPPRESSION.c.lifted_at).where(
        _NAMING, SUPPRESSION.c.lifted_at.is_not(None)
    )
)
_PERMIT = Statement(
    select(LEDGER.c.body).where(
        LEDGER.c.attempt == bindparam("attempt"), LEDGER.c.kind == Kind.PERMITTED.value
    )
)


class Officer(Part):
    """What an officer says of people and numbers."""

    def people_named(self, whom: str) -> Sequence[Contact]:
        """Return whoever is known by a number (any way of writing), an e-mail address or a contact key."""
        return [to_contact(row) for row in self._run.rows(CONTACTS, named(sought(whom)))]

    def give_consent(self, contact: str, consent: Consent, *, by: str, at: datetime) -> None:
        """Keep a permission that a person gave."""
        self._run.change(_GIVE, {**consent_to_row(consent), "person": contact, "by": by, "at": at})

    def take_back(self, contact: str, *, seller: str | None, reason: str, by: str, at: datetime) -> None:
        """Keep that a person took every permission back, from a seller or from all (None)."""
        row = {"person": contact, "seller": seller, "reason": reason, "by": by, "at": at}
        self._run.change(_TAKE_BACK, row)

    def keep_answers(self, answers: Mapping[str, Reassignment], *, by: str) -> None:
        """Keep what the Reassigned Numbers Database said of numbers (E.164), the newest answer of each."""
        rows = (
            {
                "number": number,
                "answer": one.answer,
                "queried_at": one.queried_at,
                "consent_at": one.consent_at,
                "by": by,
            }
            for number, one in answers.items()
        )
        self._run.change_all(_ANSWER, rows)

    def lift(
        self, whom: str, *, by: str, approved_by: str, reason: str, at: datetime
    ) -> Sequence[Suppression]:
        """Lift every do-not-contact entry that names somebody or any address of theirs; return those there were."""
        meant = sought(whom)
        people = self.people_named(whom)
        addresses = addresses_of(meant, people)
        wanted = {
            "people": listed([meant.key, *(contact.key for contact in people)]),
            "numbers": listed(addresses),
            "mailboxes": listed(address.lower() for address in addresses),
        }
        entries = [to_suppression(row) for row in self._run.rows(_STANDING, wanted)]
        new = {"new_at": at, "new_by": by, "new_approved": approved_by, "new_reason": reason}
        self._run.change(_LIFT, {**wanted, **new})
        return entries

    def permit(self, attempt: str) -> Mapping[str, Any] | None:
        """Return the body of the ledger's record that permitted an attempt."""
        text = self._run.value(_PERMIT, {"attempt": attempt})
        return None if text is None else dict(orjson.loads(text))


class Known:
    """What officers have said of these people, read at once."""

    def __init__(self, run: Runner, people: Sequence[Contact]) -> None:
        """Read it."""
        wanted = {
            "people": listed(contact.key for contact in people),
            "numbers": listed(phone.number for contact in people for phone in contact.phones),
            "mailboxes": listed(contact.email.lower() for contact in people if contact.email),
        }
        has_any = bool(
            run.value(_ANY, {})
        )  # most installations never write one down: then one question is enough
        self._consents = run.rows(_CONSENTS, wanted) if has_any else []
        self._withdrawals = run.rows(_WITHDRAWALS, wanted) if has_any else []
        self._answers = run.rows(_ANSWERS, wanted) if has_any else []
        self._lifted = run.rows(_LIFTED, wanted)

    def contact(self, contact: Contact) -> Contact:
        """Return a person with the consents that officers wrote down beside those of the list."""
        own = tuple(to_consent(row[1:]) for row in self._consents if row[0] == contact.key)
        return replace(contact, consents=(*contact.consents, *own)) if own else contact

    def withdrawn(self, contact: Contact) -> tuple[PastContact, ...]:
        """Return when the person took their permissions back."""
        return tuple(
            PastContact(at=to_instant(at), event="consent_revoked", seller=seller)
            for person, at, seller in self._withdrawals
            if person == contact.key
        )

    def answers(self, contact: Contact) -> dict[str, Reassignment]:
        """Return what is known of the person's numbers."""
        numbers = {phone.number for phone in contact.phones}
        return {row[0]: to_reassignment(row[1:]) for row in self._answers if row[0] in numbers}

    def released_at(self, contact: Contact) -> datetime | None:
        """Return when an entry about the person was last lifted: what they said before is settled."""
        return max((to_instant(row[3]) for row in self._lifted if _is_about(row, contact)), default=None)


def _is_about(row: Row, contact: Contact) -> bool:
    person, number, mailbox, _ = row
    mail = contact.email.lower() if contact.email else None
    return (
        person == contact.key
        or any(phone.number == number for phone in contact.phones)
        or (mailbox is not None and mailbox == mail)
    )
