"""The rules that bind each contact: when, how often, after what, on which list, with whose permission."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from compliance.fields import Duration, Zone
from compliance.hours import Windows, parse_hours, parse_windows
from compliance.problem import Wrong, wording
from compliance.rules import NOTHING, Exemption, Part, Rule
from compliance.terms import Channel, LineType, Party, ReasonCode

Days = Annotated[
    Mapping[int, Windows],
    PlainValidator(parse_hours, json_schema_input_type=dict[str, tuple[str, ...]]),
    Field(description='weekdays -> half-open local windows, such as mon-fri: ["09:00-20:00"]'),
]
DayWindows = Annotated[Windows, PlainValidator(parse_windows, json_schema_input_type=tuple[str, ...])]


class HolidayWindows(Part):
    """What holds on a public holiday; `optional` lets a company or campaign choose to treat it like any day."""

    windows: DayWindows = ()
    optional: bool = False


class WindowRule(Rule):
    """When a person may be approached: several windows a day, other ones on holidays. Failing it defers.

    `before_holidays` holds on the day before a holiday. `zones`, when given, are the clocks that count instead of the
    person's own. `exempt` lifts the rule.
    """

    days: Days
    on_holidays: HolidayWindows | None = None
    before_holidays: DayWindows | None = None
    zones: tuple[Zone, ...] = ()
    exempt: Exemption = NOTHING


_PERIOD = re.compile(r"day|week|campaign|[1-9][0-9]{0,3}[hd]")


def _read_period(value: Any) -> Any:
    if isinstance(value, str) and _PERIOD.fullmatch(value):
        return value
    raise Wrong(
        wording(f"{value} is not a period", f"{value} は期間として読めません"),
        wording(
            "Write day, week or campaign, or an elapsed time such as 24h or 30d",
            "day・week・campaign、または 24h や 30d のような経過時間を書いてください",
        ),
    )


Period = Annotated[str, BeforeValidator(_read_period)]
"""A local calendar day; a local week from Monday; one campaign from its beginning; elapsed hours or days."""


class CapRule(Rule):
    """How many attempts at most within each period. A campaign's limit, once reached, denies; the others defer.

    `same` says which attempts count together (all of a person's where it is empty), `counts` on which channels (the one
    asked for where it is empty).
    """

    limits: Mapping[Period, Annotated[int, Field(ge=1)]]
    same: frozenset[Literal["number", "seller", "product"]] = frozenset()
    counts: frozenset[Channel] = frozenset()
    exempt: Exemption = NOTHING


class CooldownRule(Rule):
    """How long nobody is approached after one of `events`: `rest` elapsed, or until the local day ends (null)."""

    events: frozenset[str]
    rest: Duration | None = Field(default=None, gt=timedelta(0))
    scope: frozenset[Literal["seller", "product"]] = frozenset()
    code: ReasonCode


class RefusalRule(Rule):
    """Who said one of `events` is not approached again: within `scope` (else whoever asks), for good."""

    events: frozenset[str]
    scope: frozenset[Literal["seller", "product"]]
    code: ReasonCode


class ListRule(Rule):
    """A registry that must be asked: who is listed for `grace_days` is denied, as is everyone without a fresh copy.

    `needed_for` says for whom a copy must be there; who is listed on one that is there is denied whoever they are.
    `exempt` lifts the rule; with `newer_consent` only by a consent given after the person registered.
    """

    registry: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    max_age_days: int = Field(ge=1)
    grace_days: int = Field(default=0, ge=0)
    code: ReasonCode
    needed_for: frozenset[Party] = frozenset(Party)
    exempt: Exemption = NOTHING
    newer_consent: bool = False


class ConsentRule(Rule):
    """A permission of one of `consents` is needed, unless a tie stands for it, which brings `duties`.

    `relationships` says how many months a tie lasts (null: as long as it stands). A permission for less than
    what is asked (seller, channel, number) does not stand. `evidence` wants proof with it.
    """

    consents: frozenset[str] = Field(min_length=1)
    relationships: Mapping[str, Annotated[int, Field(ge=1)] | None] = {}
    duties: tuple[str, ...] = ()
    absent: ReasonCode
    evidence: bool = False


class EvidenceRule(Rule):
    """A permission counts only with proof of it, kept for `retain_years` after the last use."""

    retain_years: int = Field(ge=0)


class ElementsRule(Rule):
    """What every message must show."""

    elements: frozenset[str]


class ReassignedRule(Rule):
    """What an answer of the Reassigned Numbers Database means: `yes` denies, `no_data` asks people, `no` has duties."""

    duties: tuple[str, ...] = ()


class RecordingRule(Rule):
    """What a company that records calls owes the person."""

    duties: tuple[str, ...]


class EmergencyRule(Rule):
    """No approach while the authorities have declared an emergency in the rulebook's region."""


class NumbersRule(Rule):
    """Which lines of the number plan may be called."""

    dialable: frozenset[LineType]
