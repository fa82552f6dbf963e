"""Written cases of the kind `check`, in all the words they may be written in."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.wiring.cases import CaseInvalid, answer, answer_to_json
from compliance.rulebook import packaged_law

LAW = packaged_law()
JP_SAYS = ["company_name", "caller_name", "product_type", "solicitation_purpose"]
MAIL = {
    "postal_address": True,
    "optout_url": True,
    "list_unsubscribe": True,
    "list_unsubscribe_post": True,
    "dkim_covers_unsub": True,
    "from_accurate": True,
}


def a_case(region: str, campaign: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """A check of a sales campaign in one region."""
    channel = "email" if {"email_elements", "daily_volume"} & set(campaign) else "voice"
    plain = {"purpose": "sales", "technology": "progressive", "seller": "S1", "product": "P1"}
    case = {
        "id": "X-001",
        "kind": "check",
        "jurisdictions": [region],
        "channel": channel,
        "pack_profile": "statutory",
        "now_utc": "2026-11-24T02:00:00Z",
        "contact": {},
        "campaign": {**plain, **campaign},
    }
    return {**case, **changed}


def told(case: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered."""
    return answer_to_json(answer(case, LAW))


PREDICTIVE = {"technology": "predictive"}


@pytest.mark.parametrize(
    ("region", "campaign", "code", "rule"),
    [
        ("JP", {"script_elements": JP_SAYS}, None, "JP-D1"),
        ("JP", {"script_elements": []}, "SCRIPT_DISCLOSURE_MISSING", "JP-D1"),
        ("JP", {"script_elements": None}, "SCRIPT_DISCLOSURE_MISSING", "JP-D1"),
        (
            "JP",
            {"script_elements": dict.fromkeys(JP_SAYS, True) | {"caller_name": False}},
            "SCRIPT_DISCLOSURE_MISSING",
            "JP-D1",
        ),
        (
            "JP",
            {"script_elements": [*JP_SAYS[:2], "pitch", *JP_SAYS[2:]]},
            "SCRIPT_DISCLOSURE_MISSING",
            "JP-D1",
        ),
        (
            "JP",
            {"script_elements": JP_SAYS, "script_order": "after_pitch"},
            "SCRIPT_DISCLOSURE_MISSING",
            "JP-D1",
        ),
        ("JP", {"purpose": "survey", "script_elements": ["company_name"]}, None, None),
        ("ES", {"script_elements": ["identity", "commercial_purpose"]}, None, "ES-D1"),
        ("ES", {"script_elements": ["identity"]}, "SCRIPT_DISCLOSURE_MISSING", "ES-D1"),
        (
            "US-FL",
            {"script_elements": ["company_name", "product_type", "solicitation_purpose"]},
            "SCRIPT_DISCLOSURE_MISSING",
            "US-FL-D1",
        ),
        ("US-WA", {"identify_within_s": 45}, "SCRIPT_DISCLOSURE_MISSING", "US-WA-D1"),
        ("US-WA", {"identify_within_s": 30}, None, "US-WA-D1"),
        ("US-CT", {"disclosure_at_s": 11}, "SCRIPT_DISCLOSURE_MISSING", "US-CT-D1"),
        (
            "US-WA",
            {"record_calls": True, "announce_recording": False},
            "SCRIPT_DISCLOSURE_MISSING",
            "US-RCD-1",
        ),
        (
            "US-WA",
            {"recording": {"enabled": True, "announcement": None}},
            "SCRIPT_DISCLOSURE_MISSING",
            "US-RCD-1",
        ),
    ],
)
def test_scripts(region: str, campaign: dict[str, Any], code: str | None, rule: str | None) -> None:
    """What is said, in which order, how soon, and whether recording is announced."""
    holds(region, campaign, code, rule)


@pytest.mark.parametrize(
    ("region", "campaign", "code", "rule"),
    [
        ("GB", {"caller_id": "withheld"}, "CALLER_ID_MISSING", "UK-CLI-1"),
        ("GB", {"caller_id": "+442079460123", "caller_id_withheld": True}, "CALLER_ID_MISSING", "UK-CLI-1"),
        ("DE", {"caller_id": None}, "CALLER_ID_MISSING", "DE-CLI-1"),
        ("AU", {"caller_ids": []}, "CALLER_ID_MISSING", "AU-CLI-1"),
        (
            "US",
            {"caller_id": "+12125550188", "caller_id_proof": "expired"},
            "CALLER_ID_NOT_AUTHORISED",
            "US-CLI-1",
        ),
        (
            "US",
            {"caller_id": "+12125550188", "caller_id_owned": False},
            "CALLER_ID_NOT_AUTHORISED",
            "US-CLI-1",
        ),
        (
            "US",
            {"caller_ids": [{"number": "+12125550100", "proof": "ok", "inbound_route": None}]},
            "CALLER_ID_NO_INBOUND",
            "US-CLI-1",
        ),
        ("IT", {"caller_id": "+390612345678", "inbound_route": "none"}, "CALLER_ID_NO_INBOUND", "IT-CLI-1"),
        ("FR", {"caller_id": "+33145678901"}, "CALLER_ID_RANGE", "FR-CLI-1"),
        ("FR", {"caller_id": "+33612345678", "technology": "manual"}, None, None),
        ("FR", {"caller_id": "+33568000001"}, None, "FR-CLI-1"),
        ("ES", {"caller_id": "+34712345678"}, "CALLER_ID_RANGE", "ES-CLI-1"),
        ("ES", {"caller_id": "+34900123456"}, None, "ES-CLI-1"),
        ("US", {"ring_timeout_seconds": 12}, "RING_TOO_SHORT", "US-FTC-AB3"),
        ("US", {"rings": 3}, "RING_TOO_SHORT", "US-FTC-AB3"),
        ("US", {"rings": 4}, None, "US-FTC-AB3"),
        ("DE", {"ring": {"min_s": 15, "max_s": 45}}, "RING_TIME_RANGE", "DE-A2"),
        ("DE", {"min_ring_seconds": 15, "max_ring_seconds": 40}, None, "DE-A2"),
    ],
)
def test_calls(region: str, campaign: dict[str, Any], code: str | None, rule: str | None) -> None:
    """Which number is shown, and how long a phone rings."""
    holds(region, campaign, code, rule)


@pytest.mark.parametrize(
    ("region", "campaign", "code", "rule"),
    [
        ("US", {"abandonment": {"message": None}}, "SAFE_HARBOUR_MESSAGE_MISSING", "US-FTC-AB4"),
        (
            "US",
            {"safe_harbor_message": {"seller": True, "phone": False, "opt_out": True, "purpose": True}},
            "SAFE_HARBOUR_MESSAGE_MISSING",
            "US-FTC-AB4",
        ),
        (
            "US",
            {"safe_harbour_message_elements": ["seller_name", "telephone_number"]},
            "SAFE_HARBOUR_MESSAGE_MISSING",
            "US-FCC-AB2",
        ),
        ("US", {"safe_harbour_message": "This is Midorien …"}, None, "US-FCC-AB2"),
        ("US", {"safe_harbour_message_after_s": 3}, "SAFE_HARBOUR_MESSAGE_MISSING", "US-FTC-AB4"),
        ("GB", {"information_message": False}, "SAFE_HARBOUR_MESSAGE_MISSING", "UK-AB3"),
        ("US", {"amd": {"mode": "sync"}}, "CONNECT_OVER_2S", "US-FTC-AB2"),
        ("US", {"amd_async": False}, "CONNECT_OVER_2S", "US-FTC-AB2"),
        ("US", {"amd": "async"}, None, "US-FTC-AB2"),
    ],
)
def test_predictive_dialling(
    region: str, campaign: dict[str, Any], code: str | None, rule: str | None
) -> None:
    """What is played when nobody is free, and detection that lets people wait."""
    holds(region, {**PREDICTIVE, **campaign}, code, rule)


@pytest.mark.parametrize(
    ("region", "mail", "code", "rule"),
    [
        ("US", {}, None, "US-E1"),
        ("US", {"unsub_valid_days": 20}, "UNSUB_TTL_TOO_SHORT", "US-E1"),
        ("CA", {"optout_url_valid_days": 45}, "UNSUB_TTL_TOO_SHORT", "CA-E4"),
        ("CA", {"unsub_link_ttl_hours": 24 * 60}, None, "CA-E4"),
        ("US", {"postal_address": False}, "EMAIL_MISSING_SENDER_INFO", "US-E1"),
        ("JP", {"postal_address": False}, "EMAIL_MISSING_SENDER_INFO", "JP-E2"),
        ("JP", {"complaint_contact": None}, "EMAIL_MISSING_SENDER_INFO", "JP-E2"),
        ("US", {"optout_requires_login": True}, "EMAIL_MISSING_SENDER_INFO", "US-E1"),
        ("*", {"list_unsubscribe": "mailto:stop@example.com"}, "EMAIL_MISSING_ONE_CLICK", "RFC8058"),
        ("*", {"get_unsubscribes": True}, "EMAIL_MISSING_ONE_CLICK", "RFC8058"),
        ("*", {"get_unsubscribes": False}, None, "RFC8058"),
    ],
)
def test_mail(region: str, mail: dict[str, Any], code: str | None, rule: str | None) -> None:
    """What a mail shows, how it is stopped, and how long the way out works."""
    holds(region, {"email_elements": {**MAIL, **mail}, "daily_volume": 800}, code, rule)


@pytest.mark.parametrize(("volume", "code"), [(4999, None), (5000, "EMAIL_MISSING_ONE_CLICK")])
def test_many_mails_a_day_are_stopped_with_one_click(volume: int, code: str | None) -> None:
    """From the volume on that the mailbox providers name."""
    elements = {**MAIL, "list_unsubscribe_post": False}
    holds("*", {"email_elements": elements, "daily_volume": volume}, code, "MBX-1")


def test_a_mail_that_lists_what_it_shows_shows_nothing_else() -> None:
    """As a list of a script's elements does."""
    elements = ["sender_name", "sender_address", "optout_notice", "optout_url"]
    holds("JP", {"email_elements": [*elements, "complaint_contact"]}, None, "JP-E2")
    holds("JP", {"email_elements": elements}, "EMAIL_MISSING_SENDER_INFO", "JP-E2")


@pytest.mark.parametrize(
    ("clock", "zone", "code"),
    [
        ("2027-03-28T01:30:00", "Europe/London", "NONEXISTENT_LOCAL_TIME"),
        ("2027-10-31T01:30:00", "Europe/London", None),
        ("2027-03-14T02:30:00", "America/Phoenix", None),
        ("2027-03-14T02:30:00", "America/Vancouver", None),
        ("2027-03-14T02:30:00-05:00", "America/Chicago", "NONEXISTENT_LOCAL_TIME"),
    ],
)
def test_clocks(clock: str, zone: str, code: str | None) -> None:
    """A time in the gap of the spring does not exist; where clocks no longer change there is none."""
    holds("US", {"end_local": clock, "time_zone": zone}, code, "TZ-4" if code else None)


@pytest.mark.parametrize(
    "wish",
    [
        {"config": {"disable_lists": ["us_national_dnc"]}},
        {"config": {"audit": "off"}},
        {"config": {"audit": None}},
        {"config": {"lists": {"internal_dnc": {"enabled": False}}}},
        {"config": {"rules": {"US-FED-H1": "off"}}},
        {"config": {"rules": [{"id": "US-FED-H1", "enabled": False}]}},
        {"config": {"skip_dnc": True, "rules_off": "US-DNC-1"}},
        {"config": {"check_consent": False}},
        {"config_override": {"internal_dnc": "disabled"}},
        {"disable": ["ledger"]},
    ],
)
def test_a_rule_is_not_switched_off_wherever_the_wish_stands(wish: dict[str, Any]) -> None:
    """In the configuration, in the case itself, nested, as a word or as a list."""
    assert told(a_case("US", {}, **wish))["reason_codes"] == ["RULE_NOT_DISABLEABLE"]
    ((_, campaign),) = wish.items()
    if isinstance(campaign, dict):
        assert told(a_case("US", campaign))["reason_codes"] == ["RULE_NOT_DISABLEABLE"]


@pytest.mark.parametrize(
    "config",
    [
        {"skip_holidays": False},
        {"skip_weekends": True},
        {"no_answer_action": "hang up"},
        {"dialing_enabled": False},
        {"disabled_rules": []},
        {"disable_audit": False},
        {"caps": {"per_day": 0}},
        {"hours": {"mon-fri": ["10:00-12:00"]}},
    ],
)
def test_what_narrows_is_no_wish_to_switch_off(config: dict[str, Any]) -> None:
    """Fewer hours, fewer calls, or a wish that is not made."""
    assert told(a_case("US", {}, config=config))["verdict"] == "ALLOW"


def test_what_nobody_could_read_is_told() -> None:
    """A key without a meaning is not taken for read."""
    found = told(a_case("US", {"colour": {"of_the_desk": "green"}, "ring_seconds": 20}))
    assert found["ignored"] == ["campaign.colour.of_the_desk"]


@pytest.mark.parametrize("regions", [["BR"], ["US", "BR"], []])
def test_without_a_rulebook_no_campaign_is_lawful(regions: list[str]) -> None:
    """Nobody can say that it is; what the known rulebooks find is told too."""
    found = told(a_case("US", {"ring_seconds": 5}, jurisdictions=regions))
    assert found["verdict"] == "CONFIG_ERROR"
    assert found["reason_codes"][0] == "PACK_MISSING"
    assert ("RING_TOO_SHORT" in found["reason_codes"]) == ("US" in regions)


@pytest.mark.parametrize(
    ("campaign", "place"),
    [
        ({"ring_seconds": "long"}, "campaign.ring_seconds"),
        ({"script_elements": "all"}, "campaign.script_elements"),
        ({"start_local": "2027-03-14T02:30:00"}, "campaign.start_local"),
        ({"start_local": "2027-03-14T02:30:00", "time_zone": "Mars/Base"}, "campaign.start_local"),
        ({"start_local": "soon", "time_zone": "Asia/Tokyo"}, "campaign.start_local"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(campaign: dict[str, Any], place: str) -> None:
    """A value that says nothing is never taken for silence."""
    with pytest.raises(CaseInvalid, match=place):
        told(a_case("US", campaign))


KEYS = st.sampled_from(
    ["caller_id", "ring_seconds", "script_elements", "amd", "email_elements", "audit", "disable", "recording"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 60)
    | st.sampled_from(["off", "sync", "+12125550100", "company_name"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.sampled_from(["US", "DE", "JP"]))
def test_any_campaign_is_answered_or_refused(campaign: dict[str, Any], region: str) -> None:
    """Never an accident; a verdict and its reasons agree; adding a wish to switch off never makes it lawful."""
    case = a_case(region, campaign, channel="voice")
    try:
        found = told(case)
    except CaseInvalid:
        return
    assert (found["verdict"] == "ALLOW") == (not found["reason_codes"])
    wished = told({**case, "disable_rules": ["US-DNC-1"]})
    assert {*found["reason_codes"], "RULE_NOT_DISABLEABLE"} == set(wished["reason_codes"])


def holds(region: str, campaign: Mapping[str, Any], code: str | None, rule: str | None) -> None:
    """Assert what one campaign is told: this code and no other, under this rule, and every key read."""
    found = told(a_case(region, campaign))
    assert found["reason_codes"] == ([code] if code else [])
    assert found["verdict"] == ("CONFIG_ERROR" if code else "ALLOW")
    assert rule is None or rule in found["rules"]
    assert found["ignored"] == []
