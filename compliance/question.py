"""What is asked of the law, and what it answers: plain values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from compliance.terms import Channel, Decision, Party, Profile, Purpose, ReasonCode, Technology


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A verified address: `country` and `subdivision` by ISO 3166 (`US`, `FL`)."""

    country: str
    subdivision: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One place a person may be: the rulebook's `region` (`JP`, `US`, `US-FL`) and the time zone there."""

    region: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom we want to reach: `person` is the company's stable key, `number` is E.164.

    `address` is a verified one. `locations`, when given, are where the person may be, instead of what number and
    address say.
    """

    person: str
    number: str | None = None
    email: str | None = None
    party: Party = Party.CONSUMER
    address: Address | None = None
    locations: tuple[Location, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastContact:
    """One thing that happened with this person before.

    `event` is `attempted` for every try, plus what came of it, as an entry of its own:
    `refused`, `opted_out`, `do_not_call`, `unsubscribed`, `complained`, `consent_revoked`, `abandoned`, `machine`,
    `talked`.
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
    """A permission a person gave: `type` such as `express`, to which seller, how it was asked for and is proved.

    No `channels` and no `number` means that it was not limited to any.
    """

    type: str
    seller: str
    obtained_at: datetime
    channels: frozenset[Channel] = frozenset()
    number: str | None = None
    evidence: str | None = None
    shown: str | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A tie that some laws honour: `type` such as `transaction` or `inquiry`, with whom, when it was last renewed.

    `at` of None means that it stands now, whenever it began.
    """

    type: str
    seller: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What our copy of somebody else's do-not-call list says of the number asked for.

    `as_of` is the date of the copy; `fault` says why it could not be read. `area_codes`, when given, are those the copy
    covers. A registry that is not among the question's listings is one we have no copy of.
    """

    registry: str
    as_of: datetime | None = None
    is_listed: bool = False
    registered_at: datetime | None = None
    area_codes: frozenset[str] | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """What the Reassigned Numbers Database answered (`yes`, `no`, `no_data`), about consent of which day."""

    answer: Literal["yes", "no", "no_data"]
    queried_at: datetime
    consent_at: datetime | None = None


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
    A cap of None leaves the law's or the house's. `countries` (ISO 3166-1), when given, are the only ones in which
    people are approached: a campaign is checked against the law of its own.
    """

    hours: Mapping[int, tuple[tuple[time, time], ...]] | None = None
    skip_holidays: bool | None = None
    closed_dates: frozenset[date] = frozenset()
    per_day: int | None = None
    per_week: int | None = None
    per_campaign: int | None = None
    countries: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we approach this person on this channel now? Everything the answer depends on.

    `home` is our own region (ISO 3166-1): it says how a domestic number is read, and whose rulebook governs where
    only a mailbox is known. `proclaimed` are holidays by decree and `emergencies` declared ones, both by region;
    `best_evidence` lets a verified address replace what the number says instead of adding to it.
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
    listings: tuple[Listing, ...] = ()
    reassignment: Reassignment | None = None
    proclaimed: Mapping[str, frozenset[date]] = field(default_factory=dict)
    emergencies: frozenset[str] = frozenset()
    best_evidence: bool = False
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
class Saying:
    """What must be said on the call, under which rule: `within_s` seconds of the answer, or before the pitch (None)."""

    element: str
    rule: str
    within_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, with every failing rule and the versions that decided.

    `obligations` are the conditions of a yes, `sayings` what a script that passed its check says anyway.
    `next_allowed_at` is when every rule is satisfied at once, `lifted_at` when the rules that fail now have ended
    (another one may begin by then). `versions` has the keys `rulebook`, `tzdata`, `phonenumbers`, `holidays`, and one
    per registry consulted; `zones` are the candidate zones judged in, `regions` the rulebooks applied.
    """

    decision: Decision
    reasons: tuple[Reason, ...] = ()
    rules: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    sayings: tuple[Saying, ...] = ()
    next_allowed_at: datetime | None = None
    lifted_at: datetime | None = None
    zones: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_allowed(self) -> bool:
        """Whether the contact may be made now."""
        return self.decision in {Decision.ALLOW, Decision.ALLOW_WITH}
