"""What a campaign shows is held against rulebooks, rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rulebook import Rulebook, packaged_law, parse_rulebook
from compliance.setup import Caller, Setup, check_setup, exists, looked_at, regions_of
from compliance.terms import Channel, LineType, Party, Profile, Purpose, Technology

FOUND = "citation: a law, source: a book, checked: 2026-11-22, confidence: high, valid_from: 2020-01-01"
CALLS = f"{FOUND}, channels: [voice]"
MAILS = f"{FOUND}, channels: [email]"
BOOK: Rulebook = parse_rulebook(
    f"""
region: ZZ
version: "1"
min_tzdata: 2025a
consents:
  - {{id: ZZ-C1, {FOUND}, technologies: [prerecorded], consents: [express], absent: NO_CONSENT}}
recording:
  - {{id: ZZ-P1, {CALLS}, duties: [announce_recording]}}
elements:
  - {{id: ZZ-E1, {MAILS}, elements: [postal_address]}}
disclosures:
  - {{id: ZZ-D1, {CALLS}, purposes: [sales], elements: [company_name, caller_name], greetings: [greeting]}}
  - {{id: ZZ-D2, {CALLS}, purposes: [sales], elements: [company_name], greetings: [greeting], within_s: 30}}
rings:
  - {{id: ZZ-R1, {CALLS}, min_s: 15, max_s: 40, code: RING_TIME_RANGE}}
caller_ids:
  - {{id: ZZ-N1, {CALLS}, proof: true, takes_opt_outs: true, forbidden: [mobile]}}
  - {{id: ZZ-N2, {CALLS}, technologies: [predictive], prefixes: ["+33162"]}}
notices:
  - {{id: ZZ-A1, {CALLS}, technologies: [predictive, ratio], elements: [seller, phone], within: 2s}}
connects:
  - {{id: ZZ-A2, {CALLS}, within: 2.0}}
mails:
  - {{id: ZZ-M1, {MAILS}, one_click_from: 5000}}
  - {{id: ZZ-M2, {MAILS}, elements: [list_unsubscribe, list_unsubscribe_post, dkim_covers_unsub]}}
  - {{id: ZZ-M3, {MAILS}, unsubscribe_days: 30, elements: [optout_url]}}
""",
    "zz.yaml",
)
OURS = "+442079460123"
MAIL: dict[str, Any] = {"channel": Channel.EMAIL}
NEW_YORK = "America/New_York"


def a_setup(**changed: Any) -> Setup:
    """A sales campaign on the telephone that states nothing which could be wrong."""
    plain = Setup(
        at=datetime(2026, 11, 24, tzinfo=UTC),
        channel=Channel.VOICE,
        purpose=Purpose.SALES,
        technology=Technology.PREDICTIVE,
    )
    return replace(plain, **changed)


def broken(**changed: Any) -> list[str]:
    """Code and rule of everything that speaks against a campaign."""
    return [f"{reason.code} {reason.rule}" for reason in check_setup(a_setup(**changed), [BOOK])]


def a_caller(number: str | None, **changed: Any) -> dict[str, Any]:
    """A campaign by progressive pacing that shows one number."""
    return {"technology": Technology.PROGRESSIVE, "callers": (Caller(number=number, **changed),)}


def test_what_is_not_stated_is_not_held_against_a_campaign() -> None:
    """Nothing said, nothing wrong; and every rule that binds was looked at."""
    assert broken() == []
    assert {"ZZ-D1", "ZZ-R1", "ZZ-N2", "ZZ-A1"} <= set(looked_at(a_setup(), [BOOK]))
    assert "ZZ-M1" not in looked_at(a_setup(), [BOOK])


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"says": ("greeting", "company_name", "caller_name", "pitch")}, []),
        ({"says": ("company_name", "pitch", "caller_name")}, ["SCRIPT_DISCLOSURE_MISSING ZZ-D1"]),
        ({"says": ()}, ["SCRIPT_DISCLOSURE_MISSING ZZ-D1", "SCRIPT_DISCLOSURE_MISSING ZZ-D2"]),
        ({"says": (), "purpose": Purpose.SURVEY}, []),
        ({"said_after_s": 30}, []),
        ({"said_after_s": 30.5}, ["SCRIPT_DISCLOSURE_MISSING ZZ-D2"]),
    ],
)
def test_a_script_says_everything_before_the_pitch_and_in_time(
    changed: dict[str, Any], wrong: list[str]
) -> None:
    """Who forgets an element, says it after the pitch or says it late, breaks the rule that wants it."""
    assert broken(**changed) == wrong


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        (a_caller(OURS), []),
        (a_caller(None), ["CALLER_ID_MISSING CLI-1", "CALLER_ID_MISSING ZZ-N1"]),
        (
            a_caller(OURS, is_authorised=False),
            ["CALLER_ID_NOT_AUTHORISED CLI-1", "CALLER_ID_NOT_AUTHORISED ZZ-N1"],
        ),
        (a_caller(OURS, takes_opt_outs=False), ["CALLER_ID_NO_INBOUND ZZ-N1"]),
        (a_caller("+34612345678"), ["CALLER_ID_RANGE ZZ-N1"]),
        ({**a_caller("+33162000001"), "technology": Technology.PREDICTIVE}, []),
        ({**a_caller(OURS), "technology": Technology.PREDICTIVE}, ["CALLER_ID_RANGE ZZ-N2"]),
        ({**a_caller(None), **MAIL}, []),
    ],
)
def test_the_number_shown_is_there_ours_reachable_and_of_a_lawful_kind(
    changed: dict[str, Any], wrong: list[str]
) -> None:
    """A number withheld or not ours is refused by our own rule too; a mail shows none."""
    assert broken(**changed) == wrong


def test_a_number_that_may_be_a_mobile_counts_as_one() -> None:
    """North America's plan does not tell: where mobiles may not be shown, such a number may not either."""
    assert LineType.MOBILE in BOOK.caller_ids[0].forbidden
    assert broken(**a_caller("+12125550188")) == ["CALLER_ID_RANGE ZZ-N1"]


@pytest.mark.parametrize(
    ("ring", "is_wrong"), [(14.9, True), (15, False), (25, False), (40, False), (40.1, True)]
)
def test_a_phone_rings_within_its_range_ends_included(ring: float, is_wrong: bool) -> None:
    """From the least to the most, both of them lawful."""
    assert broken(ring_s=ring) == (["RING_TIME_RANGE ZZ-R1"] if is_wrong else [])


@pytest.mark.parametrize(
    ("changed", "is_wrong"),
    [
        ({"notice": frozenset({"seller", "phone", "opt_out"})}, False),
        ({"notice": frozenset({"seller"})}, True),
        ({"notice": frozenset()}, True),
        ({"notice": frozenset(), "technology": Technology.PROGRESSIVE}, False),
        ({"notice_after_s": 2}, False),
        ({"notice_after_s": 2.1}, True),
    ],
)
def test_who_is_left_without_an_agent_hears_who_called(changed: dict[str, Any], is_wrong: bool) -> None:
    """All elements, and within the time of the rule, where several lines are dialled for one agent."""
    assert broken(**changed) == (["SAFE_HARBOUR_MESSAGE_MISSING ZZ-A1"] if is_wrong else [])


def test_machine_detection_does_not_keep_people_waiting() -> None:
    """Detection that ends before anybody is connected takes longer than the two seconds there are."""
    assert broken(waits_for_machine=True) == ["CONNECT_OVER_2S ZZ-A2"]


def test_a_recording_is_announced() -> None:
    """Who records and does not say so is told; who does not record owes nothing."""
    assert broken(is_recorded=True, announces_recording=False) == ["SCRIPT_DISCLOSURE_MISSING ZZ-P1"]
    assert broken(is_recorded=True) == broken(announces_recording=False) == []


def test_a_technology_that_needs_consent_is_not_used_without_asking_for_it() -> None:
    """Only where a rule wants one."""
    recorded = {"technology": Technology.PRERECORDED, "asks_consent": False}
    assert broken(**recorded) == ["NO_CONSENT ZZ-C1"]
    assert broken(asks_consent=False) == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"lacks": frozenset({"postal_address"})}, ["EMAIL_MISSING_SENDER_INFO ZZ-E1"]),
        ({"lacks": frozenset({"optout_url"})}, ["EMAIL_MISSING_SENDER_INFO ZZ-M3"]),
        ({"unsubscribe_days": 29.9}, ["UNSUB_TTL_TOO_SHORT ZZ-M3"]),
        ({"unsubscribe_days": 30}, []),
        ({"lacks": frozenset({"list_unsubscribe_post"})}, []),
        ({"lacks": frozenset({"list_unsubscribe_post"}), "mails_per_day": 4999}, []),
        (
            {"lacks": frozenset({"list_unsubscribe_post"}), "mails_per_day": 5000},
            ["EMAIL_MISSING_ONE_CLICK ZZ-M1"],
        ),
        (
            {"lacks": frozenset({"dkim_covers_unsub"}), "mails_per_day": 8000},
            ["EMAIL_MISSING_ONE_CLICK ZZ-M2"],
        ),
        (
            {"lacks": frozenset({"list_unsubscribe"}), "mails_per_day": 8000},
            ["EMAIL_MISSING_ONE_CLICK ZZ-M1", "EMAIL_MISSING_ONE_CLICK ZZ-M2"],
        ),
    ],
)
def test_mail_shows_its_sender_and_is_stopped_with_one_click(
    changed: dict[str, Any], wrong: list[str]
) -> None:
    """Whoever claims one click has both headers, signed; many mails a day have it; the way out lasts."""
    assert broken(**{**MAIL, **changed}) == wrong


def test_a_call_owes_nothing_that_a_mail_does() -> None:
    """What mails lack is no matter on the telephone."""
    assert broken(lacks=frozenset({"postal_address", "optout_url"}), unsubscribe_days=1) == []


def test_no_rule_is_switched_off() -> None:
    """Whatever somebody wants disabled, and in whatever place (our own rule)."""
    (reason,) = check_setup(a_setup(disabled=("audit",)), [])
    assert (reason.code, reason.rule) == ("RULE_NOT_DISABLEABLE", "POL-7")
    assert reason.citation


def test_a_rule_binds_from_its_first_day() -> None:
    """The day before nobody is held to it."""
    before = datetime(2019, 12, 31, 23, 59, tzinfo=UTC)
    assert broken(ring_s=1, at=before) == []
    assert broken(ring_s=1, at=before + timedelta(minutes=1)) == ["RING_TIME_RANGE ZZ-R1"]


def test_an_audience_may_be_in_any_part_of_its_country() -> None:
    """The country itself first, then each of its parts that has rules of its own."""
    regions = regions_of("US", packaged_law())
    assert regions[0] == "US"
    assert {"US-FL", "US-WA"} < set(regions)
    assert regions_of("JP", packaged_law()) == ("JP",)


@pytest.mark.parametrize(
    ("clock", "zone", "is_there"),
    [
        ("2027-03-14T01:59:59", NEW_YORK, True),
        ("2027-03-14T02:00:00", NEW_YORK, False),
        ("2027-03-14T02:59:59", NEW_YORK, False),
        ("2027-03-14T03:00:00", NEW_YORK, True),
        ("2027-11-07T01:30:00", NEW_YORK, True),
        ("2027-03-14T02:30:00", "America/Phoenix", True),
        ("2027-03-28T01:30:00", "Europe/London", False),
        ("2011-12-30T12:00:00", "Pacific/Apia", False),
    ],
)
def test_a_local_time_that_clocks_skip_does_not_exist(clock: str, zone: str, is_there: bool) -> None:
    """In the spring an hour is missing, once a whole day was; what comes twice in the autumn exists."""
    assert exists(datetime.fromisoformat(clock), zone) is is_there
    wrong = [] if is_there else ["NONEXISTENT_LOCAL_TIME TZ-4"]
    assert broken(clocks=((datetime.fromisoformat(clock), zone),)) == wrong


ZONES = (NEW_YORK, "Europe/London", "Australia/Lord_Howe", "Asia/Tokyo", "America/Havana")


@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2037, 12, 31)),  # noqa: DTZ001  # drawn as UTC
    st.sampled_from(ZONES),
)
def test_whatever_a_clock_has_shown_exists(at: datetime, zone: str) -> None:
    """Every instant has a local time, and that one exists, both times it comes."""
    shown = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert exists(shown, zone)


ELEMENTS = ("company_name", "caller_name", "pitch", "greeting")
MAIL_ELEMENTS = (
    "postal_address",
    "optout_url",
    "list_unsubscribe",
    "list_unsubscribe_post",
    "dkim_covers_unsub",
)
SETUPS = st.builds(
    Setup,
    at=st.just(datetime(2026, 11, 24, tzinfo=UTC)),
    channel=st.sampled_from(Channel),
    purpose=st.sampled_from(Purpose),
    technology=st.sampled_from(Technology),
    profile=st.sampled_from(Profile),
    party=st.sampled_from(Party),
    says=st.none() | st.lists(st.sampled_from(ELEMENTS), max_size=4).map(tuple),
    said_after_s=st.none() | st.floats(0, 60),
    callers=st.none()
    | st.tuples(
        st.builds(
            Caller,
            number=st.sampled_from([None, OURS, "+34612345678", "+33162000001"]),
            is_authorised=st.booleans(),
            takes_opt_outs=st.booleans(),
        )
    ),
    ring_s=st.none() | st.floats(0, 90),
    notice=st.none() | st.frozensets(st.sampled_from(["seller", "phone"])),
    notice_after_s=st.none() | st.floats(0, 9),
    waits_for_machine=st.booleans(),
    asks_consent=st.booleans(),
    is_recorded=st.booleans(),
    announces_recording=st.booleans(),
    lacks=st.frozensets(st.sampled_from(MAIL_ELEMENTS)),
    unsubscribe_days=st.none() | st.floats(0, 90),
    mails_per_day=st.floats(0, 10_000),
    disabled=st.just(()) | st.just(("audit",)),
)


@given(SETUPS)
def test_another_rulebook_never_makes_a_campaign_lawful(setup: Setup) -> None:
    """Whatever speaks against a campaign under one rulebook does so under several: they only add."""
    alone = set(check_setup(setup, [BOOK]))
    together = check_setup(setup, [BOOK, *packaged_law().rulebooks.values()])
    assert alone <= set(together)
    assert len(together) == len(set(together))


@given(SETUPS)
def test_every_reason_names_a_rule_that_was_looked_at(setup: Setup) -> None:
    """A reason is a rule of the book that binds, or one of our own."""
    known = {*looked_at(setup, [BOOK]), "POL-7", "TZ-4", "CLI-1"}
    assert {reason.rule for reason in check_setup(setup, [BOOK])} <= known


@given(SETUPS)
def test_the_strict_reading_finds_no_less_than_the_statutory_one(setup: Setup) -> None:
    """Recommended rules only add to those of the law."""
    books = list(packaged_law().rulebooks.values())
    statutory = check_setup(replace(setup, profile=Profile.STATUTORY), books)
    recommended = check_setup(replace(setup, profile=Profile.RECOMMENDED), books)
    assert set(statutory) <= set(recommended)
