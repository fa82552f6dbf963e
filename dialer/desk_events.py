"""What an agent does before a call and notes during it, in the past tense: dialled, skipped, duties done, a refusal."""

from dataclasses import dataclass
from enum import StrEnum

from dialer.events import AgentEvent


class OpinionKind(StrEnum):
    """What kind of word a customer said about us."""

    PRAISE = "praise"
    COMPLAINT = "complaint"
    REQUEST = "request"
    QUESTION = "question"
    PRICE = "price"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEvent(AgentEvent):
    """Something an agent did or noted about the call that is theirs."""

    attempt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTicked(TalkEvent):
    """The agent says that a duty of the permit (`duty` is its code) was done, or takes that back."""

    duty: str
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionHeard(TalkEvent):
    """The customer said what they think of us, or what they would like; `note` is that in the agent's words."""

    category: OpinionKind
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalHeard(TalkEvent):
    """The customer said: never again. It holds from this moment on, and the talk may come to its end."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHungUp(TalkEvent):
    """The agent ended the call, and has yet to say what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewEvent(AgentEvent):
    """What an agent decided about the person before them; `preview` is which."""

    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewAccepted(PreviewEvent):
    """The agent wants to dial this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSkipped(PreviewEvent):
    """The agent does not dial this person now; `reason` is one of the campaign's ids."""

    reason: str
    note: str = ""
