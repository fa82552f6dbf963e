"""A person shown to an agent before the call: who is held for whom, until when, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from campaigns.outcome import LeadState


class PreviewState(StrEnum):
    """shown → wanted → over, or shown → over."""

    SHOWN = "shown"
    WANTED = "wanted"
    OVER = "over"


class Why(StrEnum):
    """How a preview came to its end."""

    DIALED = "dialed"
    SKIPPED = "skipped"
    TIMEOUT = "timeout"  # nobody pressed anything
    NO_LINE = (
        "no_line"  # the agent wanted to dial, and in all the time there was no line, no start or no budget
    )
    REFUSED = "refused"  # the law said no when it was asked again
    BUSY = "busy"  # the person or the number is on another call
    SUPPRESSED = "suppressed"
    STOPPED = "stopped"  # the stop switch
    CAMPAIGN = "campaign"  # it is paused, stopped, over, or dialled otherwise now
    CHANGED = "changed"  # something else was learnt of the person meanwhile
    AGENT = "agent"  # gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One person before one agent. `lead` waits meanwhile, due at `held_until`: so nobody else is offered them.

    `address` (E.164) would be dialled first. `deadline` is when the look, or the wait for a line, is over; `over_at`
    and `why` tell how it ended. An agent has one row: the last preview of theirs.
    """

    id: str
    agent: str
    campaign: str
    lead: int
    contact: str
    address: str
    state: PreviewState
    shown_at: datetime
    deadline: datetime
    held_until: datetime
    over_at: datetime | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A preview under way, with its lead as it stands; `is_named`: a do-not-contact entry names the person."""

    preview: Preview
    lead_state: LeadState
    lead_due: datetime | None
    is_named: bool

    @property
    def is_held(self) -> bool:
        """Whether the lead is as it was left when the person was shown."""
        return self.lead_state is LeadState.WAITING and self.lead_due == self.preview.held_until
