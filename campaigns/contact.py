"""A person we may know by phone and e-mail, and that person on one campaign's list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.outcome import Ending, LeadState
from compliance.question import Address, Consent, Relationship
from compliance.terms import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One typed number of a person, in E.164."""

    number: str
    kind: str = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person: `key` is stable in the company's own data, `facts` are the columns kept for the campaign's texts.

    `address` is one that somebody has verified.
    """

    key: str
    name: str
    language: str
    phones: tuple[Phone, ...] = ()
    email: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    party: Party = Party.CONSUMER
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A contact on a campaign's list. `step` counts the campaign's steps from 0, `rank` orders the list.

    `due` is when the lead may next be looked at; `tries` counts attempts on all channels.
    """

    id: int
    campaign: str
    contact: str
    state: LeadState
    step: int = 0
    step_tries: int = 0
    tries: int = 0
    due: datetime | None = None
    rank: int = 0
    ending: Ending | None = None
    holdout: bool = False
