"""What a check found: how bad it is, and which sentences of the catalogs say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from adapters.words import Words


class Level(StrEnum):
    """How a check ended. Only `fail` keeps the exit status from being 0."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check's result. `name` is the check, `case` what it met, `values` what fills the sentences."""

    name: str
    level: Level
    case: str
    values: Mapping[str, object] = field(default_factory=dict)

    def found(self, words: Words) -> str:
        """Return what was found. Raises KeyError for a case that no catalog has."""
        return words(f"{self._key}.found", **self.values)

    def remedy(self, words: Words) -> str:
        """Return what to do, "" when nothing is."""
        key = f"{self._key}.remedy"
        return words(key, **self.values) if key in words.catalog else ""

    @property
    def _key(self) -> str:
        """Where the sentences stand; what could not be looked at reads alike in every check."""
        return "doctor.skipped" if self.case == "skipped" else f"doctor.{self.name}.{self.case}"


def ok(name: str, case: str = "ok", /, **values: object) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding(name=name, level=Level.OK, case=case, values=values)


def warning(name: str, case: str, /, **values: object) -> Finding:
    """Return a finding that somebody should know of."""
    return Finding(name=name, level=Level.WARNING, case=case, values=values)


def fail(name: str, case: str, /, **values: object) -> Finding:
    """Return a finding with which calls or mails will not work, or not safely."""
    return Finding(name=name, level=Level.FAIL, case=case, values=values)


def skipped(name: str) -> Finding:
    """Return that a check could not be made, since an earlier one failed."""
    return warning(name, "skipped")
