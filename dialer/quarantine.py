"""A lead that cannot even be judged: it is put off, then set aside, and never stands in the way of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from traceback import extract_tb

from campaigns.contact import Lead
from campaigns.outcome import LeadState
from compliance.ledger import Kind, Record
from dialer.ports import Unit

TRIES = 2
"""How often a lead may break the plan before it is set aside."""
SOON, ASIDE = timedelta(seconds=30), timedelta(days=1)
"""When to look at it again: soon while it may have been chance, in a day when somebody must see to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A lead over which planning failed. `problem` says what and where in our code, never whose data."""

    lead: Lead
    contact: str
    problem: str


def broken(lead: Lead, contact: str, failure: Exception) -> Broken:
    """Return what failed; the failure's own words may hold personal data, so they are left out."""
    last = extract_tb(failure.__traceback__)[-1]
    where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    return Broken(lead=lead, contact=contact, problem=f"{type(failure).__name__} in {where}")


def set_aside(unit: Unit, found: Broken, failures: Mapping[int, int], now: datetime) -> None:
    """Put a broken lead off, by what is known of its earlier failures, and seal that nobody contacted the person."""
    is_aside = failures.get(found.lead.id, 0) + 1 >= TRIES
    due = now + (ASIDE if is_aside else SOON)
    unit.save_lead(replace(found.lead, due=due), LeadState.WAITING)
    body = {"problem": found.problem, "is_set_aside": is_aside, "due": due.isoformat(), "reasons": []}
    unit.record(
        [Record(kind=Kind.REFUSED, at=now, campaign=found.lead.campaign, person=found.contact, body=body)]
    )
