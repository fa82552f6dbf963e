"""What managers and officers read: plain values, filled by the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaigns.contact import Contact, Lead
from compliance.ledger import LedgerEntry
from compliance.question import Suppression
from dialer.attempt import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """One agent on the board; `seconds` is how long in this state, `talking_to` whom they talk to or look at.

    `is_deaf`: their line is not in their room.
    """

    id: str
    name: str
    state: str
    seconds: int
    languages: tuple[str, ...] = ()
    talking_to: str | None = None
    is_deaf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """That the stop switch is off, as the ledger has it: since when, by whom, why ("" when they did not say).

    Nobody knows since when or by whom if the switch was turned past the ledger: `at` is None, and `by` "".
    `hung_up` calls were told to end at once; `unnamed` ones the carrier had yet to name, and end when it does.
    """

    at: datetime | None = None
    by: str = ""
    reason: str = ""
    hung_up: int = 0
    unnamed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLine:
    """How often a rule refused or deferred."""

    rule: str
    code: str
    citation: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """Where a campaign's budget stands: amounts as exact decimal text."""

    spent: str
    promised: str
    amount: str
    currency: str
    is_used_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallersLine:
    """How many of a campaign's numbers the carrier refused to show and that therefore rest, until the first is back."""

    resting: int
    numbers: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceLine:
    """The last decision of a predictive campaign that opened calls; `found` is a `dialer.pace.Pace` as sealed."""

    at: datetime
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """Counts of a slice of time, for the plot; `at` is its start."""

    at: datetime
    attempts: int
    answered: int
    talked: int
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a campaign stands. Shares are 0 to 1; times are seconds.

    `abandoned` were served by nobody in time, `abandoned_limit` is the most their share may be (None: no law is known
    here). `refused` is the carrier's code for which it is paused, None when it is not, or for another reason. `mode` is
    how numbers are dialled (a `compliance.terms.Technology`).
    """

    campaign: str
    title: Mapping[str, str]
    state: str
    now: datetime
    mode: str = "progressive"
    enrolled: int = 0
    rejected: int = 0
    waiting: int = 0
    trying: int = 0
    done: int = 0
    held_out: int = 0
    endings: Mapping[str, int] = field(default_factory=dict)
    calls: int = 0
    live: int = 0
    answered: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    refusals: tuple[RefusalLine, ...] = ()
    mails_sent: int = 0
    mails_answered: int = 0
    mails_unsubscribed: int = 0
    mails_bounced: int = 0
    abandoned: int = 0
    abandoned_share: float = 0.0
    abandoned_limit: float | None = None
    occupancy: float = 0.0
    talk_s: int = 0
    suppressions: int = 0
    connect_p50_s: float | None = None
    connect_p99_s: float | None = None
    list_ends_at: datetime | None = None
    last_event_at: datetime | None = None
    ledger_rows: int = 0
    budget: BudgetLine | None = None
    callers: CallersLine | None = None
    refused: str | None = None
    pace: PaceLine | None = None
    agents: tuple[AgentLine, ...] = ()
    minutes: tuple[Minute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that is on record of one person. Lists are oldest first."""

    needle: str
    contacts: tuple[Contact, ...] = ()
    leads: tuple[Lead, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
