"""The company's own rules, `config/policy.yaml`: they narrow the law for every campaign, and never widen it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from compliance.document import build
from compliance.hours import Windows, parse_hours
from compliance.question import Narrowing
from compliance.terms import Profile

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
    closed_on: tuple[date, ...] = ()
    caps: PolicyCaps = PolicyCaps()

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
