"""One try on one channel: its states, and what is known of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from campaigns.outcome import Outcome
from compliance.terms import Channel


class AttemptState(StrEnum):
    """Call: opened → placed → ringing → answered → connected → over, or unsure. Mail: opened → accepted → over."""

    OPENED = "opened"
    UNSURE = "unsure"
    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    CONNECTED = "connected"
    ACCEPTED = "accepted"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try. `address` is the E.164 number or the e-mail; `deadline` is when silence must be asked about.

    `traits` is what was known of the person before a call (`dialer.traits`), `odds` the chance given to it by them.
    """

    id: str
    campaign: str
    version: str
    lead: int
    contact: str
    channel: Channel
    ordinal: int
    address: str
    nonce: str
    state: AttemptState
    opened_at: datetime
    deadline: datetime | None = None
    caller_id: str | None = None
    language: str = "ja"
    agent: str | None = None
    reference: str | None = None
    placed_at: datetime | None = None
    dialed_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    over_at: datetime | None = None
    answered_by: str | None = None
    talk_s: int = 0
    outcome: Outcome | None = None
    disposition: str | None = None
    note: str = ""
    callback_at: datetime | None = None
    asked: int = 0
    price: Decimal | None = None
    currency: str | None = None
    odds: float | None = None
    traits: str | None = None
