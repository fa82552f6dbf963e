"""A campaign is held against the law of the country it calls."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from campaigns.loading import CampaignInvalid, load_campaign

SHIPPED = (Path(__file__).parents[2] / "config" / "campaigns" / "winback-dormant.yaml").read_text("utf-8")


def problems(changed: Mapping[str, str]) -> list[str]:
    """What is wrong with the shipped campaign when some of its words are others."""
    text = SHIPPED
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    try:
        load_campaign(text, "c.yaml")
    except CampaignInvalid as invalid:
        return [f"{problem.line}: {problem.what['en']}" for problem in invalid.problems]
    return []


def test_the_shipped_campaign_is_lawful() -> None:
    """As it stands nothing speaks against it."""
    assert problems({}) == []


@pytest.mark.parametrize(
    ("region", "ring", "rules"),
    [
        ("DE", "45s", ["DE-A2"]),
        ("DE", "25s", []),
        ("US", "15s", []),
    ],
)
def test_ringing_keeps_to_the_country(region: str, ring: str, rules: list[str]) -> None:
    """At most 40 s in Germany; 15 s are enough in America."""
    changed = {"region: JP": f"region: {region}", "ring_limit: 25s": f"ring_limit: {ring}"}
    found = [line for line in problems(changed) if "rings" in line]
    assert [rule for rule in rules if any(rule in line for line in found)] == rules
    assert len(found) == len(rules)


def test_france_wants_numbers_of_its_own() -> None:
    """A Japanese number is none of those that automated platforms may show (FR-CLI-1)."""
    assert any("FR-CLI-1" in line for line in problems({"region: JP": "region: FR"}))


def test_what_is_said_is_what_the_country_asks() -> None:
    """Japan wants the caller's name before the pitch, Italy does not."""
    without = {"caller_name, ": ""}
    assert any("JP-D1" in line for line in problems(without))
    italian = {**without, "region: JP": "region: IT"}
    assert not any("caller_name" in line for line in problems(italian))
