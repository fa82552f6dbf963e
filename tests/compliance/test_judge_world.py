"""Sharp questions from abroad: one instant inside and one outside, one fact more and one less."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from compliance.judge import is_mendable, judge
from compliance.places import locations_of
from compliance.question import (
    Address,
    Consent,
    Listing,
    Location,
    Narrowing,
    PastContact,
    Question,
    Reassignment,
    Relationship,
    Subject,
)
from compliance.registry_rules import INTERNAL
from compliance.rulebook import packaged_law
from compliance.terms import Channel, Decision, Party, Profile, Purpose, ReasonCode, Technology
from tests.compliance.builders import a_suppression

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Tuesday, 12:00 in New York
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NEW_YORK, MIAMI, AUSTIN, LONDON, ROME = (
    "+12125550123",
    "+13055550123",
    "+15125550123",
    "+442079460123",
    "+390612345678",
)


def listing(name: str, **changed: Any) -> Listing:
    """A fresh copy on which the number is not."""
    return Listing(**{"registry": name, "as_of": NOON - 5 * DAY, **changed})


EVERY = tuple(
    listing(name)
    for name in (
        "us_national_dnc",
        "us_fl_dnc",
        "us_tx_dnc",
        "us_la_dnc",
        "uk_tps",
        "it_rpo",
        "ca_dncl",
        "au_dncr",
    )
)


def ask(number: str | None, **changed: Any) -> Question:
    """A sales call to a number abroad at noon of New York, with every list fresh."""
    plain = Question(
        now=NOON,
        channel=Channel.VOICE,
        subject=Subject(person="P", number=number),
        campaign="c",
        purpose=Purpose.SALES,
        technology=Technology.PROGRESSIVE,
        seller="S1",
        product="P1",
        profile=Profile.STATUTORY,
        listings=EVERY,
        home="US",
    )
    subject = {
        name: changed.pop(name) for name in ("party", "address", "locations", "email") if name in changed
    }
    return replace(plain, **{"subject": replace(plain.subject, **subject), **changed})


def codes(question: Question) -> set[str]:
    """The reasons the law gives."""
    return {reason.code.value for reason in judge(question, packaged_law()).reasons}


def given(type_: str = "prior_express_written", **changed: Any) -> Consent:
    """A permission that stands."""
    whole = {"type": type_, "seller": "S1", "obtained_at": NOON - 100 * DAY, "evidence": "form", **changed}
    return Consent(**whole)


def with_list(**changed: Any) -> tuple[Listing, ...]:
    """Every list, the national one of America changed."""
    return (listing("us_national_dnc", **changed), *EVERY[1:])


# --- registries -------------------------------------------------------------------------------------------------------


def test_a_copy_is_good_to_the_last_second_of_its_age() -> None:
    """31 days are not more than 31 days; a second more is (US-DNC-2)."""
    assert codes(ask(NEW_YORK, listings=with_list(as_of=NOON - 31 * DAY))) == set()
    assert codes(ask(NEW_YORK, listings=with_list(as_of=NOON - 31 * DAY - SECOND))) == {"LIST_STALE"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"is_listed": True}, {"NATIONAL_DNC"}),
        ({"is_listed": True, "as_of": NOON - 40 * DAY}, {"NATIONAL_DNC", "LIST_STALE"}),
        ({"fault": "torn"}, {"LIST_UNAVAILABLE"}),
        ({"as_of": None}, {"LIST_UNAVAILABLE"}),
        ({"as_of": NOON + 3 * DAY}, {"LIST_UNAVAILABLE"}),
        ({"area_codes": frozenset({"305"})}, {"LIST_MISSING"}),
        ({"area_codes": frozenset({"212"})}, set()),
    ],
)
def test_what_a_copy_must_be(changed: dict[str, Any], expected: set[str]) -> None:
    """Readable, of a day gone by, of the number's area."""
    assert codes(ask(NEW_YORK, listings=with_list(**changed))) == expected


def test_a_list_that_is_not_there_denies_and_is_ours_to_mend() -> None:
    """Nobody is given up because we have not fetched a list."""
    verdict = judge(ask(NEW_YORK, listings=EVERY[1:]), packaged_law())
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.LIST_MISSING]
    assert is_mendable(verdict)
    listed = judge(ask(NEW_YORK, listings=with_list(is_listed=True)), packaged_law())
    assert not is_mendable(listed)


def test_our_own_list_must_be_readable() -> None:
    """Unread is not empty (POL-3)."""
    assert codes(ask(NEW_YORK, listings=(*EVERY, Listing(registry=INTERNAL, fault="locked")))) == {
        "LIST_UNAVAILABLE"
    }


@pytest.mark.parametrize(("ago", "is_denied"), [(28 * DAY, True), (28 * DAY - SECOND, False), (None, True)])
def test_britain_counts_a_registration_after_28_days(ago: timedelta | None, is_denied: bool) -> None:
    """Not a second earlier; and at once where nobody knows since when (UK-DNC-1)."""
    since = None if ago is None else NOON - ago
    listings = (listing("uk_tps", is_listed=True, registered_at=since),)
    assert codes(ask(LONDON, listings=listings)) == ({"TPS"} if is_denied else set())


def test_british_companies_need_the_other_list() -> None:
    """CTPS for them, TPS for everybody else; on either, nobody is called (UK-CTPS-1)."""
    company = {"party": Party.BUSINESS}
    assert codes(ask(LONDON, listings=(), **company)) == {"LIST_MISSING"}
    assert codes(ask(LONDON, listings=(listing("uk_ctps"),), **company)) == set()
    assert codes(ask(LONDON, listings=(listing("uk_ctps"),))) == {"LIST_MISSING"}
    assert codes(ask(LONDON, listings=(listing("uk_tps"), listing("uk_ctps", is_listed=True)))) == {"CTPS"}


def test_an_italian_consent_must_be_younger_than_the_registration() -> None:
    """What was agreed before it has fallen (IT-DNC-1)."""
    since = NOON - 50 * DAY
    listings = (listing("it_rpo", is_listed=True, registered_at=since),)
    noon = datetime(2026, 11, 24, 11, tzinfo=UTC)
    older, newer = given("express", obtained_at=since - DAY), given("express", obtained_at=since + DAY)
    assert codes(ask(ROME, now=noon, listings=listings, consents=(older,))) == {"RPO"}
    assert codes(ask(ROME, now=noon, listings=listings, consents=(newer,))) == set()


# --- consents and ties ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"seller": "S2"}, {"CONSENT_SCOPE"}),
        ({"channels": frozenset({Channel.EMAIL})}, {"CONSENT_SCOPE"}),
        ({"number": "+12125550199"}, {"CONSENT_SCOPE"}),
        ({"number": NEW_YORK, "channels": frozenset({Channel.VOICE})}, set()),
        ({"revoked_at": NOON}, {"CONSENT_REVOKED"}),
        ({"revoked_at": NOON + SECOND}, set()),
        ({"expires_at": NOON}, {"CONSENT_EXPIRED"}),
        ({"expires_at": NOON + SECOND}, set()),
        ({"evidence": None}, {"CONSENT_EVIDENCE_MISSING"}),
        ({"obtained_at": NOON + SECOND}, {"NO_CONSENT"}),
        ({"type": "express"}, {"NO_CONSENT"}),
    ],
)
def test_a_recorded_sales_call_needs_a_permission_that_stands(
    changed: dict[str, Any], expected: set[str]
) -> None:
    """Written, to this seller, for calls, to this number, not taken back, not run out, proved (US-CON-1)."""
    question = ask(NEW_YORK, technology=Technology.PRERECORDED, consents=(given(**changed),))
    assert codes(question) == expected


def test_a_word_takes_a_permission_back() -> None:
    """By any means, from then on, from the seller it was said to (US-CON-4)."""
    said = PastContact(at=NOON - DAY, event="consent_revoked", seller="S1")
    asked = ask(NEW_YORK, technology=Technology.PRERECORDED, consents=(given(),))
    assert codes(replace(asked, history=(said,))) == {"CONSENT_REVOKED"}
    assert codes(replace(asked, history=(replace(said, seller="S2"),))) == set()
    assert codes(replace(asked, history=(replace(said, at=NOON - 200 * DAY),))) == set()


@pytest.mark.parametrize(
    ("tie", "at", "lifts"),
    [
        ("transaction", datetime(2025, 5, 24, 17, 0, 1, tzinfo=UTC), True),
        ("transaction", datetime(2025, 5, 24, 17, 0, 0, tzinfo=UTC), False),
        ("inquiry", datetime(2026, 8, 24, 17, 0, 1, tzinfo=UTC), True),
        ("inquiry", datetime(2026, 8, 24, 17, 0, 0, tzinfo=UTC), False),
        ("transaction", None, False),
        ("ongoing_contract", None, True),
    ],
)
def test_a_tie_lifts_the_registry_for_its_months(tie: str, at: datetime | None, lifts: bool) -> None:
    """18 months after a purchase, 3 after an inquiry, to the second; without a day, nobody knows (US-DNC-4)."""
    ties = (Relationship(type=tie, seller="S1", at=at),)
    asked = ask(NEW_YORK, listings=with_list(is_listed=True), relationships=ties)
    assert codes(asked) == (set() if lifts else {"NATIONAL_DNC"})
    others = (replace(ties[0], seller="S2"),)
    assert codes(replace(asked, relationships=others)) == {"NATIONAL_DNC"}


def test_a_request_ends_a_tie_with_that_seller() -> None:
    """Asked of another seller it does not; and a tie made afterwards is a new one."""
    tie = Relationship(type="transaction", seller="S1", at=NOON - 60 * DAY)
    said = PastContact(at=NOON - DAY, event="do_not_call", seller="S1")
    asked = ask(NEW_YORK, listings=with_list(is_listed=True), relationships=(tie,))
    assert codes(replace(asked, history=(said,))) == {"NATIONAL_DNC", "INTERNAL_DNC"}
    assert codes(replace(asked, history=(replace(said, seller="S2"),))) == set()


@pytest.mark.parametrize(
    ("answer", "decision", "code"),
    [
        ("yes", Decision.DENY, "RND_YES"),
        ("no_data", Decision.REVIEW, "RND_NO_DATA"),
        ("no", Decision.ALLOW_WITH, None),
    ],
)
def test_an_answer_about_a_number_counts(answer: Any, decision: Decision, code: str | None) -> None:
    """A new owner denies, no answer asks people, the same owner brings a duty (US-RND-1)."""
    verdict = judge(ask(NEW_YORK, reassignment=Reassignment(answer=answer, queried_at=NOON)), packaged_law())
    assert verdict.decision is decision
    assert [reason.code.value for reason in verdict.reasons] == ([code] if code else [])
    assert verdict.obligations == (("store_rnd_query_proof",) if answer == "no" else ())
    assert verdict.is_allowed is (answer == "no")


def test_an_expired_tie_of_mail_is_told_apart_from_none() -> None:
    """Six months after an inquiry in Canada; nothing at all is another reason (CA-E2)."""
    here = (Location(region="CA", zone="UTC"),)
    shown = frozenset({"postal_address", "optout_url"})
    mail = ask(None, channel=Channel.EMAIL, email="a@example.com", locations=here, email_elements=shown)
    old = Relationship(type="inquiry", seller="S1", at=NOON - 210 * DAY)
    assert codes(replace(mail, relationships=(old,))) == {"CONSENT_EXPIRED"}
    assert codes(mail) == {"EMAIL_NO_OPTIN"}
    new = replace(old, at=NOON - 30 * DAY)
    assert codes(replace(mail, relationships=(new,))) == set()
    assert codes(replace(mail, relationships=(new,), email_elements=frozenset())) == {
        "EMAIL_MISSING_SENDER_INFO"
    }


# --- how often, and for how long left alone ---------------------------------------------------------------------------


def tried(*ago: timedelta, **changed: Any) -> tuple[PastContact, ...]:
    """Attempts so long ago, for this seller and product."""
    plain = {"event": "attempted", "seller": "S1", "product": "P1", "number": MIAMI, "campaign": "c"}
    return tuple(PastContact(**{"at": NOON - one, **plain, **changed}) for one in ago)


def test_florida_counts_three_in_24_hours_of_elapsed_time() -> None:
    """The first of the three ends it, to the second; another subject or seller does not count (US-FL-A1)."""
    hour = timedelta(hours=1)
    three = tried(24 * hour - SECOND, 5 * hour, hour)
    verdict = judge(ask(MIAMI, history=three), packaged_law())
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.ATTEMPT_CAP_24H]
    assert verdict.next_allowed_at == NOON + SECOND
    assert codes(ask(MIAMI, history=tried(24 * hour, 5 * hour, hour))) == set()
    assert codes(ask(MIAMI, history=(*three[1:], *tried(hour, seller="S2")))) == set()
    assert codes(ask(MIAMI, history=(*three[1:], *tried(hour, product="P2")))) == set()
    assert codes(ask(MIAMI, history=(*three[1:], *tried(hour, channel=Channel.EMAIL)))) == set()
    four = (*three, *tried(2 * hour))
    assert judge(ask(MIAMI, history=four), packaged_law()).lifted_at == NOON + 19 * hour


def test_oregon_counts_texts_and_spares_customers() -> None:
    """A text is a contact there; a purchase within 18 months lifts the cap (US-OR-A1)."""
    here = (Location(region="US-OR", zone="America/Los_Angeles"),)
    hour = timedelta(hours=1)
    history = (*tried(hour, 2 * hour), *tried(3 * hour, channel=Channel.SMS))
    asked = ask("+15035550123", now=NOON + 3 * hour, locations=here, history=history)
    assert codes(asked) == {"ATTEMPT_CAP_24H"}
    bought = (Relationship(type="transaction", seller="S1", at=NOON - 90 * DAY),)
    assert codes(replace(asked, relationships=bought)) == set()


@pytest.mark.parametrize(
    ("event", "ago", "expected"),
    [
        ("abandoned", timedelta(hours=72) - SECOND, {"COOLDOWN_AFTER_ABANDON"}),
        ("abandoned", timedelta(hours=72), set()),
        ("machine", timedelta(hours=3), {"COOLDOWN_AFTER_AMD"}),
        ("machine", timedelta(hours=18), set()),
    ],
)
def test_britain_leaves_people_alone(event: str, ago: timedelta, expected: set[str]) -> None:
    """72 hours after an abandoned call, until tomorrow after a machine; not where an agent waits (UK-AB4, UK-AB5)."""
    said = (PastContact(at=NOON - ago, event=event, seller="S1"),)
    asked = ask(LONDON, technology=Technology.PREDICTIVE, history=said)
    assert codes(asked) == expected
    assert codes(replace(asked, technology=Technology.PROGRESSIVE)) == set()


def test_the_day_after_a_machine_is_the_persons_own() -> None:
    """A rest until the local day ends is measured on the clocks there."""
    summer = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)  # 23:30 in London
    said = (PastContact(at=summer, event="machine", seller="S1"),)
    asked = ask(LONDON, now=summer + SECOND, technology=Technology.PREDICTIVE, history=said)
    (rest,) = [
        one for one in judge(asked, packaged_law()).reasons if one.code is ReasonCode.COOLDOWN_AFTER_AMD
    ]
    assert rest.until == datetime(2026, 7, 14, 23, 0, tzinfo=UTC)


def test_france_changed_on_the_eleventh_of_august() -> None:
    """The last day of Bloctel is the tenth; from the next on a consent is asked for (FR-DNC-1, FR-C1, FR-R1, FR-R2)."""
    paris = "+33199001234"
    before, after = (datetime(2026, 8, day, 9, tzinfo=UTC) for day in (10, 11))
    listed = (Listing(registry="fr_bloctel", as_of=before - DAY, is_listed=True),)
    assert codes(ask(paris, now=before, listings=listed)) == {"BLOCTEL"}
    assert codes(ask(paris, now=after, listings=listed)) == {"NO_CONSENT"}
    refused = (PastContact(at=before - 30 * DAY, event="refused", seller="S1"),)
    fresh = (replace(listed[0], is_listed=False),)
    assert codes(ask(paris, now=before, listings=fresh, history=refused)) == {"COOLDOWN_AFTER_REFUSAL"}
    consents = (given("express", obtained_at=before - 40 * DAY),)
    assert codes(ask(paris, now=after, history=refused, consents=consents)) == {"REFUSAL_ON_FILE"}


# --- hours ------------------------------------------------------------------------------------------------------------


def test_texas_spares_those_it_knows_on_sundays() -> None:
    """From noon on Sundays, earlier for customers; the federal hours stay (US-TX-H1)."""
    here = (Location(region="US-TX", zone="America/Chicago"),)
    sunday = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)  # 10:00 in Chicago
    bought = (Relationship(type="transaction", seller="S1", at=sunday - 30 * DAY),)
    asked = ask(
        AUSTIN, now=sunday, locations=here, listings=tuple(replace(one, as_of=sunday) for one in EVERY)
    )
    assert codes(asked) == {"OUTSIDE_HOURS"}
    assert codes(replace(asked, relationships=bought)) == set()
    assert codes(replace(asked, relationships=bought, now=sunday - timedelta(hours=3))) == {"OUTSIDE_HOURS"}


def test_louisiana_closes_on_days_by_decree() -> None:
    """There, and only for those who are there (US-LA-H1)."""
    friday = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    fresh = tuple(replace(one, as_of=friday) for one in EVERY)
    decree = {"US-LA": frozenset({date(2026, 11, 20)}), "US-RI": frozenset({date(2026, 11, 20)})}
    here = (Location(region="US-LA", zone="America/Chicago"),)
    asked = ask("+15045550123", now=friday, locations=here, listings=fresh)
    assert codes(asked) == set()
    assert codes(replace(asked, proclaimed=decree)) == {"HOLIDAY_PROHIBITED"}
    island = (Location(region="US-RI", zone="America/New_York"),)
    assert (
        codes(ask("+14015550123", now=friday, locations=island, listings=fresh, proclaimed=decree)) == set()
    )


def test_an_emergency_ends_calls_where_the_law_says_so() -> None:
    """Louisiana stops, Florida has no such rule (US-LA-E1)."""
    here = (Location(region="US-LA", zone="America/Chicago"),)
    asked = ask("+15045550123", locations=here, emergencies=frozenset({"US-LA", "US-FL"}))
    assert codes(asked) == {"DIALING_DISABLED"}
    assert codes(ask(MIAMI, emergencies=frozenset({"US-LA", "US-FL"}))) == set()


def test_south_dakota_has_its_own_clocks() -> None:
    """Somebody with its number in New York is called by the time in South Dakota, both of them (US-SD-H1)."""
    here = (Location(region="US-SD", zone="America/New_York"),)
    morning = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 10:30 in New York, 9:30 in Chicago, 8:30 in Denver
    assert codes(ask("+16055550123", now=morning, locations=here)) == {"OUTSIDE_HOURS"}
    assert codes(ask("+16055550123", now=morning + timedelta(minutes=30), locations=here)) == set()


def test_italy_never_opens_a_sunday_because_monday_is_a_holiday() -> None:
    """7 December 2025 is a Sunday, the day before a holiday (IT-H1)."""
    sunday = datetime(2025, 12, 7, 11, 0, tzinfo=UTC)
    fresh = (Listing(registry="it_rpo", as_of=sunday),)
    assert codes(ask(ROME, now=sunday, listings=fresh)) == {"DAY_PROHIBITED"}
    saturday = sunday - DAY
    assert codes(ask(ROME, now=saturday, listings=fresh)) == set()


def test_a_day_is_that_of_the_person_not_of_greenwich() -> None:
    """At half past eight in Tokyo it is still yesterday in Greenwich (TZ-1)."""
    morning = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    tried_today = (PastContact(at=morning - timedelta(minutes=20), event="attempted"),)
    asked = ask("+819012345678", now=morning, home="JP", narrowings=(Narrowing(per_day=1),))
    assert codes(replace(asked, history=tried_today)) == {"ATTEMPT_CAP_DAY"}
    yesterday = (PastContact(at=morning - timedelta(hours=9), event="attempted"),)
    assert codes(replace(asked, history=yesterday)) == set()


def test_the_first_and_the_last_instant() -> None:
    """8:00 is in and 21:00 is out in America, to the second (POL-1, US-FED-H1)."""
    here = (Location(region="US", zone="America/New_York"),)
    eight, nine = (datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((24, 13), (25, 2)))
    asked = [
        codes(ask(NEW_YORK, now=at, locations=here)) for at in (eight, eight - SECOND, nine - SECOND, nine)
    ]
    assert asked == [set(), {"OUTSIDE_HOURS"}, set(), {"OUTSIDE_HOURS"}]


# --- where, who, with what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+12195550123", {"America/Chicago", "America/New_York"}),
        ("+13645550123", {"America/Chicago", "America/New_York"}),
        ("+14485550123", {"America/Chicago", "America/New_York"}),
        ("+14585550123", {"America/Denver", "America/Los_Angeles"}),
        ("+19305550123", {"America/Chicago", "America/New_York"}),
        ("+19285550123", {"America/Denver", "America/Phoenix"}),
        ("+16065550123", {"America/Chicago", "America/New_York"}),
        ("+34612345678", {"Atlantic/Canary", "Europe/Madrid"}),
    ],
)
def test_a_number_is_everywhere_its_code_is(number: str, zones: set[str]) -> None:
    """The whole area code and the one it overlays, never the exchange alone (TZ-2)."""
    assert set(judge(ask(number), packaged_law()).zones) == zones


def test_an_address_adds_and_replaces_only_on_request() -> None:
    """But where the law takes the code for the place, the code stays (TZ-3, US-FL-P1)."""
    texas, ny = Address(country="US", subdivision="TX", postal_code="78701"), NEW_YORK
    both = judge(ask(ny, address=texas), packaged_law())
    assert {"US-NY", "US-TX"} <= set(both.regions)
    alone = judge(ask(ny, address=texas, best_evidence=True), packaged_law())
    assert "US-NY" not in alone.regions
    assert "US-TX" in alone.regions
    presumed = judge(ask(MIAMI, address=texas, best_evidence=True), packaged_law())
    assert {"US-FL", "US-TX"} <= set(presumed.regions)


@pytest.mark.parametrize(
    ("postal_code", "zones"),
    [
        ("32501", {"America/Chicago"}),
        ("32401", {"America/Chicago", "America/New_York"}),
        ("33101", {"America/New_York"}),
        (None, {"America/Chicago", "America/New_York"}),
    ],
)
def test_a_postal_code_says_which_zone(postal_code: str | None, zones: set[str]) -> None:
    """Florida has two, and one area with both; without a code, both (TZ-3)."""
    address = Address(country="US", subdivision="FL", postal_code=postal_code)
    found = locations_of(None, address, best_evidence=False, presumed=())
    assert {place.zone for place in found} == zones
    assert {place.region for place in found} == {"US-FL"}


def test_a_postal_code_of_another_state_leaves_both() -> None:
    """Nobody knows which of the two is wrong."""
    address = Address(country="US", subdivision="TX", postal_code="33101")
    found = locations_of(None, address, best_evidence=False, presumed=())
    assert {place.region for place in found} == {"US-FL", "US-TX"}


@pytest.mark.parametrize(
    ("number", "region"),
    [("+262692123456", "FR"), ("+17875550123", "US"), ("+14165550123", "CA"), ("+12045550123", "CA")],
)
def test_whose_law_it_is(number: str, region: str) -> None:
    """Overseas departments are under France's, territories under America's, provinces under Canada's."""
    assert region in judge(ask(number), packaged_law()).regions


def test_a_place_without_rulebook_denies_though_another_has_one() -> None:
    """Somebody who may be in Singapore is not called under America's law alone (POL-3)."""
    there = (Location(region="US", zone="America/New_York"), Location(region="SG", zone="Asia/Singapore"))
    assert "PACK_MISSING" in codes(ask(NEW_YORK, locations=there))


@pytest.mark.parametrize(
    ("technology", "expected"),
    [
        (Technology.MANUAL, set()),
        (Technology.PREVIEW, set()),
        (Technology.PROGRESSIVE, set()),
        (Technology.RATIO, {"NO_CONSENT"}),
        (Technology.PREDICTIVE, {"NO_CONSENT"}),
        (Technology.AI_VOICE, {"NO_CONSENT"}),
    ],
)
def test_florida_wants_a_permission_for_machines_that_choose(
    technology: Technology, expected: set[str]
) -> None:
    """A person who clicks needs none (US-FL-C1, US-CON-3)."""
    assert codes(ask(MIAMI, technology=technology)) == expected


def test_companies_are_outside_the_consumers_rules() -> None:
    """The registry does not protect them, their own refusal does; service calls are free of it too (US-DNC-1)."""
    listed = with_list(is_listed=True)
    assert codes(ask(NEW_YORK, listings=listed, party=Party.BUSINESS)) == set()
    assert codes(ask(NEW_YORK, listings=listed, purpose=Purpose.SERVICE)) == set()
    said = (PastContact(at=NOON - SECOND, event="do_not_call", seller="S1"),)
    assert codes(ask(NEW_YORK, party=Party.BUSINESS, history=said)) == {"INTERNAL_DNC"}


def test_do_not_call_comes_first_and_everything_is_told() -> None:
    """Lists before the switch, the switch before what only time lifts (POL-8)."""
    late = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
    asked = ask(
        MIAMI,
        now=late,
        listings=with_list(is_listed=True),
        dialing_enabled=False,
        suppressions=(a_suppression(person="P", reason="do_not_call"),),
    )
    found = list(dict.fromkeys(reason.code.value for reason in judge(asked, packaged_law()).reasons))
    assert found == ["INTERNAL_DNC", "NATIONAL_DNC", "DIALING_DISABLED", "OUTSIDE_HOURS"]


def test_the_later_of_two_ends_counts() -> None:
    """A rest and the hours: nothing before both are over."""
    evening = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    said = (PastContact(at=evening - timedelta(hours=1), event="abandoned", seller="S1"),)
    asked = ask(LONDON, now=evening, technology=Technology.PREDICTIVE, history=said)
    verdict = judge(asked, packaged_law())
    assert codes(asked) == {"COOLDOWN_AFTER_ABANDON", "OUTSIDE_HOURS"}
    assert verdict.next_allowed_at == datetime(2026, 11, 27, 20, 30, tzinfo=UTC)


def test_a_recorded_call_brings_its_duty() -> None:
    """Everywhere in America the announcement is on the tape (US-RCD-1)."""
    assert judge(ask(NEW_YORK, recorded=True), packaged_law()).obligations == ("announce_inside_recording",)
    assert judge(ask(NEW_YORK), packaged_law()).obligations == ()


def test_what_must_be_said_comes_with_the_permit() -> None:
    """Florida within 30 seconds, the federal rule before the pitch."""
    sayings = judge(ask(MIAMI), packaged_law()).sayings
    assert {(one.rule, one.within_s) for one in sayings} == {("US-D1", None), ("US-FL-D1", 30)}


def test_a_campaign_stays_in_the_country_it_was_checked_for() -> None:
    """A number abroad on a list for Japan is not called, though its own law would allow it (POL-9)."""
    japan = (Narrowing(countries=frozenset({"JP"})),)
    assert codes(ask(NEW_YORK, narrowings=japan)) == {"OUTSIDE_AUDIENCE"}
    assert codes(ask(NEW_YORK, narrowings=(Narrowing(countries=frozenset({"US", "JP"})),))) == set()
    assert codes(ask("+17875550123", narrowings=(Narrowing(countries=frozenset({"US"})),))) == set()
    both = {"address": Address(country="JP")}
    assert "OUTSIDE_AUDIENCE" in codes(ask(NEW_YORK, narrowings=japan, **both))
