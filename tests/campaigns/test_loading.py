import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from campaigns.campaign import Campaign
from campaigns.loading import (
    CampaignInvalid,
    campaign_from_json,
    campaign_schema,
    campaign_to_json,
    load_campaign,
    version_of,
)
from campaigns.outcome import Outcome
from compliance.problem import Problem
from tests.campaigns.builders import HERE, SOUND, a_campaign

BROKEN = HERE / "broken"
EXPECTED: Mapping[str, list[dict[str, Any]]] = json.loads((BROKEN / "expected.json").read_text("utf-8"))
EXAMPLE = Path(__file__).parents[2] / "config" / "campaigns" / "winback-dormant.yaml"


def problems_of(text: str, file: str = "x.yaml") -> tuple[Problem, ...]:
    """What is wrong with a campaign file."""
    with pytest.raises(CampaignInvalid) as caught:
        load_campaign(text, file)
    return caught.value.problems


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_a_broken_file_is_refused_at_its_line_and_column_with_a_remedy(file: str) -> None:
    """Each file of the corpus is broken in one way (one of them in five) and all of it is told, in both languages."""
    problems = problems_of((BROKEN / file).read_text("utf-8"), file)
    expected = EXPECTED[file]
    assert [(p.line, p.column) for p in problems] == [(e["line"], e["column"]) for e in expected]
    for problem, wanted in zip(problems, expected, strict=True):
        place = f"{file}:{wanted['line']}:{wanted['column']}: "
        english, japanese = problem.text("en"), problem.text("ja")
        assert english.startswith(place)
        assert japanese.startswith(place)
        assert wanted["en"].lower() in english.lower()
        assert wanted["ja"] in japanese
        assert re.search(r"[ぁ-ん]", japanese), "the Japanese text is Japanese"


def test_every_file_of_the_corpus_is_expected() -> None:
    """No broken file goes unread, and there are enough of them."""
    files = {path.name for path in BROKEN.glob("*.yaml")}
    assert files == set(EXPECTED)
    assert len(files) >= 60


def test_a_sound_file_loads() -> None:
    """The file that all the broken ones were made from has no problem."""
    campaign = load_campaign(SOUND, "sound.yaml").campaign
    assert campaign.id == "spring-tea"
    assert campaign.languages == ("ja", "en")
    assert campaign.retry[Outcome.BUSY].after.total_seconds() == 900
    assert campaign.holdout == 0.05


def test_the_example_is_sound_and_shows_the_whole_path() -> None:
    """The campaign of the demo loads, calls twice and then writes."""
    campaign = load_campaign(EXAMPLE.read_text("utf-8"), "winback-dormant.yaml").campaign
    assert [(step.channel, step.attempts) for step in campaign.steps] == [("voice", 2), ("email", 1)]
    assert len(campaign.dispositions) >= 8
    assert all(entry.key for entry in campaign.dispositions)
    assert campaign.languages == ("ja", "en")


def test_what_a_person_typed_stays_what_it_looks_like() -> None:
    """`no` is a word, 18:30 is a time, a number with a plus is a number with a plus."""
    edits = (
        ("title: {ja: 春のお茶, en: Spring tea}", "title: {ja: no, en: 18:30}"),
        ('"+81542559999"]', "+81542559999]"),
    )
    campaign = a_campaign(*edits)
    assert (campaign.title.ja, campaign.title.en) == ("no", "18:30")
    assert campaign.caller_ids == ("+81542559999",)


def test_a_campaign_survives_being_stored() -> None:
    """Canonical JSON gives back the same campaign and the same version."""
    for text in (SOUND, EXAMPLE.read_text("utf-8")):
        loaded = load_campaign(text, "x.yaml")
        again = campaign_from_json(campaign_to_json(loaded.campaign))
        assert again == loaded.campaign
        assert version_of(again) == loaded.version
        assert re.fullmatch(r"[0-9a-f]{16}", loaded.version)


def test_a_version_changes_with_the_content_and_not_with_the_layout() -> None:
    """A comment or another indentation is the same campaign; another figure is not."""
    version = load_campaign(SOUND, "x.yaml").version
    assert (
        load_campaign("# a comment\n" + SOUND.replace("after: 2h", "after:   120m"), "y.yaml").version
        == version
    )
    assert load_campaign(SOUND.replace("max_lines: 10", "max_lines: 11"), "x.yaml").version != version


def test_a_narrowing_takes_away_and_never_adds() -> None:
    """Hours, caps and days off become what the judge takes off the law's."""
    narrowing = a_campaign(("start: 2026-04-01", "start: 2026-04-01\nclosed_on: [2026-04-29]")).narrowing
    assert narrowing.hours is not None
    assert [len(narrowing.hours[day]) for day in range(7)] == [2, 2, 2, 2, 2, 1, 0]
    assert narrowing.skip_holidays is True
    assert (narrowing.per_day, narrowing.per_week, narrowing.per_campaign) == (2, 3, None)
    assert [day.isoformat() for day in narrowing.closed_dates] == ["2026-04-29"]


def test_a_broken_section_does_not_hide_what_is_wrong_elsewhere() -> None:
    """Checks between sections are made on those that are sound, though others are not."""
    text = (
        SOUND.replace("max_lines: 10", "max_lines: many")
        .replace("{id: later,", "{id: sold,")
        .replace("{name}様は", "{nam}様は")
    )
    assert [(problem.line, problem.column) for problem in problems_of(text)] == [(28, 14), (44, 9), (51, 10)]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "3", "- 1\n", "null", "campaign", "{}", "a: 1", "\ufeffcampaign: x"]
)
def test_a_file_that_is_no_campaign_is_refused_with_words(text: str) -> None:
    """Whatever stands in the file, the answer is a list of problems, never an accident."""
    problems = problems_of(text)
    assert problems
    assert all(problem.text("en") and problem.text("ja") for problem in problems)


def test_the_schema_is_one_that_editors_use() -> None:
    """JSON Schema 2020-12: every property described, times and durations with patterns that hold them."""
    schema = campaign_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {field.alias or name for name, field in Campaign.model_fields.items()}
    for part in [schema, *schema["$defs"].values()]:
        for name, value in part.get("properties", {}).items():
            assert value.get("description"), name
    window = schema["properties"]["hours"]["additionalProperties"]["items"]["pattern"]
    assert re.fullmatch(window, "09:00-20:00")
    assert not re.fullmatch(window, "09:00-25:00")
    duration = schema["$defs"]["Step"]["properties"]["after"]["pattern"]
    assert re.fullmatch(duration, "90m")
    assert not re.fullmatch(duration, "90")
    json.dumps(schema)
