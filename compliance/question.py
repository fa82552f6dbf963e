"""What is asked of the law, and what it answers: plain values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from compliance.terms import Channel, Decision, Profile, Purpose, ReasonCode, Technology


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom we want to reach: `person` is the company's stable key, `number` is E.164."""

    person: str
    number: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastContact:
    """One thing that happened with this person before.

    `event` is `attempted` for every try, plus what came of it, as an entry of its own:
    `refused`, `opted_out`, `unsubscribed`, `abandoned`, `machine`, `talked`.
    """

    at: datetime
    event: str
    channel: Channel = Channel.VOICE
    number: str | None = None
    campaign: str | None = None
    seller: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A permission a person gave: `type` such as `email_optin`, to whom, how it is proved."""

    type: str
    seller: str
    obtained_at: datetime
    evidence: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A tie that some laws honour: `type` such as `ongoing_transaction`, with whom, since when."""

    type: str
    seller: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A do-not-contact entry. Exactly one of number, email, person; None in a scope means *every*."""

    number: str | None = None
    email: str | None = None
    person: str | None = None
    channel: Channel | None = None
    seller: str | None = None
    product: str | None = None
    reason: str
    source: str
    by: str
    at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a company or campaign forbids beyond the law; it can only take away.

    `hours` maps a weekday (0 = Monday) to half-open local windows; None leaves the law's windows.
    A cap of None leaves the law's or the house's.
    """

    hours: Mapping[int, tuple[tuple[time, time], ...]] | None = None
    skip_holidays: bool | None = None
    closed_dates: frozenset[date] = frozenset()
    per_day: int | None = None
    per_week: int | None = None
    per_campaign: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we approach this person on this channel now? Everything the answer depends on.

    `home` is our own region (ISO 3166-1): it says how a domestic number is read, and whose rulebook governs where
    only a mailbox is known.
    """

    now: datetime
    channel: Channel
    subject: Subject
    campaign: str
    purpose: Purpose
    technology: Technology
    seller: str
    product: str
    profile: Profile = Profile.RECOMMENDED
    history: tuple[PastContact, ...] = ()
    consents: tuple[Consent, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()
    email_elements: frozenset[str] = frozenset()
    recorded: bool = False
    dialing_enabled: bool = True
    home: str = "JP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One failing rule: its id and citation, and until when it fails (None = for good)."""

    code: ReasonCode
    rule: str
    citation: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with every failing rule and the versions that decided.

    `versions` has the keys `rulebook`, `tzdata`, `phonenumbers`, `holidays`; `zones` are the candidate zones judged in.
    """

    decision: Decision
    reasons: tuple[Reason, ...] = ()
    rules: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    next_allowed_at: datetime | None = None
    zones: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_allowed(self) -> bool:
        """Whether the contact may be made now."""
        return self.decision in {Decision.ALLOW, Decision.ALLOW_WITH}
