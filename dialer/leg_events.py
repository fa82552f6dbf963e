"""What the carrier tells of a call that we make to an agent, so that they sit in their room, in the past tense."""

from dataclasses import dataclass

from dialer.events import AgentEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEvent(AgentEvent):
    """Something that happened to one call to an agent; `leg` is our own id for it."""

    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPlaced(LegEvent):
    """The carrier took the order; `reference` is its own id for the call."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRefused(LegEvent):
    """The carrier refused the order, and made no call; `code` is its reason."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegUnsure(LegEvent):
    """Nobody knows whether the carrier took the order."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegNotPlaced(LegEvent):
    """Surely not under way: it was never sent, or the carrier was asked and knows of no such call."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRinging(LegEvent):
    """The agent's telephone rings."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered(LegEvent):
    """Somebody, or a mailbox, picked up, and waits to be told what to do."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegKeyed(LegEvent):
    """Whoever picked up pressed a key: no mailbox does."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(LegEvent):
    """The call to the agent is over."""

    reference: str
