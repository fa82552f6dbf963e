"""How agents look at people before they dial them: how long, what happens then, why somebody may be skipped."""

from typing import Literal

from pydantic import Field

from campaigns.parts import Document, Text
from compliance.fields import Duration, Slug


class SkipReason(Document):
    """Why an agent does not dial somebody now."""

    id: Slug = Field(description="kept in the records", examples=["not-now"])
    label: Text = Field(description="what the agent reads", examples=[{"ja": "今は控える"}])
    key: str | None = Field(
        default=None, pattern=r"^[0-9a-z]$", description="the key an agent presses", examples=["1"]
    )
    after: Duration | None = Field(
        default=None, description="when the person is due again; left out, `again_after`", examples=["1d"]
    )


REASONS = (
    SkipReason(id="not-now", key="1", label=Text(ja="今は控える", en="Not now")),
    SkipReason(id="dealt-with", key="2", label=Text(ja="最近やり取りがあった", en="Dealt with lately")),
    SkipReason(
        id="bad-data", key="3", label=Text(ja="情報に不備がある", en="Something is wrong with the data")
    ),
)
"""Why somebody is skipped where a campaign names no reasons of its own."""


class Preview(Document):
    """How an agent looks at a person before they dial."""

    time: Duration = Field(
        default="60s", validate_default=True, description="how long an agent may look: 5s to 30m"
    )
    on_timeout: Literal["skip", "dial"] = Field(
        default="skip",
        description="skip: without the agent's press nobody is dialled, and the agent is set away; dial: the person is",
    )
    again_after: Duration = Field(
        default="4h", validate_default=True, description="when a person who was skipped is due again"
    )
    reasons: tuple[SkipReason, ...] = Field(
        default=REASONS,
        min_length=1,
        max_length=10,
        description="why an agent may skip somebody; left out, three usual ones",
    )

    def reason(self, name: str) -> SkipReason | None:
        """Return the reason of that id."""
        return next((one for one in self.reasons if one.id == name), None)
