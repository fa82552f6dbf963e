"""All that is on record of one person, however they are named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, or_, select

from adapters.store.conditions import RARE
from adapters.store.dialects import Among, listed
from adapters.store.mapping import (
    ATTEMPT_COLUMNS,
    CONTACT_COLUMNS,
    ENTRY_COLUMNS,
    LEAD_COLUMNS,
    SUPPRESSION_COLUMNS,
    to_attempt,
    to_contact,
    to_entry,
    to_lead,
    to_suppression,
)
from adapters.store.part import pick
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import ATTEMPT, CONTACT, CONTACT_PHONE, LEAD, LEDGER, SUPPRESSION
from campaigns.contact import Contact
from compliance.ledger import Kind
from compliance.mailboxes import read_email
from compliance.numbers import Number, read_number
from dialer.attempt import Attempt
from dialer.reports import Story

_HOME = "JP"
"""Where a number without a country code is from."""

CONTACTS = Statement(
    select(*pick(CONTACT, CONTACT_COLUMNS))
    .where(
        or_(
            CONTACT.c.key == bindparam("key"),
            Among(CONTACT.c.mailbox, "mailboxes"),
            CONTACT.c.key.in_(
                select(CONTACT_PHONE.c.contact).where(Among(CONTACT_PHONE.c.number, "numbers"))
            ),
        )
    )
    .order_by(CONTACT.c.key)
)
_LEADS = Statement(
    select(*pick(LEAD, LEAD_COLUMNS)).where(Among(LEAD.c.contact, "people")).order_by(LEAD.c.id)
)
_ATTEMPTS = Statement(
    select(*pick(ATTEMPT, ATTEMPT_COLUMNS))
    .where(or_(Among(ATTEMPT.c.contact, "people"), Among(ATTEMPT.c.address, "addresses")))
    .order_by(ATTEMPT.c.opened_at, ATTEMPT.c.id)
)
_SUPPRESSIONS = Statement(
    select(*pick(SUPPRESSION, SUPPRESSION_COLUMNS))
    .where(
        or_(
            Among(SUPPRESSION.c.person, "people"),
            Among(SUPPRESSION.c.number, "addresses"),
            Among(SUPPRESSION.c.mailbox, "mailboxes"),
        )
    )
    .order_by(SUPPRESSION.c.at, SUPPRESSION.c.id)
)
_ENTRIES = Statement(
    select(*pick(LEDGER, ENTRY_COLUMNS))
    .where(or_(Among(LEDGER.c.person, "people"), Among(LEDGER.c.attempt, "attempts")))
    .order_by(LEDGER.c.seq)
)
# Entries of the do-not-contact list may name nobody but an address; that stands in their body.
_BY_ADDRESS = Statement(
    select(*pick(LEDGER, ENTRY_COLUMNS)).where(
        LEDGER.c.kind == Kind.SUPPRESSED.value, RARE, LEDGER.c.person.is_(None)
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a needle may mean."""

    key: str
    numbers: tuple[str, ...]
    emails: tuple[str, ...]


def tell(run: Runner, needle: str) -> Story:
    """Return all that is on record of a number (any way of writing), an e-mail address or a contact key."""
    meant = sought(needle)
    contacts = [to_contact(row) for row in run.rows(CONTACTS, named(meant))]
    people = listed([meant.key, *(contact.key for contact in contacts)])
    addresses = addresses_of(meant, contacts)
    mailboxes = listed(address.lower() for address in addresses)
    wanted = {"people": people, "addresses": listed(addresses), "mailboxes": mailboxes}
    attempts = [to_attempt(row) for row in run.rows(_ATTEMPTS, wanted)]
    return Story(
        needle=needle,
        contacts=tuple(contacts),
        leads=tuple(to_lead(row) for row in run.rows(_LEADS, {"people": people})),
        attempts=tuple(attempts),
        suppressions=tuple(to_suppression(row) for row in run.rows(_SUPPRESSIONS, wanted)),
        entries=tuple(to_entry(row) for row in _entries(run, people, attempts, addresses)),
    )


def sought(needle: str) -> Sought:
    """Return what a needle may mean."""
    key = needle.strip()
    number, email = read_number(key, _HOME), read_email(key)
    return Sought(
        key=key,
        numbers=(number.e164,) if isinstance(number, Number) else (),
        emails=(email,) if email else (),
    )


def named(meant: Sought) -> dict[str, str]:
    """Return the parameters of CONTACTS."""
    return {
        "key": meant.key,
        "numbers": listed(meant.numbers),
        "mailboxes": listed(map(str.lower, meant.emails)),
    }


def addresses_of(meant: Sought, contacts: Iterable[Contact]) -> Sequence[str]:
    """Return every number and e-mail address that the needle or the people found have, once each."""
    found = [*meant.numbers, *meant.emails]
    for contact in contacts:
        found += [phone.number for phone in contact.phones]
        found += [contact.email] if contact.email else []
    return list(dict.fromkeys(found))


def _entries(
    run: Runner, people: str, attempts: Iterable[Attempt], addresses: Sequence[str]
) -> Iterable[Row]:
    """Return the ledger rows of the people, their attempts and their addresses, in the ledger's order."""
    wanted = {"people": people, "attempts": listed(attempt.id for attempt in attempts)}
    found = {row[0]: row for row in run.rows(_ENTRIES, wanted)}
    body = ENTRY_COLUMNS.index("body")
    for row in run.stream(_BY_ADDRESS, {}):
        said = orjson.loads(row[body])
        if said.get("number") in addresses or said.get("email") in addresses:
            found[row[0]] = row
    return [found[seq] for seq in sorted(found) if seq is not None]
