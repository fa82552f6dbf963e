"""What managers and officers read, from one snapshot."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from adapters.store.agents import Agents
from adapters.store.claims import known_of
from adapters.store.desks import desk_of
from adapters.store.handlings import every_handling, every_listening
from adapters.store.heads import known_calls, restored
from adapters.store.mapping import ENTRY_COLUMNS, SUPPRESSION_COLUMNS, to_entry, to_suppression
from adapters.store.part import pick
from adapters.store.prices import unpriced
from adapters.store.statement import Runner, Session, Statement
from adapters.store.stops import stopped_by
from adapters.store.story import tell
from adapters.store.summary import summarise
from adapters.store.tables import CAMPAIGN, LEDGER, SUPPRESSION
from adapters.store.tallies import first_call, tally
from adapters.store.tries import tried
from adapters.store.turns import halts
from adapters.store.workload import present, workload
from campaigns.contact import Contact
from compliance.answers import Tally
from compliance.ledger import LedgerEntry
from compliance.question import Suppression
from dialer.agents import Agent
from dialer.attempt import Attempt
from dialer.desks import Desk
from dialer.foresight import Tried
from dialer.halts import Halt, Restoration
from dialer.handling import Handling
from dialer.listening import Listening
from dialer.need import Workload
from dialer.presence import Present
from dialer.reports import Stopped, Story, Summary
from dialer.view import Due

_LEDGER = Statement(
    select(*pick(LEDGER, ENTRY_COLUMNS)).where(LEDGER.c.seq > bindparam("after")).order_by(LEDGER.c.seq)
)
_HEAD = Statement(select(*pick(LEDGER, ENTRY_COLUMNS)).order_by(LEDGER.c.seq.desc()).limit(1))
_CAMPAIGNS = Statement(select(CAMPAIGN.c.id).order_by(CAMPAIGN.c.id))
_SUPPRESSIONS = Statement(
    select(*pick(SUPPRESSION, SUPPRESSION_COLUMNS))
    .where(SUPPRESSION.c.lifted_at.is_(None))
    .order_by(SUPPRESSION.c.at, SUPPRESSION.c.id)
)


class SqlReports:
    """Reads on one connection, inside the transaction that it is in."""

    def __init__(self, session: Session) -> None:
        """Take a connection whose transaction has begun."""
        self._run = Runner(session)

    def close(self) -> None:
        """Let go of the cursor, in the thread that used it."""
        self._run.close()

    def summary(self, campaign: str, now: datetime, factor: float = 1.0) -> Summary:
        """Return how a campaign stands, waits in real seconds under a clock `factor` times as fast.

        Raises KeyError when there is none of that id.
        """
        return summarise(self._run, campaign, now, factor)

    def stopped(self) -> Stopped | None:
        """Return who turned the stop switch off, when and why; None while dialing is allowed."""
        return stopped_by(self._run)

    def story(self, needle: str) -> Story:
        """Return all that is on record of a number (any way of writing), an e-mail address or a contact key."""
        return tell(self._run, needle)

    def ledger(self, after: int = 0) -> Iterable[LedgerEntry]:
        """Yield the ledger's entries in order, those after sequence number `after`."""
        return map(to_entry, self._run.stream(_LEDGER, {"after": after}))

    def ledger_head(self) -> LedgerEntry | None:
        """Return the ledger's last entry."""
        row = self._run.row(_HEAD, {})
        return None if row is None else to_entry(row)

    def halts(self) -> Sequence[Halt]:
        """Return what keeps every engine from calling, in force or not, by name."""
        return halts(self._run)

    def restoration(self) -> Restoration | None:
        """Return the last word on a database that came back from a backup; None when there was none."""
        return restored(self._run)

    def known_calls(self, references: Sequence[str]) -> frozenset[str]:
        """Return those of the carrier's references that are of attempts of ours."""
        return known_calls(self._run, references)

    def unpriced(self, since: datetime, until: datetime, limit: int) -> Sequence[Attempt]:
        """Return calls that were answered and over between two instants and have no price, those over first first."""
        return unpriced(self._run, since, until, limit)

    def first_call(self, campaign: str) -> datetime | None:
        """Return when a campaign's first call was opened; None when it has made none."""
        return first_call(self._run, campaign)

    def tally(self, campaign: str, since: datetime, until: datetime, within_s: float) -> Tally:
        """Return how calls opened in [`since`, `until`) and over were answered, and served within so many seconds."""
        return tally(self._run, campaign, since, until, within_s)

    def tried(self, since: datetime | None, limit: int) -> Sequence[Tried]:
        """Return the calls that were over at or after `since` (None: ever), the last so many, latest first."""
        return tried(self._run, since, limit)

    def campaigns(self) -> Sequence[str]:
        """Return the ids of all campaigns."""
        return [campaign for (campaign,) in self._run.rows(_CAMPAIGNS, {})]

    def suppressions(self) -> Iterable[Suppression]:
        """Yield every do-not-contact entry, oldest first."""
        return map(to_suppression, self._run.stream(_SUPPRESSIONS, {}))

    def agents(self) -> Sequence[Agent]:
        """Return every agent, by id."""
        return Agents(self._run).agents()

    def desk(self, agent: str) -> Desk | None:
        """Return one agent's desk, None for an agent nobody knows."""
        return desk_of(self._run, agent)

    def handlings(self) -> tuple[Handling, ...]:
        """Return every call that is held, muted or handed over, by attempt."""
        return every_handling(self._run)

    def listenings(self) -> tuple[Listening, ...]:
        """Return every supervisor who listens or is about to, by id."""
        return every_listening(self._run)

    def known_of(self, contact: Contact, until: datetime) -> Due:
        """Return what the judge needs of a person, as far as it had happened by `until`; the lead in it is made up."""
        return known_of(self._run, contact, until)

    def present(self, since: datetime, until: datetime) -> Sequence[Present]:
        """Return who was there in each half hour of [`since`, `until`), the last one cut short."""
        return present(self._run, since, until)

    def workload(
        self, campaign: str, steps: Sequence[int], day: tuple[datetime, datetime], now: datetime
    ) -> Workload:
        """Return what a campaign has to call between two instants, by half hours, and what calls took."""
        return workload(self._run, campaign, steps, day, now)
