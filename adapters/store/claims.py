"""Leads whose time has come, with all that the judge needs: four statements for a batch, however large."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Text, bindparam, case, cast, func, or_, select, type_coerce, union_all

from adapters.store.columns import any_of, to_instant
from adapters.store.conditions import LIVE, WAITING
from adapters.store.dialects import Among, listed
from adapters.store.mapping import (
    CONTACT_COLUMNS,
    LEAD_COLUMNS,
    SUPPRESSION_COLUMNS,
    mailbox_of,
    to_due,
    to_suppression,
)
from adapters.store.officer import Known
from adapters.store.part import NOW, Part, pick
from adapters.store.statement import Row, Runner, Statement
from adapters.store.tables import (
    AGENT,
    ATTEMPT,
    CAMPAIGN,
    CAMPAIGN_VERSION,
    CONTACT,
    EVENT,
    LEAD,
    SUPPRESSION,
)
from campaigns.contact import Contact, Lead
from campaigns.outcome import TALKED, LeadState, Outcome
from compliance.question import PastContact, Suppression
from compliance.terms import Channel
from dialer.view import CampaignState, Due

_SAID = {
    **{outcome.value: "talked" for outcome in TALKED},
    Outcome.REFUSED.value: "refused",
    Outcome.OPTED_OUT.value: "opted_out",
    Outcome.ABANDONED.value: "abandoned",
    Outcome.MACHINE.value: "machine",
}
"""What an outcome adds to a person's history beside that they were tried."""
Pair = tuple[Lead, Contact]

# Plus nothing: so that the index by rank is used, where the first rows are the answer, and not the one by time, where
# all that are due would have to be sorted.
DUE_AT = type_coerce(LEAD.c.due, BigInteger) + 0
TAKEN_UP = (
    select(*pick(LEAD, LEAD_COLUMNS), *pick(CONTACT, CONTACT_COLUMNS))
    .join_from(LEAD, CONTACT, CONTACT.c.key == LEAD.c.contact)
    .where(WAITING)
    .limit(bindparam("limit"))
)
_OF_CAMPAIGN = TAKEN_UP.where(LEAD.c.campaign == bindparam("campaign"))
CALLS_IN_ANY = _OF_CAMPAIGN.where(Among(cast(LEAD.c.step, Text), "steps"))
_CALLS = CALLS_IN_ANY.where(Among(CONTACT.c.language, "languages")).order_by(
    LEAD.c.rank, LEAD.c.due, LEAD.c.id
)
_DUE_CALLS = Statement(_CALLS.where(DUE_AT <= NOW))
_FEW_DUE_CALLS = Statement(_CALLS.where(LEAD.c.due <= NOW))
_FEW = 200
"""Due leads up to which they are found by time and then sorted; from there on the first of them are found by rank."""
_DUE_AT_ALL = Statement(
    select(func.count()).select_from(
        select(LEAD.c.id)
        .where(LEAD.c.campaign == bindparam("campaign"), WAITING, LEAD.c.due <= NOW)
        .limit(bindparam("limit"))
        .subquery()
    )
)
_BY_TIME = _OF_CAMPAIGN.where(LEAD.c.due <= NOW).order_by(LEAD.c.due, LEAD.c.id)
_DUE_MAILS = Statement(_BY_TIME.where(LEAD.c.step == bindparam("step")))
_DUE_BEYOND = Statement(_BY_TIME.where(LEAD.c.step >= bindparam("step")))
_UNSUBSCRIBED = (
    select(func.min(EVENT.c.at))
    .where(EVENT.c.attempt == ATTEMPT.c.id, EVENT.c.kind.in_(any_of(["MailUnsubscribed", "MailComplained"])))
    .scalar_subquery()
)
# What was surely never sent out did not reach anybody, so it is no contact.
_HISTORY = Statement(
    select(
        ATTEMPT.c.contact,
        ATTEMPT.c.opened_at,
        func.coalesce(ATTEMPT.c.over_at, ATTEMPT.c.connected_at, ATTEMPT.c.opened_at),
        ATTEMPT.c.outcome,
        ATTEMPT.c.channel,
        ATTEMPT.c.address,
        ATTEMPT.c.campaign,
        CAMPAIGN_VERSION.c.seller,
        CAMPAIGN_VERSION.c.product,
        case((ATTEMPT.c.channel == Channel.EMAIL.value, _UNSUBSCRIBED)),
    )
    .join_from(
        ATTEMPT,
        CAMPAIGN_VERSION,
        (CAMPAIGN_VERSION.c.campaign == ATTEMPT.c.campaign)
        & (CAMPAIGN_VERSION.c.version == ATTEMPT.c.version),
    )
    .where(
        or_(Among(ATTEMPT.c.contact, "people"), Among(ATTEMPT.c.address, "numbers")),
        or_(ATTEMPT.c.outcome.is_(None), ATTEMPT.c.outcome != Outcome.NOT_PLACED.value),
    )
    .order_by(ATTEMPT.c.opened_at)
)
_REFUSALS = frozenset({"refused", "opted_out", "unsubscribed"})
_ADDRESS = 5
"""Where the address stands in a row of the history."""
_SUPPRESSED = Statement(
    union_all(
        *(
            select(*pick(SUPPRESSION, SUPPRESSION_COLUMNS)).where(
                Among(SUPPRESSION.c[by], among), SUPPRESSION.c.lifted_at.is_(None)
            )
            for by, among in (("number", "numbers"), ("mailbox", "mailboxes"), ("person", "people"))
        )
    )
)
_LEFT = Statement(
    select(LEAD.c.id)
    .where(
        LEAD.c.campaign == bindparam("campaign"),
        LEAD.c.holdout.is_(False),
        LEAD.c.state.in_(any_of([LeadState.WAITING, LeadState.TRYING])),
    )
    .limit(1)
)
_NEXT_LEAD = (
    select(func.min(LEAD.c.due))
    .where(LEAD.c.campaign == CAMPAIGN.c.id, WAITING, LEAD.c.due > NOW)
    .scalar_subquery()
)
_NEXT = Statement(
    union_all(
        select(_NEXT_LEAD).select_from(CAMPAIGN).where(CAMPAIGN.c.state == CampaignState.RUNNING.value),
        select(func.min(ATTEMPT.c.deadline)).where(LIVE, ATTEMPT.c.deadline > NOW),
        select(func.min(AGENT.c.deadline)).where(AGENT.c.deadline > NOW),
    )
)


class Claims(Part):
    """What the planner looks at."""

    def waiting_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], languages: Sequence[str]
    ) -> Sequence[Pair]:
        """Return the waiting, not held-out leads on these steps, of people who speak one of these languages.

        Their due time has come; they come by rank.
        """
        params = {"campaign": campaign, "now": now, "limit": _FEW}
        found = self._run.value(_DUE_AT_ALL, params)
        statement = _DUE_CALLS if found == _FEW else _FEW_DUE_CALLS
        among = {"steps": listed(map(str, steps)), "languages": listed(languages), "limit": limit}
        return list(map(to_due, self._run.rows(statement, {**params, **among}))) if found else ()

    def due_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], languages: Sequence[str]
    ) -> Sequence[Due]:
        """Return the same with all that the judge needs.

        A person's history is of all campaigns; suppressions are all that name the person or any address of theirs.
        """
        return self.in_full(self.waiting_calls(campaign, now, limit, steps=steps, languages=languages))

    def due_mails(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], end: int
    ) -> Sequence[Due]:
        """Return the same in whatever language, step by step, by the time they came due; last those beyond `end`."""
        found: list[Due] = []
        for statement, step in (*((_DUE_MAILS, step) for step in steps), (_DUE_BEYOND, end)):
            params = {"campaign": campaign, "now": now, "limit": limit - len(found), "step": step}
            found += self.in_full(list(map(to_due, self._run.rows(statement, params))))
        return found

    def in_full(self, pairs: Sequence[Pair]) -> Sequence[Due]:
        """Return these leads of people, in the same order, with all that the judge needs."""
        if not pairs:
            return []
        people = [contact for _, contact in pairs]
        history, suppressions = self.history(people), self._suppressions(people)
        known = Known(self._run, people)
        return [
            Due(
                lead=lead,
                contact=known.contact(contact),
                history=(
                    *_since(_of_person(history, contact), known.released_at(contact)),
                    *known.withdrawn(contact),
                ),
                suppressions=tuple(_of_contact(suppressions, contact)) if suppressions else (),
                reassignments=known.answers(contact),
            )
            for lead, contact in pairs
        ]

    def history(self, people: Sequence[Contact]) -> list[Row]:
        """Return what was tried with these people, or at a number of theirs under whatever name, oldest first."""
        wanted = {
            "people": listed(contact.key for contact in people),
            "numbers": listed(phone.number for contact in people for phone in contact.phones),
        }
        return self._run.rows(_HISTORY, wanted)

    def _suppressions(self, people: Sequence[Contact]) -> dict[str, list[Suppression]]:
        """Return the entries by whom or what they name; keys, numbers and addresses never look alike."""
        wanted = {
            "people": listed(contact.key for contact in people),
            "numbers": listed(phone.number for contact in people for phone in contact.phones),
            "mailboxes": listed(contact.email.lower() for contact in people if contact.email),
        }
        found = defaultdict(list)
        for row in self._run.rows(_SUPPRESSED, wanted):
            entry = to_suppression(row)
            found[_subject(entry)].append(entry)
        return found

    def suppressions_of(self, contact: Contact) -> Sequence[Suppression]:
        """Return the do-not-contact entries that name the person or any address of theirs."""
        return list(_of_contact(self._suppressions([contact]), contact))

    def has_leads_left(self, campaign: str) -> bool:
        """Tell whether there is a lead, hold-outs apart, that is not done."""
        return self._run.row(_LEFT, {"campaign": campaign}) is not None

    def next_due(self, now: datetime) -> datetime | None:
        """Return the earliest time after `now` at which a lead, an attempt or an agent needs a look."""
        times = [at for (at,) in self._run.rows(_NEXT, {"now": now}) if at is not None]
        return to_instant(min(times)) if times else None


def _of_person(history: Iterable[Row], contact: Contact) -> Iterator[PastContact]:
    """Yield what a person may have known of us: a number shared by two customers rings for both."""
    numbers = {phone.number for phone in contact.phones}
    for row in history:
        if row[0] == contact.key or row[_ADDRESS] in numbers:
            yield from _past(row)


def known_of(run: Runner, contact: Contact, until: datetime) -> Due:
    """Return what the judge needs of a person, as far as it had happened by `until`; the lead in it is made up."""
    claims = Claims(run)
    history, suppressions, known = (
        claims.history([contact]),
        claims.suppressions_of(contact),
        Known(run, [contact]),
    )
    told = (*_since(_of_person(history, contact), known.released_at(contact)), *known.withdrawn(contact))
    return Due(
        lead=Lead(id=0, campaign="", contact=contact.key, state=LeadState.WAITING),
        contact=known.contact(contact),
        history=tuple(past for past in told if past.at <= until),
        suppressions=tuple(entry for entry in suppressions if entry.at <= until),
        reassignments=known.answers(contact),
    )


def _since(history: Iterable[PastContact], released_at: datetime | None) -> Iterator[PastContact]:
    """Yield the history without the refusals that were lifted since."""
    for past in history:
        if released_at is None or past.event not in _REFUSALS or past.at > released_at:
            yield past


def _subject(entry: Suppression) -> str:
    if entry.number is not None:
        return f"number:{entry.number}"
    return f"mailbox:{mailbox_of(entry.email)}" if entry.email is not None else f"person:{entry.person}"


def _of_contact(suppressions: dict[str, list[Suppression]], contact: Contact) -> Iterator[Suppression]:
    yield from suppressions.get(f"person:{contact.key}", ())
    yield from suppressions.get(f"mailbox:{mailbox_of(contact.email)}", ())
    for number in dict.fromkeys(phone.number for phone in contact.phones):
        yield from suppressions.get(f"number:{number}", ())


@lru_cache(maxsize=4096)
def _past(row: Row) -> tuple[PastContact, ...]:
    """Return what one attempt adds to its person's history: that they were tried, and what came of it."""
    _, opened, ended, outcome, channel, address, campaign, seller, product, unsubscribed = row
    said = [(opened, "attempted"), (ended, _SAID.get(outcome)), (unsubscribed, "unsubscribed")]
    return tuple(
        PastContact(
            at=to_instant(at),
            event=event,
            channel=Channel(channel),
            number=address if channel == Channel.VOICE.value else None,
            campaign=campaign,
            seller=seller,
            product=product,
        )
        for at, event in said
        if at is not None and event is not None
    )
