"""What the planner sees: one bounded look at campaigns, agents, lines and due leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead
from compliance.question import Listing, PastContact, Reassignment, Suppression
from dialer.agents import Agent
from dialer.pace import Pace
from dialer.previews import Preview
from dialer.ranking import Given
from dialer.shortlist import EMPTY, Shortlist
from dialer.spending import Balance
from dialer.starts import Starts


class CampaignState(StrEnum):
    """draft → running ⇄ paused → finished; stopped from any but draft."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A lead whose time has come, with all that the judge needs; the last two are by number (E.164)."""

    lead: Lead
    contact: Contact
    history: tuple[PastContact, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    reassignments: Mapping[str, Reassignment] = field(default_factory=dict)
    listings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A person whom an agent wants to dial, with all that the judge needs."""

    preview: Preview
    due: Due
    agent: Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """One campaign as the planner sees it: `lines` are calls alive now; `balance` is None without a budget.

    `paces` say, by language, how many calls a predictive campaign may open now; `held` are the people whom agents of a
    previewing campaign want to dial; `given` is by lead why it is their turn, `coming` by language the mean chance of
    those who are next, `short` whoever is worth calling.
    """

    campaign: Campaign
    version: str
    due: tuple[Due, ...]
    lines: int = 0
    mails: int = 0
    balance: Balance | None = None
    paces: Mapping[str, Pace] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    given: Mapping[int, Given] = field(default_factory=dict)
    coming: Mapping[str, float] = field(default_factory=dict)
    short: Shortlist = EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything `plan` may look at.

    `busy` holds the numbers and contacts with a live call, `held` those that agents look at before one, `resting`
    numbers of ours that may not be shown, `starts` how many calls may be begun now, `mails` counts those opened that no
    server has taken yet.
    """

    floors: tuple[Floor, ...]
    agents: tuple[Agent, ...]
    busy: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    starts: Starts = field(default_factory=Starts)
    mails: int = 0
    dialing_enabled: bool = True
    carrier_open: bool = True

    @property
    def given(self) -> dict[int, Given]:
        """Why it is whose turn, by lead."""
        return {lead: why for floor in self.floors for lead, why in floor.given.items()}

    @property
    def coming(self) -> dict[tuple[str, str], float]:
        """The mean chance of those who are next, by campaign and language."""
        return {
            (floor.campaign.id, language): chance
            for floor in self.floors
            for language, chance in floor.coming.items()
        }

    @property
    def is_predicting(self) -> bool:
        """Whether a moment may let more calls be opened, though nothing happens in it."""
        return any(
            floor.due or any(pace.in_flight for pace in floor.paces.values())
            for floor in self.floors
            if floor.campaign.pacing.is_predictive
        ) or any(floor.held for floor in self.floors)
