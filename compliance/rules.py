"""What every rule says of itself: where it stands, since when, whom it binds, how sure we are."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from compliance.problem import Wrong, wording
from compliance.terms import Channel, Party, Profile, Purpose, Technology

Id = Annotated[
    str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", description="the rule's id, such as JP-H1")
]


class Confidence(StrEnum):
    """How well a figure is founded; `policy` is our own choice, not law."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    POLICY = "policy"


class Part(BaseModel):
    """A part of a rulebook: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Part):
    """What every rule says of itself: where it stands, since when, how sure we are, and what it binds.

    A rule of profile *statutory* binds in both profiles, one of *recommended* in that only: it can but tighten.
    `carries` names notes that this rule carries out. `valid_from` and `valid_to` are the first and the last day in
    force, on the clocks of the rulebook's own zone.
    """

    id: Id
    citation: str
    source: str
    checked: date
    confidence: Confidence
    valid_from: date
    valid_to: date | None = None
    profile: Profile = Profile.STATUTORY
    channels: frozenset[Channel] = frozenset(Channel)
    purposes: frozenset[Purpose] = frozenset(Purpose)
    technologies: frozenset[Technology] = frozenset(Technology)
    parties: frozenset[Party] = frozenset(Party)
    carries: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _is_ordered(self) -> "Rule":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Wrong(
                wording("valid_to comes before valid_from", "valid_to が valid_from より前です"),
                wording("swap the two", "2つを入れ替えてください"),
                ("valid_to",),
            )
        return self


class Exemption(Part):
    """What lifts a rule: a standing consent of one of these types, or a tie no older than so many months (null: any).

    A consent must be to the seller who asks, for the channel asked for; a tie must be to that seller.
    """

    consents: frozenset[str] = frozenset()
    relationships: Mapping[str, Annotated[int, Field(ge=1)] | None] = {}


NOTHING = Exemption()
"""No exemption."""


class NoteRule(Rule):
    """A rule that no verdict turns on: done elsewhere in the product, or by people."""

    text: str
    figures: Mapping[str, float] = {}
