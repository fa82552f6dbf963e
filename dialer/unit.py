"""What one transaction can read and write, and what reports can be read, as protocols."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from campaigns.campaign import Campaign
from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState
from campaigns.roster import Candidate
from compliance.ledger import LedgerEntry, Record
from compliance.question import Consent, Reassignment, Suppression
from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.claiming import Claiming
from dialer.counting import Counting
from dialer.desks import Desks
from dialer.halts import Halt, Restoration
from dialer.handling import Handlings, LiveHandlings
from dialer.keeping import Keeping
from dialer.leases import Lease
from dialer.listening import Listenings, LiveListenings
from dialer.presence import Presence, Workloads
from dialer.reports import Stopped, Story, Summary
from dialer.sealing import Sealing
from dialer.showing import Previews
from dialer.view import CampaignState, Due


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign as stored: which version of its file is in force, and its state."""

    id: str
    version: str
    state: CampaignState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides at a glance whether an attempt may go on; who `is_named` on the do-not-contact list is looked at."""

    state: AttemptState
    campaign: CampaignState
    is_enabled: bool
    is_named: bool


class Unit(Claiming, Keeping, Presence, Previews, Sealing, Handlings, Listenings, Protocol):
    """One transaction. Every write that changes a state names the state it expects, else raises StaleState."""

    def take_turn(self, owner: str) -> None:
        """Wait until no other engine plans; they wait in turn until the end of this transaction."""
        ...

    def leases(self) -> Sequence[Lease]:
        """Return every lease there is, over or not."""
        ...

    def hold(self, names: Sequence[str], owner: str, ttl: timedelta) -> None:
        """Take or renew leases, for so long by the database's own clock. Only after `take_turn`."""
        ...

    def leave(self, names: Sequence[str], owner: str) -> None:
        """Let go of leases that are the owner's."""
        ...

    def halts(self) -> Sequence[Halt]:
        """Return what keeps every engine from calling, in force or not, by name."""
        ...

    def halt(self, halt: Halt) -> None:
        """Keep every engine from calling; a shorter word does not undo a longer one of the same name."""
        ...

    def lift_halt(self, name: str) -> bool:
        """Let engines call again; False when there was no halt of that name."""
        ...

    def campaigns(self) -> Sequence[CampaignRow]:
        """Return every campaign known, by id."""
        ...

    def campaign_text(self, campaign: str, version: str) -> str | None:
        """Return the stored campaign (canonical JSON) of that version."""
        ...

    def save_campaign(self, campaign: Campaign, version: str, at: datetime) -> None:
        """Store a version of a campaign, as a draft when new, and make it the one in force."""
        ...

    def set_campaign_state(self, campaign: str, new: CampaignState, expected: CampaignState) -> None:
        """Move a campaign to another state."""
        ...

    def standing(self, attempt: str) -> Standing | None:
        """Return how an attempt stands, in one look; None when there is none of that id."""
        ...

    def is_dialing_enabled(self) -> bool:
        """Tell whether the global stop switch is off."""
        ...

    def set_dialing(self, *, enabled: bool) -> None:
        """Turn the global stop switch."""
        ...

    def agents(self) -> Sequence[Agent]:
        """Return every agent, by id."""
        ...

    def agent(self, agent: str) -> Agent | None:
        """Return one agent."""
        ...

    def ready_agent(self, agent: str) -> Agent | None:
        """Return an agent who is ready and whom no other transaction is just taking."""
        ...

    def put_agent(self, agent: Agent) -> None:
        """Add an agent, or refresh name, languages and skills of a known one, leaving its state alone."""
        ...

    def save_agent(self, agent: Agent, expected: AgentState) -> None:
        """Write an agent's new state."""
        ...

    def live_attempts(self) -> Sequence[Attempt]:
        """Return every call not over; there are no more of them than lines."""
        ...

    def queued(self, opened_before: datetime) -> Sequence[Attempt]:
        """Return the calls opened before then that the carrier has taken and not yet dialled."""
        ...

    def live_calls(self) -> Sequence[tuple[str, str, str]]:
        """Return (campaign, number, contact) of every call not over."""
        ...

    def mails_opened(self) -> int:
        """Count the mails that were opened and that no server has taken or refused yet."""
        ...

    def calls_opened_since(self, at: datetime, campaign: str | None = None) -> int:
        """Count calls opened at or after `at`, of one campaign or of all."""
        ...

    def due_mails(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], end: int
    ) -> Sequence[Due]:
        """Return due leads like `due_calls`, in whatever language, by the time they came due.

        Leads on a step from `end` on come too: the campaign had more steps when they were put there.
        """
        ...

    def open(self, attempt: Attempt, lead: Lead) -> None:
        """Insert an attempt and move its lead from waiting; StaleState when the number already has a live call."""
        ...

    def attempt(self, attempt: str) -> Attempt | None:
        """Return one attempt."""
        ...

    def attempts(self, names: Sequence[str]) -> Sequence[Attempt]:
        """Return attempts as they are committed, locking none."""
        ...

    def references_to(self, address: str, since: datetime) -> frozenset[str]:
        """Return the carrier's references of every attempt to an address that was opened at or after an instant."""
        ...

    def save_attempt(self, attempt: Attempt, expected: AttemptState) -> None:
        """Write an attempt's new state and facts."""
        ...

    def silent(self, now: datetime, limit: int) -> Sequence[Attempt]:
        """Return attempts not over whose deadline has passed, oldest first."""
        ...

    def lead(self, lead: int) -> Lead | None:
        """Return one lead."""
        ...

    def has_leads_left(self, campaign: str) -> bool:
        """Tell whether there is a lead, hold-outs apart, that is not done."""
        ...

    def save_lead(self, lead: Lead, expected: LeadState) -> None:
        """Write a lead's new state."""
        ...

    def contact(self, contact: str) -> Contact | None:
        """Return one contact by key."""
        ...

    def enrol(self, campaign: str, batch: Sequence[Candidate], due: datetime) -> Sequence[bool]:
        """Put contacts on the list; for each, whether it is new to this campaign. Known contacts are refreshed."""
        ...

    def remember(
        self, key: str, attempt: str | None, kind: str, at: datetime, body: Mapping[str, object]
    ) -> bool:
        """Store an event; False when one with this key is there already."""
        ...

    def suppress(self, suppression: Suppression) -> bool:
        """Add a do-not-contact entry; False when the same scope is suppressed already."""
        ...

    def suppressions_of(self, contact: Contact) -> Sequence[Suppression]:
        """Return the do-not-contact entries that name the person or any address of theirs."""
        ...

    def people_named(self, whom: str) -> Sequence[Contact]:
        """Return whoever is known by a number (any way of writing), an e-mail address or a contact key."""
        ...

    def give_consent(self, contact: str, consent: Consent, *, by: str, at: datetime) -> None:
        """Keep a permission that a person gave."""
        ...

    def take_back(self, contact: str, *, seller: str | None, reason: str, by: str, at: datetime) -> None:
        """Keep that a person took every permission back, from a seller or from all (None)."""
        ...

    def keep_answers(self, answers: Mapping[str, Reassignment], *, by: str) -> None:
        """Keep what the Reassigned Numbers Database said of numbers (E.164), the newest answer of each."""
        ...

    def lift(
        self, whom: str, *, by: str, approved_by: str, reason: str, at: datetime
    ) -> Sequence[Suppression]:
        """Lift every do-not-contact entry that names somebody or any address of theirs; return those there were."""
        ...

    def permit(self, attempt: str) -> Mapping[str, Any] | None:
        """Return the body of the ledger's record that permitted an attempt."""
        ...

    def record(self, records: Iterable[Record]) -> None:
        """Seal records onto the ledger, in order."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """Return the earliest time after `now` at which a lead, an attempt or an agent needs a look."""
        ...


class Reports(Counting, Desks, LiveHandlings, LiveListenings, Workloads, Protocol):
    """What managers and officers read, from a snapshot of its own."""

    def summary(self, campaign: str, now: datetime, factor: float = 1.0) -> Summary:
        """Return how a campaign stands; its times were measured by a clock that runs `factor` times as fast."""
        ...

    def stopped(self) -> Stopped | None:
        """Return who turned the stop switch off, when and why; None while dialing is allowed."""
        ...

    def story(self, needle: str) -> Story:
        """Return all that is on record of a number (any way of writing), an e-mail address or a contact key."""
        ...

    def ledger(self, after: int = 0) -> Iterable[LedgerEntry]:
        """Yield the ledger's entries in order, those after sequence number `after`."""
        ...

    def ledger_head(self) -> LedgerEntry | None:
        """Return the ledger's last entry."""
        ...

    def halts(self) -> Sequence[Halt]:
        """Return what keeps every engine from calling, in force or not, by name."""
        ...

    def restoration(self) -> Restoration | None:
        """Return the last word on a database that came back from a backup; None when there was none."""
        ...

    def campaigns(self) -> Sequence[str]:
        """Return the ids of all campaigns."""
        ...

    def suppressions(self) -> Iterable[Suppression]:
        """Yield every do-not-contact entry that stands, oldest first."""
        ...

    def known_of(self, contact: Contact, until: datetime) -> Due:
        """Return what the judge needs of a person, as far as it had happened by `until`; the lead in it is made up."""
        ...
