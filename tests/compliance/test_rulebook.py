"""Rulebooks as documents, and the law they make."""

from importlib.resources import files

import pytest

from compliance.document import DocumentInvalid
from compliance.rulebook import law_from, packaged_law, parse_rulebook
from compliance.terms import Profile
from tests.compliance.builders import TUESDAY

JP = (files("compliance") / "rulebooks" / "jp.yaml").read_text("utf-8")


def test_the_packaged_law_is_sound() -> None:
    """Japan is there; every rule says where it stands and was checked, and is in force on a day of the demo."""
    japan = packaged_law().rulebooks["JP"]
    assert len(japan.rules) > 15
    for rule in japan.rules:
        assert rule.citation
        assert rule.source
        assert rule.valid_from <= rule.checked <= TUESDAY.date()


def test_only_house_policy_is_recommended_only() -> None:
    """What binds in the recommended profile alone is our own choice, and says so."""
    for rule in packaged_law().rulebooks["JP"].rules:
        assert rule.profile is Profile.STATUTORY or rule.confidence == "policy"


def test_versions_are_named() -> None:
    """The law names all that decides: rulebook, time zones, number plans, holidays."""
    versions = packaged_law().versions
    assert "JP 2026.11.1, US 2026.11.1, US-AL" in versions["rulebook"]
    assert versions["tzdata"] >= "2026f"
    assert set(versions) == {"rulebook", "tzdata", "phonenumbers", "holidays"}


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('["08:00-21:00"]', '["21:00-08:00"]', "does not end after it starts"),
        ('mon-sun: ["08:00-21:00"]', 'someday: ["08:00-21:00"]', "no weekday"),
        ("id: JP-H2", "id: JP-H1", "JP-H1 names more than one rule"),
        ("id: JP-H2", "id: jp h2", "jp h2 has the wrong form"),
        ("day: 2,", "day: 0,", "too small"),
        ("day: 2,", "fortnight: 2,", "fortnight"),
        ("scope: [seller, product]", "scope: [seller, colour]", "colour"),
        ("code: EMAIL_UNSUBSCRIBED", "code: NO_SUCH_CODE", "NO_SUCH_CODE"),
        ("valid_from: 2013-02-01", "valid_from: 2013-02-30", "2013-02-30"),
        (
            "valid_from: 2013-02-01",
            "valid_from: 2013-02-01\n    valid_to: 2012-01-01",
            "valid_to comes before",
        ),
        ("region: JP", "region: Japan", "Japan"),
        ("min_tzdata: 2024a", "min_tzdata: 2024", "2024"),
        ("holidays: {country: JP}", "holydays: {country: JP}", "holydays"),
    ],
)
def test_a_mistake_is_found_and_said(good: str, bad: str, said: str) -> None:
    """Each mistake in a rulebook is a problem of that file that names what is wrong."""
    assert good in JP
    with pytest.raises(DocumentInvalid) as caught:
        parse_rulebook(JP.replace(good, bad, 1), "jp.yaml")
    text = str(caught.value)
    assert said in text
    assert text.startswith("jp.yaml:")


def test_all_problems_of_all_files_come_at_once() -> None:
    """Two broken files are both told; a second rulebook for a region is a problem too."""
    broken = JP.replace("day: 2,", "day: 0,").replace("region: JP", "region: Japan")
    with pytest.raises(DocumentInvalid) as caught:
        law_from({"a.yaml": broken, "b.yaml": "region: US\n"})
    assert {problem.file for problem in caught.value.problems} == {"a.yaml", "b.yaml"}
    assert sum(problem.file == "a.yaml" for problem in caught.value.problems) == 2
    with pytest.raises(DocumentInvalid, match="has a rulebook already"):
        law_from({"a.yaml": JP, "b.yaml": JP})
