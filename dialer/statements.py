"""What a compliance officer says for the record: consents, their end, a refusal lifted, lists and answers received."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from compliance.question import Consent, Reassignment
from dialer.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """People gave permissions, all of them or none written down.

    Whom each names is a number, an e-mail address or a customer's key, here as below.
    """

    kind: Literal["consent_given"] = "consent_given"
    given: tuple[tuple[str, Consent], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTakenBack:
    """Somebody took back every permission given to `seller`, or to anybody (None)."""

    kind: Literal["consent_taken_back"] = "consent_taken_back"
    whom: str
    seller: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionLifted:
    """Every do-not-contact entry about somebody is lifted, on the word of two people."""

    kind: Literal["suppression_lifted"] = "suppression_lifted"
    whom: str
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersAsked:
    """The Reassigned Numbers Database answered, number (E.164) by number."""

    kind: Literal["numbers_asked"] = "numbers_asked"
    answers: Mapping[str, Reassignment]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRead:
    """A registry's list was read in; `facts` are what the ledger keeps of it."""

    kind: Literal["registry_read"] = "registry_read"
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsLost:
    """The carrier has calls to these numbers (E.164) that the database has lost: call none of them until then."""

    kind: Literal["calls_lost"] = "calls_lost"
    numbers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseReleased:
    """A database that came back from a backup was compared with the carrier's calls, and may be worked with again."""

    kind: Literal["database_released"] = "database_released"
    reason: str


Word = (
    ConsentGiven
    | ConsentTakenBack
    | SuppressionLifted
    | NumbersAsked
    | RegistryRead
    | CallsLost
    | DatabaseReleased
)
"""What an officer says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSaid(Event):
    """A compliance officer, or somebody for them (`by`), said a word for the record."""

    by: str
    word: Word
