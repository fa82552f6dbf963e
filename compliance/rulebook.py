"""One jurisdiction's rules as a document; and the law, all rulebooks together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from types import MappingProxyType

import phonenumbers
import tzdata  # type: ignore[import-untyped]  # it has no types
from pydantic import Field, model_validator

from compliance.document import build
from compliance.problem import DocumentInvalid, Problem, Wrong, wording
from compliance.rules import (
    CapRule,
    ConsentRule,
    DisclosureRule,
    ElementsRule,
    EvidenceRule,
    NoteRule,
    NumbersRule,
    Part,
    RecordingRule,
    RefusalRule,
    Rule,
    WindowRule,
)


class Rulebook(Part):
    """The rules of one region (ISO 3166-1). `zones`, when given, are its candidate time zones."""

    region: str = Field(pattern=r"^[A-Z]{2}$")
    version: str
    min_tzdata: str = Field(
        pattern=r"^\d{4}[a-z]$", description="the oldest release of tz data that knows its clocks"
    )
    zones: tuple[str, ...] = ()
    holidays: str | None = None
    numbers: NumbersRule
    windows: tuple[WindowRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    refusals: tuple[RefusalRule, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    evidence: tuple[EvidenceRule, ...] = ()
    elements: tuple[ElementsRule, ...] = ()
    disclosures: tuple[DisclosureRule, ...] = ()
    recording: tuple[RecordingRule, ...] = ()
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

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the sections."""
        sections = (
            self.windows,
            self.caps,
            self.refusals,
            self.consents,
            self.evidence,
            self.elements,
            self.disclosures,
            self.recording,
            self.notes,
        )
        return (self.numbers, *(rule for section in sections for rule in section))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """All that a verdict rests on: rulebooks by region (ISO 3166-1), and the versions of the libraries."""

    rulebooks: Mapping[str, Rulebook]
    libraries: Mapping[str, str] = field(default_factory=installed_versions)

    @property
    def versions(self) -> Mapping[str, str]:
        """Return every version by name: `rulebook` (such as "JP 2026.11.1"), `tzdata`, `phonenumbers`, `holidays`."""
        return {"rulebook": ", ".join(map(_title, self.rulebooks.values())), **self.libraries}

    def versions_of(self, rulebook: Rulebook | None) -> Mapping[str, str]:
        """Return the same for a verdict of one rulebook, or of none."""
        return {"rulebook": _title(rulebook) if rulebook else "none", **self.libraries}


def _title(rulebook: Rulebook) -> str:
    return f"{rulebook.region} {rulebook.version}"


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
