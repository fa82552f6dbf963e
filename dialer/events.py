"""What the world tells us, in our words and in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from compliance.question import Suppression


class AnsweredBy(StrEnum):
    """Who picked up, as far as the carrier can tell."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    UNKNOWN = "unknown"


class CallEnding(StrEnum):
    """How the carrier says a call ended."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


class Fault(StrEnum):
    """Whose fault it is that the carrier refused a call: what should rest until somebody has seen to it."""

    NUMBER = "number"
    CALLER = "caller"
    ACCOUNT = "account"
    CONFIGURATION = "configuration"
    COUNTRY = "country"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `key` is unique for what happened, so a repeat is known as one."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEvent(Event):
    """Something that happened to one attempt."""

    attempt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlaced(AttemptEvent):
    """The carrier accepted the call; `reference` is its own id for it."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRejected(AttemptEvent):
    """The carrier refused the call and did not make it. `permanent`: the number itself is at fault, for good."""

    code: str
    detail: str
    permanent: bool = False
    fault: Fault = Fault.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class CallThrottled(AttemptEvent):
    """The carrier, or the way to it, surely did not take the order (429, connection refused): the slot goes back."""

    detail: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnsure(AttemptEvent):
    """Nobody knows whether the carrier took the order."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotPlaced(AttemptEvent):
    """Surely never dialled: the carrier's longest accept delay has passed without a trace, or it was never sent."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(AttemptEvent):
    """The carrier has the call and has not dialled it yet: it would ring at a time that nobody judged."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDialed(AttemptEvent):
    """The carrier dials: the call has left its queue."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRinging(AttemptEvent):
    """The person's phone rings."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(AttemptEvent):
    """The line was picked up and waits to be told what to do."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWaited(AttemptEvent):
    """The person who answered still waits to be told what to do: they were asked to wait for an agent."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallConnected(AttemptEvent):
    """The person is in the agent's room."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScreened(AttemptEvent):
    """The carrier judged who picked up. `greeting_over`: a machine that takes a message now."""

    reference: str
    answered_by: AnsweredBy
    greeting_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptedOut(AttemptEvent):
    """The person pressed the key that says: never again."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallKeyed(AttemptEvent):
    """The person pressed a key while a message was played; `pressed` is what."""

    reference: str
    pressed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecorded(AttemptEvent):
    """The carrier says how a recording stands: `in-progress`, `completed` (`seconds` long, at `url`) or `absent`.

    `recording` is the carrier's id for it. `url` holds no credentials, and is empty while there is nothing to fetch.
    """

    reference: str
    recording: str
    url: str
    seconds: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(AttemptEvent):
    """The call is over. `talk_s` is the carrier's duration in seconds, 0 when never answered."""

    reference: str
    ending: CallEnding
    talk_s: int = 0
    price: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPriced(AttemptEvent):
    """The carrier says what a call that is over cost: `price` in `currency` (ISO 4217), 0 or more."""

    reference: str
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEvent(Event):
    """Something an agent did or suffered."""

    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReady(AgentEvent):
    """The agent is in their room and takes calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAway(AgentEvent):
    """The agent takes no more calls; `reason` is which break it is, "" when they do not say."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(AgentEvent):
    """The agent's line is in their room; `reference` is the carrier's own id for that leg."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft(AgentEvent):
    """A line of the agent's left their room, whether they meant it or not."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDisposed(AgentEvent):
    """The agent said what happened. `disposition` is one of the campaign's ids."""

    attempt: str
    disposition: str
    note: str = ""
    callback_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent(Event):
    """A manager's word about a campaign; `by` is who said it, and `reason` why, "" when they did not say."""

    campaign: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStarted(CampaignEvent):
    """Begin, or go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPaused(CampaignEvent):
    """No new attempts until started again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStopped(CampaignEvent):
    """No new attempts, ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSuppressed(Event):
    """Somebody must not be contacted again, from this moment on."""

    suppression: Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchTurned(Event):
    """The global stop switch was turned by somebody, and why: `enabled` means that dialing is allowed."""

    enabled: bool
    by: str
    reason: str = ""


CallEvent = (
    CallPlaced
    | CallRejected
    | CallThrottled
    | CallUnsure
    | CallNotPlaced
    | CallQueued
    | CallDialed
    | CallRinging
    | CallAnswered
    | CallWaited
    | CallConnected
    | CallScreened
    | CallOptedOut
    | CallRecorded
    | CallKeyed
    | CallEnded
    | CallPriced
)
