from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import dialect

from adapters.store import mapping
from adapters.store.columns import Instant, Money, fixed, to_instant, to_microseconds
from adapters.store.statement import SqliteSession
from adapters.store.unit import SqlUnit
from campaigns.contact import Contact, Phone
from compliance.question import Consent, Relationship
from dialer.errors import StaleState
from tests.support.builders import NOON, a_contact, a_lead, an_agent
from tests.support.stores import CAMPAIGN, a_candidate, a_suppression, an_attempt, prepare

INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 (Hypothesis adds the zone)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 (the same)
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-3, minutes=-30))]
    ),
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(INSTANTS, INSTANTS)
def test_an_instant_is_kept_to_the_microsecond_and_in_order(one: datetime, other: datetime) -> None:
    """Whatever zone it was written in; what is stored sorts as time does."""
    stored = to_microseconds(one)
    assert to_instant(stored) == one
    assert to_instant(stored).tzinfo is UTC
    assert (stored < to_microseconds(other)) == (one < other)


def test_a_naive_datetime_is_refused() -> None:
    """It is no instant, and the database would not notice."""
    naive = datetime(2026, 11, 24, 12)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="has no zone"):
        Instant().process_bind_param(naive, dialect())


def test_a_naive_datetime_does_not_reach_a_table(connection: Connection) -> None:
    """Through any write: here, a lead's due time."""
    naive = datetime(2026, 11, 24, 12)  # noqa: DTZ001 (that is the point)
    with connection.begin():
        unit = SqlUnit(SqliteSession(connection))
        prepare(unit, 0)
        with pytest.raises(ValueError, match="has no zone"):
            unit.enrol(CAMPAIGN, [a_candidate()], naive)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_money_is_kept_to_the_last_digit(amount: Decimal) -> None:
    """Not as a float."""
    stored = Money().process_bind_param(amount, dialect())
    assert str(Money().process_result_value(stored, dialect())) == str(amount)


def test_only_our_words_are_written_into_statements() -> None:
    """What comes from outside is a parameter, always."""
    with pytest.raises(ValueError, match="not one of our words"):
        fixed("over' OR '1'='1")


CONTACTS = st.builds(
    Contact,
    key=TEXT,
    name=TEXT,
    language=st.sampled_from(["ja", "en"]),
    phones=st.lists(st.builds(Phone, number=TEXT, kind=TEXT), max_size=3).map(tuple),
    email=st.none() | TEXT,
    facts=st.dictionaries(TEXT, TEXT, max_size=3),
    consents=st.lists(
        st.builds(
            Consent,
            type=TEXT,
            seller=TEXT,
            obtained_at=INSTANTS,
            evidence=st.none() | TEXT,
            expires_at=st.none() | INSTANTS,
            revoked_at=st.none() | INSTANTS,
        ),
        max_size=2,
    ).map(tuple),
    relationships=st.lists(
        st.builds(Relationship, type=TEXT, seller=TEXT, at=st.none() | INSTANTS), max_size=2
    ).map(tuple),
)


@given(CONTACTS)
def test_any_contact_comes_back_as_it_was(contact: Contact) -> None:
    """Whatever is in its facts, consents and ties."""
    row = mapping.contact_to_row(contact)
    assert mapping.to_contact(tuple(row[name] for name in mapping.CONTACT_COLUMNS)) == contact


@pytest.mark.parametrize(
    ("value", "row"),
    [
        (an_attempt(), mapping.attempt_to_row(an_attempt())),
        (a_lead(), mapping.lead_to_row(a_lead())),
        (an_agent(), mapping.agent_to_row(an_agent())),
        (a_suppression(), mapping.suppression_to_row(a_suppression())),
    ],
    ids=["attempt", "lead", "agent", "suppression"],
)
def test_no_field_of_a_value_is_forgotten(value: object, row: dict[str, object]) -> None:
    """A field added to a value needs a column, and this says so."""
    names = {field.name for field in fields(value)}  # type: ignore[arg-type]  # all are dataclasses
    assert names <= set(row)


def test_two_ways_of_writing_a_mailbox_have_one_scope() -> None:
    """Nobody tells letters' case apart."""
    one, other = a_suppression(email="A@Example.jp"), a_suppression(email="a@example.jp")
    assert mapping.suppression_to_row(one)["scope"] == mapping.suppression_to_row(other)["scope"]
    assert (
        mapping.suppression_to_row(replace(one, product="tea"))["scope"]
        != mapping.suppression_to_row(one)["scope"]
    )


def test_stale_is_said_in_words(connection: Connection) -> None:
    """The log of a stale write names the row and the state."""
    with connection.begin():
        unit = SqlUnit(SqliteSession(connection))
        with pytest.raises(StaleState, match=r"^agent aoki is no longer ready$"):
            unit.save_agent(an_agent(), an_agent().state)


def test_contacts_read_twice_are_one_value() -> None:
    """Reading a list once a second costs little, because rows that did not change are not read again."""
    values = {**mapping.lead_to_row(a_lead()), "due": to_microseconds(NOON)}
    lead = [values[name] for name in mapping.LEAD_COLUMNS]
    contact = mapping.contact_to_row(a_contact())
    row = (*lead, *(contact[name] for name in mapping.CONTACT_COLUMNS))
    assert mapping.to_due(row) is mapping.to_due(tuple(row))
    assert mapping.to_due(row) == (a_lead(), a_contact())
