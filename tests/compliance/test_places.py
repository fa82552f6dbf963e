"""Where a number may be."""

from compliance.places import region_of, zones_of


def test_a_japanese_number_is_in_tokyo_time() -> None:
    """One country, one zone."""
    assert zones_of("+819012345678") == ("Asia/Tokyo",)
    assert region_of("+819012345678") == "JP"


def test_a_mobile_may_be_in_any_zone_of_its_country() -> None:
    """An Australian mobile says nothing about Perth or Sydney, and is not guessed."""
    assert {"Australia/Perth", "Australia/Sydney"} <= set(zones_of("+61412345678"))


def test_an_unknown_number_has_no_place() -> None:
    """What the plan does not know is nowhere, and what is no number too (TZ-5)."""
    assert zones_of("+447700900123") == ()
    assert zones_of("nonsense") == ()
    assert region_of("+447700900123") is None
    assert region_of("nonsense") is None
