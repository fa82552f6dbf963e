"""One jurisdiction's rules as a document; and the law, all rulebooks together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from types import MappingProxyType

import phonenumbers
import tzdata  # type: ignore[import-untyped]  # it has no types
from pydantic import Field, model_validator

from compliance.campaign_rules import (
    AbandonmentRule,
    CallerIdRule,
    ConnectRule,
    DisclosureRule,
    MailRule,
    NoticeRule,
    RingRule,
)
from compliance.contact_rules import (
    CapRule,
    ConsentRule,
    CooldownRule,
    ElementsRule,
    EmergencyRule,
    EvidenceRule,
    ListRule,
    NumbersRule,
    ReassignedRule,
    RecordingRule,
    RefusalRule,
    WindowRule,
)
from compliance.document import build
from compliance.fields import Day, Zone
from compliance.problem import DocumentInvalid, Problem, Wrong, wording
from compliance.rules import NoteRule, Part, Rule

EVERYWHERE = "*"
"""The region of the rulebook that holds wherever the person is."""


class Holidays(Part):
    """Which days are public holidays: those of a country and some of its parts (all together), and dates besides.

    `proclaimed` says that the authorities may add days by decree; the company's policy names those.
    """

    country: str = Field(pattern=r"^[A-Z]{2}$")
    subdivisions: tuple[str, ...] = ()
    also: tuple[Day, ...] = ()
    proclaimed: bool = False


class Rulebook(Part):
    """The rules of one region: a country (ISO 3166-1), a part of one (ISO 3166-2), or `*` for everywhere.

    A part's rules add to its country's. `covers` are other regions under the same rules. `zones`, when given, are the
    only time zones a person there is taken to be in. `is_presumed` says that the law takes an area code for the place.
    """

    region: str = Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|\*)$")
    version: str
    min_tzdata: str = Field(
        pattern=r"^\d{4}[a-z]$", description="the oldest release of tz data that knows its clocks"
    )
    covers: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    is_presumed: bool = False
    holidays: Holidays | None = None
    numbers: NumbersRule | None = None
    windows: tuple[WindowRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    cooldowns: tuple[CooldownRule, ...] = ()
    refusals: tuple[RefusalRule, ...] = ()
    lists: tuple[ListRule, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    evidence: tuple[EvidenceRule, ...] = ()
    elements: tuple[ElementsRule, ...] = ()
    reassigned: tuple[ReassignedRule, ...] = ()
    recording: tuple[RecordingRule, ...] = ()
    emergencies: tuple[EmergencyRule, ...] = ()
    disclosures: tuple[DisclosureRule, ...] = ()
    rings: tuple[RingRule, ...] = ()
    caller_ids: tuple[CallerIdRule, ...] = ()
    notices: tuple[NoticeRule, ...] = ()
    connects: tuple[ConnectRule, ...] = ()
    abandonment: tuple[AbandonmentRule, ...] = ()
    mails: tuple[MailRule, ...] = ()
    notes: tuple[NoteRule, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> "Rulebook":
        ids = [rule.id for rule in self.rules]
        twice = ", ".join(sorted({rule for rule in ids if ids.count(rule) > 1}))
        if twice:
            raise Wrong(
                wording(f"{twice} names more than one rule", f"{twice} が2つ以上の規則の名前になっています"),
                wording("give each rule an id of its own", "規則ごとに別の id を付けてください"),
            )
        return self

    def __hash__(self) -> int:
        """Return the same for equal rulebooks, without reading all of them."""
        return hash((self.region, self.version))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the sections."""
        sections = (getattr(self, name) for name in SECTIONS)
        own = (self.numbers,) if self.numbers else ()
        return (*own, *(rule for section in sections for rule in section))


SECTIONS = tuple(
    name for name, field in Rulebook.model_fields.items() if "Rule, ...]" in str(field.annotation)
)
"""The names of a rulebook's sections, each a tuple of rules of one kind."""


def parse_rulebook(text: str, file: str) -> Rulebook:
    """Return the rulebook that YAML `text` holds. Raises DocumentInvalid with every problem at once."""
    return build(Rulebook, text, file)


def installed_versions() -> Mapping[str, str]:
    """Return the versions of what decides beside the rulebooks: tz data (IANA's), number plans, holidays."""
    return MappingProxyType(
        {
            "tzdata": str(tzdata.IANA_VERSION),
            "phonenumbers": phonenumbers.__version__,
            "holidays": version("holidays"),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Law:
    """All that a verdict rests on: rulebooks by region, and the versions of the libraries."""

    rulebooks: Mapping[str, Rulebook]
    libraries: Mapping[str, str] = field(default_factory=installed_versions)

    @property
    def versions(self) -> Mapping[str, str]:
        """Return every version by name: `rulebook` (such as "JP 2026.11.1"), `tzdata`, `phonenumbers`, `holidays`."""
        return self.versions_of(self.rulebooks.values())

    def versions_of(self, rulebooks: Iterable[Rulebook]) -> dict[str, str]:
        """Return the same for a verdict of these rulebooks."""
        return {"rulebook": ", ".join(map(_title, rulebooks)) or "none", **self.libraries}

    def country_of(self, region: str) -> Rulebook | None:
        """Return the rulebook of the country that `region` is, is a part of, or is under; None when there is none."""
        return _country(self, region)

    def governing(self, region: str) -> tuple[Rulebook, ...]:
        """Return the rulebooks that hold in `region`: everywhere's, the country's, its own; () without a country's."""
        return _governing(self, region)


@lru_cache(maxsize=1024)
def _country(law: Law, region: str) -> Rulebook | None:
    code = region.partition("-")[0]
    over = (book for book in law.rulebooks.values() if code in book.covers)
    return law.rulebooks.get(code) or next(over, None)


@lru_cache(maxsize=1024)
def _governing(law: Law, region: str) -> tuple[Rulebook, ...]:
    country = law.country_of(region)
    if country is None:
        return ()
    found = (law.rulebooks.get(EVERYWHERE), country, law.rulebooks.get(region))
    return tuple(dict.fromkeys(book for book in found if book is not None))


def _title(rulebook: Rulebook) -> str:
    return f"{'any' if rulebook.region == EVERYWHERE else rulebook.region} {rulebook.version}"


def law_from(texts: Mapping[str, str]) -> Law:
    """Return the law that rulebooks make, given as YAML text by file name.

    Raises DocumentInvalid with the problems of all files at once.
    """
    rulebooks: dict[str, Rulebook] = {}
    problems: list[Problem] = []
    for file, text in sorted(texts.items()):
        try:
            rulebook = parse_rulebook(text, file)
        except DocumentInvalid as invalid:
            problems.extend(invalid.problems)
            continue
        if rulebook.region in rulebooks:
            problems.append(_second(file, rulebook.region))
        rulebooks[rulebook.region] = rulebook
    if problems:
        raise DocumentInvalid(problems)
    return Law(rulebooks=MappingProxyType(rulebooks))


def _second(file: str, region: str) -> Problem:
    return Problem(
        file=file,
        line=1,
        column=1,
        what=wording(f"{region} has a rulebook already", f"{region} の規則集はすでにあります"),
        remedy=wording("keep one file for each region", "地域ごとに1つのファイルにしてください"),
    )


@lru_cache(maxsize=1)
def packaged_law() -> Law:
    """Return the law of the rulebooks that come with this package."""
    folder = files("compliance") / "rulebooks"
    return law_from(
        {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".yaml")}
    )
