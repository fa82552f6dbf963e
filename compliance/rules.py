"""What a rulebook's rules look like: models of documents, each figure with its citation."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator

from compliance.hours import Windows, parse_hours, parse_windows
from compliance.problem import Wrong, wording
from compliance.question import Question
from compliance.terms import Channel, LineType, Profile, Purpose, ReasonCode, Technology

Id = Annotated[
    str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$", description="the rule's id, such as JP-H1")
]
Days = Annotated[
    Mapping[int, Windows],
    PlainValidator(parse_hours, json_schema_input_type=dict[str, tuple[str, ...]]),
    Field(description='weekdays -> half-open local windows, such as mon-fri: ["09:00-20:00"]'),
]
Day = Annotated[Windows, PlainValidator(parse_windows, json_schema_input_type=tuple[str, ...])]


class Confidence(StrEnum):
    """How well a figure is founded; `policy` is our own choice, not law."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    POLICY = "policy"


R = TypeVar("R", bound="Rule")


class Part(BaseModel):
    """A part of a rulebook: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Part):
    """What every rule says of itself: where it stands, since when, how sure we are, and what it binds.

    A rule of profile *statutory* binds in both profiles, one of *recommended* in that only: it can but tighten.
    `valid_from` and `valid_to` are the first and the last day in force, on the clocks of the rulebook's own zone.
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

    @model_validator(mode="after")
    def _is_ordered(self) -> "Rule":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Wrong(
                wording("valid_to comes before valid_from", "valid_to が valid_from より前です"),
                wording("swap the two", "2つを入れ替えてください"),
                ("valid_to",),
            )
        return self


class HolidayWindows(Part):
    """What holds on a public holiday; `optional` lets a company or campaign choose to treat it like any day."""

    windows: Day = ()
    optional: bool = False


class WindowRule(Rule):
    """When a person may be approached: several windows a day, other ones on holidays. Failing it defers."""

    days: Days
    on_holidays: HolidayWindows | None = None


Period = Literal["day", "week", "campaign"]
"""A local calendar day; a local week from Monday; one campaign from its beginning."""


class CapRule(Rule):
    """How many attempts at most within each period. A campaign's limit, once reached, denies; the others defer."""

    limits: Mapping[Period, Annotated[int, Field(ge=1)]]


class RefusalRule(Rule):
    """Who said one of `events` is not approached again: within `scope` (else whoever asks), for good."""

    events: frozenset[str]
    scope: frozenset[Literal["seller", "product"]]
    code: ReasonCode


class ConsentRule(Rule):
    """A permission of type `consent` is needed, unless a relationship stands for it, which brings duties."""

    consent: str
    relationships: frozenset[str] = frozenset()
    duties: tuple[str, ...] = ()
    absent: ReasonCode


class EvidenceRule(Rule):
    """A permission counts only with proof of it, kept for `retain_years` after the last use."""

    retain_years: int = Field(ge=0)


class ElementsRule(Rule):
    """What every message must show."""

    elements: frozenset[str]


class DisclosureRule(Rule):
    """What a script must say, and `before`: nothing but `greetings` may come earlier."""

    elements: tuple[str, ...]
    greetings: frozenset[str] = frozenset()


class RecordingRule(Rule):
    """What a company that records calls owes the person."""

    duties: tuple[str, ...]


class NumbersRule(Rule):
    """Which lines of the number plan may be called."""

    dialable: frozenset[LineType]


class NoteRule(Rule):
    """A rule that no verdict turns on: done elsewhere in the product, or by people."""

    text: str
    figures: Mapping[str, float] = {}


def in_force(rules: Iterable[R], question: Question, day: date) -> list[R]:
    """Return those of `rules` that bind what is asked on `day` (on the clocks of the rulebook's own zone)."""
    return [rule for rule in rules if _binds(rule, question, day)]


def _binds(rule: Rule, question: Question, day: date) -> bool:
    return (
        question.channel in rule.channels
        and question.purpose in rule.purposes
        and question.technology in rule.technologies
        and (rule.profile is Profile.STATUTORY or question.profile is Profile.RECOMMENDED)
        and rule.valid_from <= day
        and (rule.valid_to is None or day <= rule.valid_to)
    )
