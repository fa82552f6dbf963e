"""What a plan is made of: attempts to open, people to show first, leads that may not be approached now."""

from dataclasses import dataclass

from campaigns.contact import Lead
from compliance.question import Question, Verdict
from dialer.agents import Agent
from dialer.attempt import Attempt
from dialer.orders import PlaceCall, SendMail
from dialer.pace import Pace
from dialer.previews import Preview
from dialer.quarantine import Broken
from dialer.ranking import Given
from dialer.view import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was asked and what the law answered."""

    question: Question
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An attempt to open: the lead as it will be, the agent to reserve, the order to give after commit.

    `pace` is why so many calls are opened at once, where no agent is reserved for each; `preview` is how the agent saw
    the person, where they did.
    """

    attempt: Attempt
    lead: Lead
    agent: Agent | None
    ruling: Ruling
    order: PlaceCall | SendMail
    pace: Pace | None = None
    given: Given | None = None
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A person to put before an agent: the lead as it will be, and what the law said at that moment."""

    preview: Preview
    lead: Lead
    agent: Agent
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A lead that may not be approached now: what was refused, and the lead as it will be.

    `held` is the preview that this ends, of an agent who wanted to dial.
    """

    lead: Lead
    contact: str
    rulings: tuple[Ruling, ...]
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one look at the floor leads to."""

    openings: tuple[Opening, ...] = ()
    showings: tuple[Showing, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    broken: tuple[Broken, ...] = ()

    @property
    def calls(self) -> int:
        """How many calls are opened."""
        return sum(isinstance(opening.order, PlaceCall) for opening in self.openings)
