"""A campaign's text becomes a campaign and its version, or every problem at once."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from campaigns.answering import ANSWER_CHECKS
from campaigns.campaign import Campaign
from campaigns.lawfulness import LAW_CHECKS
from campaigns.limits import LIMIT_CHECKS
from campaigns.modes import MODE_CHECKS
from campaigns.sections import SECTION_CHECKS
from campaigns.wordings import WORDING_CHECKS
from compliance.document import DocumentInvalid, Examined, Problem, examine, problem_at

CampaignInvalid = DocumentInvalid
"""A campaign file cannot be used; `problems` says why, all at once."""

_VERSION_DIGITS = 16
_CHECKS = (*SECTION_CHECKS, *LIMIT_CHECKS, *MODE_CHECKS, *WORDING_CHECKS, *ANSWER_CHECKS, *LAW_CHECKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCampaign:
    """A campaign and its version: 16 hex digits that change with its content, not with its layout."""

    campaign: Campaign
    version: str


def load_campaign(text: str, file: str) -> LoadedCampaign:
    """Return the campaign that YAML `text` holds; `file` is how problems name it.

    Raises CampaignInvalid with every problem at once: syntax, keys, values, and what the sections are to each other.
    """
    examined = examine(Campaign, text, file)
    problems = [*examined.problems, *_between_sections(examined)]
    if examined.document is None or problems:
        raise CampaignInvalid(problems)
    return LoadedCampaign(campaign=examined.document, version=version_of(examined.document))


def _between_sections(examined: Examined[Campaign]) -> Iterator[Problem]:
    """Yield what the checks find in the sections that are sound by themselves."""
    for check in _CHECKS:
        if all(name in examined.sound for name in check.needs):
            for path, wrong in check.look(**{name: examined.sound[name] for name in check.needs}):
                yield problem_at(examined.file, examined.positions, path, wrong)


def version_of(campaign: Campaign) -> str:
    """Return the version of a campaign: the first 16 hex digits of the SHA-256 of its canonical JSON."""
    return hashlib.sha256(campaign_to_json(campaign).encode()).hexdigest()[:_VERSION_DIGITS]


def campaign_to_json(campaign: Campaign) -> str:
    """Return a campaign as canonical JSON (sorted keys, no spaces, UTF-8 text), as it is stored."""
    value = campaign.model_dump(mode="json", by_alias=True)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def campaign_from_json(text: str) -> Campaign:
    """Return the campaign that `campaign_to_json` wrote. Raises pydantic's ValidationError for anything else."""
    return Campaign.model_validate_json(text, strict=True)


def campaign_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of campaign files, for editors."""
    schema = Campaign.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "Campaign of dialer"}
