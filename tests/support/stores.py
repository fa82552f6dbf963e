"""Stores as tests want them: each kind there is, prepared with a campaign, people and agents."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from adapters.store import migrating
from adapters.wiring import stores
from campaigns.contact import Contact, Lead
from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from compliance.question import Suppression
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState
from dialer.ports import Candidate, Store, Unit
from dialer.view import CampaignState
from tests.support.builders import NOON, a_contact, an_agent, the_campaign
from tests.support.postgres import MISSING, new_database

KINDS = ("file", "memory", "postgres")
"""Every database that the suite runs over. One that joins needs a word here and an address in `url_of`."""
CAMPAIGN = the_campaign().id


def url_of(kind: str, folder: Path) -> str:
    """Return where a fresh database of that kind is; the test is skipped when this machine has none."""
    if kind != "postgres":
        return f"sqlite:///{folder}/dialer.db" if kind == "file" else "sqlite:///:memory:"
    return new_database() or pytest.skip(MISSING)


@cache
def _template() -> str | None:
    """Return the name of a PostgreSQL database with our tables, to be copied: that is quicker than making them."""
    url = new_database()
    if url is None:
        return None
    migrating.upgrade(url)
    return url.rpartition("/")[2]


@cache
def _file() -> bytes:
    """Return a database file with our tables, to be written out again."""
    with TemporaryDirectory() as folder:
        url = url_of("file", Path(folder))
        migrating.upgrade(url)
        return Path(url.removeprefix("sqlite:///")).read_bytes()


def _fill(path: Path) -> None:
    """Make a database file with our tables, unless there is one."""
    if not path.exists():
        path.write_bytes(_file())


@asynccontextmanager
async def opened(kind: str, folder: Path) -> AsyncIterator[Store]:
    """Open a store of that kind, empty but for its tables, and close it."""
    if kind == "postgres":
        template = await asyncio.to_thread(_template)
        url = new_database(template) if template else pytest.skip(MISSING)
    else:
        url = url_of(kind, folder)
        if kind == "file":
            _fill(Path(url.removeprefix("sqlite:///")))
    store = await stores.open_store(str(url))
    try:
        yield store
    finally:
        await store.close()


def a_candidate(place: int = 1, *, contact: Contact | None = None, **changes: Any) -> Candidate:
    """Return a person to enrol, ranked by their place."""
    contact = contact or a_contact(place)
    return replace(Candidate(contact=contact, unique=f"key:{contact.key}", rank=place), **changes)


def prepare(unit: Unit, people: Sequence[Contact] | int = 3, *, campaign: str = CAMPAIGN) -> None:
    """Save the campaign, set it running, put two agents on the floor and people on the list, due at noon."""
    contacts = [a_contact(place) for place in range(1, people + 1)] if isinstance(people, int) else people
    unit.save_campaign(the_campaign().model_copy(update={"id": campaign}), "v1", NOON)
    unit.set_campaign_state(campaign, CampaignState.RUNNING, CampaignState.DRAFT)
    for name in ("aoki", "baba"):
        unit.put_agent(an_agent(name))
    candidates = [a_candidate(place, contact=contact) for place, contact in enumerate(contacts, 1)]
    unit.enrol(campaign, candidates, NOON)


async def prepared(store: Store, people: Sequence[Contact] | int = 3) -> None:
    """Prepare a store in a transaction of its own."""
    await store.transact(lambda unit: prepare(unit, people))


def an_attempt(place: int = 1, **changes: Any) -> Attempt:
    """Return a call just opened for the person in that place."""
    attempt = Attempt(
        id=f"at-{place}",
        campaign=CAMPAIGN,
        version="v1",
        lead=place,
        contact=f"C{place:05d}",
        channel=Channel.VOICE,
        ordinal=1,
        address=f"+8190{20000000 + place}",
        nonce="n" * 32,
        state=AttemptState.OPENED,
        opened_at=NOON,
        deadline=NOON + timedelta(seconds=30),
    )
    return replace(attempt, **changes)


def lead_of(unit: Unit, place: int = 1) -> Lead:
    """Return the lead in that place; it is there."""
    lead = unit.lead(place)
    assert lead is not None
    return lead


def open_call(unit: Unit, place: int = 1, **changes: Any) -> Attempt:
    """Open a call for the person in that place."""
    attempt = an_attempt(place, **changes)
    unit.open(attempt, replace(lead_of(unit, attempt.lead), state=LeadState.TRYING, tries=1))
    return attempt


def concluded_call(unit: Unit, place: int = 1, **changes: Any) -> Attempt:
    """Open a call and end it with what `changes` say, its lead waiting again."""
    opened = {
        name: changes[name]
        for name in ("id", "ordinal", "opened_at", "address", "channel", "odds", "traits")
        if name in changes
    }
    attempt = open_call(unit, place, **opened)
    over = replace(attempt, state=AttemptState.OVER, over_at=attempt.opened_at + timedelta(minutes=1))
    over = replace(over, **changes)
    unit.save_attempt(over, AttemptState.OPENED)
    unit.save_lead(replace(lead_of(unit, over.lead), state=LeadState.WAITING), LeadState.TRYING)
    return over


def a_suppression(**changes: Any) -> Suppression:
    """Return a do-not-contact entry for the first person's number, unless changed."""
    named = {"number", "email", "person"} & set(changes)
    number = None if named else "+819020000001"
    entry = Suppression(number=number, reason="asked", source="letter", by="office", at=NOON)
    return replace(entry, **changes)


def a_record(kind: Kind = Kind.CAMPAIGN, **changes: Any) -> Record:
    """Return something to be recorded."""
    return replace(Record(kind=kind, at=NOON, campaign=CAMPAIGN, body={"by": "manager"}), **changes)


async def leads_left(store: Store) -> int:
    """Count the leads, hold-outs apart, that are not done."""
    found = await store.read(lambda reports: reports.summary(CAMPAIGN, NOON))
    assert await store.transact(lambda unit: unit.has_leads_left(CAMPAIGN)) is bool(
        found.waiting + found.trying
    )
    return found.waiting + found.trying
