"""Values become rows and rows become values, one pair each. Rows are as the driver gives them."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from adapters.store.columns import to_instant
from adapters.store.statement import Row
from campaigns.contact import Contact, Lead, Phone
from campaigns.outcome import Ending, LeadState, Outcome
from compliance.ledger import LedgerEntry
from compliance.question import Address, Consent, Reassignment, Relationship, Suppression
from compliance.terms import Channel, Party
from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState

Values = dict[str, Any]

_PHONES = TypeAdapter(tuple[Phone, ...])
_CONSENTS = TypeAdapter(tuple[Consent, ...])
_RELATIONSHIPS = TypeAdapter(tuple[Relationship, ...])
_STRINGS = TypeAdapter(tuple[str, ...])
_ADDRESS = TypeAdapter(Address)
_NOTHING = "[]"
_REMEMBERED = 4096

CONTACT_COLUMNS = (
    "key",
    "name",
    "language",
    "email",
    "phones",
    "facts",
    "consents",
    "relationships",
    "party",
    "address",
)
LEAD_COLUMNS = tuple(field.name for field in fields(Lead))
ATTEMPT_COLUMNS = tuple(field.name for field in fields(Attempt))
AGENT_COLUMNS = tuple(field.name for field in fields(Agent))
SUPPRESSION_COLUMNS = tuple(field.name for field in fields(Suppression))
ENTRY_COLUMNS = tuple(field.name for field in fields(LedgerEntry))

_ATTEMPT_INSTANTS = tuple(name for name in ATTEMPT_COLUMNS if name.endswith("_at") or name == "deadline")


def _json(adapter: TypeAdapter[Any], values: tuple[Any, ...]) -> str:
    return adapter.dump_json(values).decode() if values else _NOTHING


def _tuple(adapter: TypeAdapter[tuple[Any, ...]], text: str) -> tuple[Any, ...]:
    return () if text == _NOTHING else adapter.validate_json(text)


def to_json(body: Mapping[str, object]) -> str:
    """Return JSON values as text."""
    return orjson.dumps(dict(body)).decode()


def mailbox_of(email: str | None) -> str | None:
    """Return what two ways of writing one e-mail address have in common: nobody tells letters' case apart."""
    return None if email is None else email.lower()


def contact_to_row(contact: Contact) -> Values:
    """Return a contact's columns."""
    return {
        "key": contact.key,
        "name": contact.name,
        "language": contact.language,
        "email": contact.email,
        "mailbox": mailbox_of(contact.email),
        "phones": _json(_PHONES, contact.phones),
        "facts": to_json(contact.facts),
        "consents": _json(_CONSENTS, contact.consents),
        "relationships": _json(_RELATIONSHIPS, contact.relationships),
        "party": contact.party.value,
        "address": None if contact.address is None else _ADDRESS.dump_json(contact.address).decode(),
    }


def to_contact(row: Row) -> Contact:
    """Return the contact of a row of CONTACT_COLUMNS."""
    key, name, language, email, phones, facts, consents, relationships, party, address = row
    return Contact(
        key=key,
        name=name,
        language=language,
        email=email,
        phones=_tuple(_PHONES, phones),
        facts=orjson.loads(facts),
        consents=_tuple(_CONSENTS, consents),
        relationships=_tuple(_RELATIONSHIPS, relationships),
        party=Party(party),
        address=None if address is None else _ADDRESS.validate_json(address),
    )


def lead_to_row(lead: Lead) -> Values:
    """Return a lead's columns."""
    return {name: getattr(lead, name) for name in LEAD_COLUMNS}


def to_lead(row: Row) -> Lead:
    """Return the lead of a row of LEAD_COLUMNS."""
    found: Values = dict(zip(LEAD_COLUMNS, row, strict=True))
    found["state"] = LeadState(found["state"])
    found["due"] = None if found["due"] is None else to_instant(found["due"])
    found["ending"] = None if found["ending"] is None else Ending(found["ending"])
    found["holdout"] = bool(found["holdout"])
    return Lead(**found)


@lru_cache(maxsize=_REMEMBERED)
def to_due(row: Row) -> tuple[Lead, Contact]:
    """Return lead and contact of a row of both. A row that has not changed since is not read twice: most wait long."""
    return to_lead(row[: len(LEAD_COLUMNS)]), to_contact(row[len(LEAD_COLUMNS) :])


def attempt_to_row(attempt: Attempt) -> Values:
    """Return an attempt's columns."""
    return {name: getattr(attempt, name) for name in ATTEMPT_COLUMNS}


def to_attempt(row: Row) -> Attempt:
    """Return the attempt of a row of ATTEMPT_COLUMNS."""
    found: Values = dict(zip(ATTEMPT_COLUMNS, row, strict=True))
    for name in _ATTEMPT_INSTANTS:
        if found[name] is not None:
            found[name] = to_instant(found[name])
    found["channel"] = Channel(found["channel"])
    found["state"] = AttemptState(found["state"])
    found["outcome"] = None if found["outcome"] is None else Outcome(found["outcome"])
    found["price"] = None if found["price"] is None else Decimal(found["price"])
    return Attempt(**found)


def agent_to_row(agent: Agent) -> Values:
    """Return an agent's columns."""
    row = {name: getattr(agent, name) for name in AGENT_COLUMNS}
    return {**row, "languages": _json(_STRINGS, agent.languages), "skills": _json(_STRINGS, agent.skills)}


@lru_cache(maxsize=_REMEMBERED)
def to_agent(row: Row) -> Agent:
    """Return the agent of a row of AGENT_COLUMNS."""
    found: Values = dict(zip(AGENT_COLUMNS, row, strict=True))
    found["languages"] = _tuple(_STRINGS, found["languages"])
    found["skills"] = _tuple(_STRINGS, found["skills"])
    found["state"] = AgentState(found["state"])
    found["since"] = to_instant(found["since"])
    found["deadline"] = None if found["deadline"] is None else to_instant(found["deadline"])
    return Agent(**found)


def suppression_to_row(suppression: Suppression) -> Values:
    """Return a do-not-contact entry's columns, and the `scope` by which two entries are known for the same."""
    row = {name: getattr(suppression, name) for name in SUPPRESSION_COLUMNS}
    row["mailbox"] = mailbox_of(suppression.email)
    scope = [row[name] for name in ("number", "mailbox", "person", "channel", "seller", "product")]
    return {**row, "scope": orjson.dumps(scope).decode()}


@lru_cache(maxsize=_REMEMBERED)
def to_suppression(row: Row) -> Suppression:
    """Return the do-not-contact entry of a row of SUPPRESSION_COLUMNS."""
    found: Values = dict(zip(SUPPRESSION_COLUMNS, row, strict=True))
    found["channel"] = None if found["channel"] is None else Channel(found["channel"])
    found["at"] = to_instant(found["at"])
    found["expires_at"] = None if found["expires_at"] is None else to_instant(found["expires_at"])
    return Suppression(**found)


def consent_to_row(consent: Consent) -> Values:
    """Return a consent's columns, but for whose it is."""
    row = {field: getattr(consent, field) for field in Consent.__dataclass_fields__}
    return {**row, "channels": _json(_STRINGS, tuple(sorted(one.value for one in consent.channels)))}


def to_consent(row: Row) -> Consent:
    """Return the consent of a row of its columns, in the order of its fields."""
    found: Values = dict(zip(Consent.__dataclass_fields__, row, strict=True))
    found["channels"] = frozenset(map(Channel, _tuple(_STRINGS, found["channels"])))
    for name in ("obtained_at", "expires_at", "revoked_at"):
        found[name] = None if found[name] is None else to_instant(found[name])
    return Consent(**found)


def to_reassignment(row: Row) -> Reassignment:
    """Return the answer of a row of answer, when it was asked, and the consent's day."""
    answer, queried, consent = row
    return Reassignment(
        answer=answer,
        queried_at=to_instant(queried),
        consent_at=None if consent is None else to_instant(consent),
    )


def entry_to_row(entry: LedgerEntry) -> Values:
    """Return a ledger entry's columns."""
    return {name: getattr(entry, name) for name in ENTRY_COLUMNS}


def to_entry(row: Row) -> LedgerEntry:
    """Return the ledger entry of a row of ENTRY_COLUMNS, exactly as stored."""
    return LedgerEntry(**dict(zip(ENTRY_COLUMNS, row, strict=True)))
