"""Written cases of what figures mean for dialing and mailing, however their authors write them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cases.answer import Answer
from adapters.cases.fields import CaseInvalid
from adapters.cases.paces import answer_pace
from compliance.rulebook import packaged_law

LAW = packaged_law()
UNSAFE = ("warn_no_safe_harbour",)


def told(regions: str, metrics: dict[str, Any], **changed: Any) -> Answer:
    """The answer to a case of predictive sales calls in these regions."""
    case = {
        "id": "AB-0",
        "kind": "pace",
        "jurisdictions": regions.split(),
        "channel": "voice",
        "pack_profile": "statutory",
        "now_utc": "2026-11-24T02:00:00Z",
        "campaign": {"purpose": "sales", "technology": "predictive", "seller": "S1", "product": "P1"},
        "metrics": metrics,
        **changed,
    }
    return answer_pace(case, LAW)


def verdict(regions: str, metrics: dict[str, Any], **changed: Any) -> str:
    """The verdict of such a case, all of whose keys were read."""
    found = told(regions, metrics, **changed)
    assert found.ignored == ()
    return found.verdict


@pytest.mark.parametrize(
    ("regions", "metrics", "expected"),
    [
        ("US", {"live_answers": 1000, "abandoned": 30}, "ALLOW"),
        ("US", {"live_answers": 1000, "abandoned": 31}, "HALT_PREDICTIVE"),
        ("US-FL", {"live_answers": 1000, "abandoned": 31}, "HALT_PREDICTIVE"),
        ("US", {"answers_total": 2000, "machine_answers": 1000, "abandoned": 31}, "HALT_PREDICTIVE"),
        ("US", {"live_connected": 970, "abandoned": 30, "busy": 500, "no_answer": 90}, "ALLOW"),
        ("US", {"live_answers": 985, "abandoned": 20, "amd_false_positives": 15}, "ALLOW"),
        ("US", {"abandonment_rate": 0.031}, "HALT_PREDICTIVE"),
        ("US", {"abandonment_rate_percent": 2.9, "live_answers": 1000}, "ALLOW"),
        ("CA", {"period": "calendar_month", "live_answers": 1000, "abandoned": 50}, "ALLOW"),
        ("CA US", {"live_answers": 1000, "abandoned": 49}, "HALT_PREDICTIVE"),
        ("JP", {"period": "day", "live_answers": 1000, "abandoned": 30}, "ALLOW"),
        ("JP", {"period": "day", "live_answers": 1000, "abandoned": 31}, "HALT_PREDICTIVE"),
        ("GB", {"abandoned": 30, "live": 970}, "ALLOW_WITH"),
        ("GB", {"abandoned": 31, "live": 969}, "HALT_PREDICTIVE"),
        ("GB", {"abandoned": 20, "live_connected": 965, "amd_false_positives": 15}, "HALT_PREDICTIVE"),
        (
            "GB",
            {
                "abandoned": 20,
                "live_connected": 970,
                "machine_answers": 600,
                "amd_false_positive_rate": 0.016,
            },
            "ALLOW_WITH",
        ),
        (
            "GB",
            {"abandoned": 20, "live_connected": 970, "machine_answers": 600, "amd_accuracy": 0.98},
            "HALT_PREDICTIVE",
        ),
        ("GB", {"abandoned": 40, "live_connected": 960, "estimated_machines": 15}, "ALLOW_WITH"),
        ("US", {"abandoned": 40, "live_connected": 960, "estimated_machines": 15}, "HALT_PREDICTIVE"),
    ],
)
def test_each_law_counts_its_own_way(regions: str, metrics: dict[str, Any], expected: str) -> None:
    """The limit itself is allowed; estimates of detection's mistakes count in Britain, both ways, and nowhere else."""
    assert verdict(regions, metrics) == expected


def test_britain_has_no_safe_share() -> None:
    """However few are left, a warning comes with the yes; a no needs none."""
    assert told("GB", {"abandoned": 1, "live_connected": 999}).obligations == UNSAFE
    assert told("GB", {"abandoned": 100, "live_connected": 900}).obligations == ()


def test_few_calls_prove_little() -> None:
    """2 of 100 is below 3 % and yet may be 6 %: the policy is named beside the law, unless the law itself is broken."""
    few, many = ({"live_answers": 100, "abandoned": number} for number in (2, 4))
    assert told("US", few).verdict == told("US", many).verdict == "HALT_PREDICTIVE"
    assert [reason.rule for reason in told("US", few).reasons][-1] == "POL-5"
    assert "POL-5" not in {reason.rule for reason in told("US", many).reasons}


@pytest.mark.parametrize(
    ("regions", "duties"),
    [("US", ("halt=A", "continue=B")), ("GB", ("halt=A", "halt=B"))],
)
def test_campaigns_stop_alone_unless_the_centre_is_over(regions: str, duties: tuple[str, ...]) -> None:
    """A's 200 of 5000 and B's 10 of 1000 are 3.5 % together, which is nobody's limit but Britain's."""
    metrics = {
        "A": {"live_answers": 5000, "abandoned": 200},
        "B": {"live_answers": 1000, "abandoned": 10},
    }
    assert told(regions, metrics).obligations == duties
    listed = {"campaigns": [{"id": name, **figures} for name, figures in metrics.items()]}
    assert told(regions, listed) == told(regions, metrics)


def test_a_rule_looks_at_its_own_period() -> None:
    """A bad day is Japan's and not America's; thirty days are counted in runs and at any time (POL-5)."""
    bad_day = {
        "today": {"live_answers": 1000, "abandoned": 50},
        "30d": {"live_answers": 9000, "abandoned": 200},
    }
    assert [verdict(region, bad_day) for region in ("US", "JP")] == ["ALLOW", "HALT_PREDICTIVE"]
    runs = {
        "successive": {"live_answers": 1000, "abandoned": 28},
        "rolling": {"live_answers": 1000, "abandoned": 35},
    }
    found = told("US", runs)
    assert [reason.rule for reason in found.reasons] == ["US-AB5"]
    assert {"US-FTC-AB1", "US-AB5", "POL-5"} <= set(found.rules)


def test_a_rule_looks_at_its_own_scope() -> None:
    """Britain counts the centre too, America the campaign alone."""
    metrics = {
        "campaign": {"live_connected": 980, "abandoned": 20},
        "centre": {"live_connected": 9600, "abandoned": 400},
    }
    assert [verdict(region, metrics) for region in ("US", "GB")] == ["ALLOW", "HALT_PREDICTIVE"]


def test_without_a_rule_nobody_said_how_to_count() -> None:
    """Germany limits no share that we know of, so none is allowed; America limits telemarketing only."""
    figures = {"live_answers": 1000, "abandoned": 1}
    found = told("DE", figures)
    assert (found.verdict, [reason.code for reason in found.reasons]) == ("HALT_PREDICTIVE", ["PACK_MISSING"])
    service = {"purpose": "service", "technology": "predictive", "seller": "S1", "product": "P1"}
    assert verdict("US", figures, campaign=service) == "ALLOW"


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({"connect_seconds": 2.0}, "COUNT_CONNECTED"),
        ({"connected_after_s": 2.1}, "COUNT_ABANDONED"),
        ({"seconds_after_greeting": 3}, "COUNT_ABANDONED"),
        ({"connect_seconds": None}, "COUNT_ABANDONED"),
        ({"greeting_end_s": 1.5, "connect_seconds": 3.4}, "COUNT_CONNECTED"),
        ({"greeting_end_s": 1.5, "seconds_after_greeting": 3.4}, "COUNT_ABANDONED"),
        ({"seconds_after_answer": 3.4}, "COUNT_ABANDONED"),
        ({"message_start_s": 1.8, "consented": True}, "COUNT_CONNECTED"),
        ({"message_start_s": 2.2, "consented": True}, "COUNT_ABANDONED"),
        ({"message_start_s": 1.8, "consented": False}, "COUNT_ABANDONED"),
        ({"message_start_s": 1.8, "consented": "none"}, "COUNT_ABANDONED"),
        ({"message_start_s": 1.8}, "COUNT_ABANDONED"),
        ({"hung_up_after_s": 1.0}, "COUNT_CONNECTED"),
    ],
)
@pytest.mark.parametrize("regions", ["US", "GB", "CA", "JP"])
def test_two_seconds_after_the_greeting(regions: str, metrics: dict[str, Any], expected: str) -> None:
    """Everywhere: no rulebook leaves more, and Japan's, which says nothing, is not read as leave to be late."""
    found = told(regions, metrics)
    assert found.verdict == expected
    assert {reason.code for reason in found.reasons} == (
        {"CONNECT_OVER_2S"} if expected == "COUNT_ABANDONED" else set()
    )


def test_a_recording_serves_who_agreed_to_it() -> None:
    """A consent that stands is one; a revoked one is none."""
    metrics = {"message_start_s": 1.8}
    given = {"type": "prior_express_written", "seller": "S1", "obtained_at": "2026-01-01"}
    assert verdict("US", metrics, consents=[given]) == "COUNT_CONNECTED"
    assert verdict("US", metrics, consents=[{**given, "revoked_at": "2026-02-01"}]) == "COUNT_ABANDONED"


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({"complaint_rate": 0.0029}, "ALLOW"),
        ({"complaint_rate": 0.003}, "HALT_EMAIL"),
        ({"complaint_rate_percent": 0.31}, "HALT_EMAIL"),
        ({"complaint_rate": "0.2%"}, "ALLOW"),
        ({"complaints": 29, "delivered": 10_000}, "ALLOW"),
        ({"complaints": 30, "delivered": 10_000, "period": "7d"}, "HALT_EMAIL"),
        ({"a.example": {"complaint_rate": 0.001}, "b.example": {"complaint_rate": 0.004}}, "HALT_EMAIL"),
    ],
)
@pytest.mark.parametrize("regions", ["", "*", "JP", "US"])
def test_mail_that_people_complain_of_stops(regions: str, metrics: dict[str, Any], expected: str) -> None:
    """Below 0.3 % in every country, at whatever provider."""
    assert verdict(regions, metrics, channel="email") == expected


@pytest.mark.parametrize(
    ("metrics", "place"),
    [
        ({}, "abandoned"),
        ({"abandoned": 5}, "abandoned"),
        ({"live_answers": 1000}, "abandoned"),
        ({"live_answers": 10, "abandoned": 11}, "abandoned"),
        ({"live_answers": 10, "abandoned": -1}, "abandoned"),
        ({"live_answers": 10.5, "abandoned": 1}, "live_answers"),
        ({"live_answers": float("nan"), "abandoned": 1}, "live_answers"),
        ({"live_answers": "many", "abandoned": 1}, "live_answers"),
        ({"answers_total": 10, "machine_answers": 11, "abandoned": 0}, "machine_answers"),
        ({"live_answers": 10, "abandoned": 1, "estimated_machines": 2}, "estimated_machines"),
        ({"live_answers": 10, "abandoned": 1, "amd_false_positive_rate": 2.0}, "amd_false_positive_rate"),
        ({"A": {"live_answers": 10, "abandoned": 11}}, r"A\.abandoned"),
        ({"connect_seconds": -1}, "connect_seconds"),
        ({"complaint_rate": None}, "complaint_rate"),
        ({"complaints": 5, "delivered": 4}, "delivered"),
        ({"complaints": 5}, "delivered"),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_place(metrics: dict[str, Any], place: str) -> None:
    """Nothing is guessed: no answer at all is better than a wrong yes."""
    with pytest.raises(CaseInvalid, match=rf"metrics\.{place}"):
        told("US", metrics)


def test_keys_that_nobody_read_are_told() -> None:
    """At every depth."""
    found = told("US", {"A": {"live_answers": 1000, "abandoned": 3, "mood": "good"}, "weather": "fine"})
    assert found.ignored == ("metrics.weather", "metrics.A.mood")


@given(st.integers(300, 10_000), st.data(), st.sampled_from(["US", "GB", "CA", "JP", "US GB CA JP"]))
def test_more_left_is_never_better(live: int, data: st.DataObject, regions: str) -> None:
    """Once halted, halted with one more as well."""
    left = data.draw(st.integers(0, live - 1))
    verdicts = [told(regions, {"live_answers": live, "abandoned": n}).verdict for n in (left, left + 1)]
    assert verdicts != ["HALT_PREDICTIVE", "ALLOW"]
    assert verdicts != ["HALT_PREDICTIVE", "ALLOW_WITH"]
