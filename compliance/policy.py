"""The company's own rules, `config/policy.yaml`: they narrow the law for every campaign, and never widen it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from compliance.document import build
from compliance.fields import Day
from compliance.hours import Windows, parse_hours
from compliance.question import Narrowing
from compliance.terms import Profile

Region = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Limit = Annotated[int, Field(ge=1, le=1000)]


class Section(BaseModel):
    """A part of the policy: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PolicyCaps(Section):
    """How often at most one person is tried on one channel, over all campaigns or within one."""

    per_day: Limit | None = None
    per_week: Limit | None = None
    per_campaign: Limit | None = None


class Policy(Section):
    """What the company forbids itself beyond the law.

    `holidays: allow` chooses only what the rulebook leaves to choice; a campaign may still skip them.
    """

    profile: Profile = Profile.RECOMMENDED
    hours: (
        Annotated[
            Mapping[int, Windows],
            PlainValidator(parse_hours, json_schema_input_type=dict[str, tuple[str, ...]]),
        ]
        | None
    ) = None
    holidays: Literal["skip", "allow"] | None = None
    closed_on: tuple[Day, ...] = ()
    caps: PolicyCaps = PolicyCaps()
    proclaimed: Mapping[Region, tuple[Day, ...]] = Field(
        default={},
        description="holidays by decree that some laws know (Louisiana), by region",
        examples=[{"US-LA": ["2026-11-27"]}],
    )
    emergencies: tuple[Region, ...] = Field(
        default=(), description="regions with a declared emergency, where some laws end all sales calls"
    )
    location: Literal["every_candidate", "best_evidence"] = Field(
        default="every_candidate",
        description="every_candidate: hours must hold wherever number and address may be; best_evidence: a verified "
        "address replaces what the number says",
    )

    @property
    def narrowing(self) -> Narrowing:
        """Return the policy as the judge takes it."""
        return Narrowing(
            hours=self.hours,
            skip_holidays=None if self.holidays is None else self.holidays == "skip",
            closed_dates=frozenset(self.closed_on),
            per_day=self.caps.per_day,
            per_week=self.caps.per_week,
            per_campaign=self.caps.per_campaign,
        )


def parse_policy(text: str, file: str) -> Policy:
    """Return the policy that YAML `text` holds. Raises DocumentInvalid with every problem at once."""
    return build(Policy, text, file)
