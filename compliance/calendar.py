"""Public holidays: those of a country and its parts, dates a rulebook adds, and those the authorities proclaim."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from compliance.rulebook import Holidays


@lru_cache(maxsize=512)
def holidays_of(country: str, year: int, subdivisions: tuple[str, ...] = ()) -> frozenset[date]:
    """Return the public holidays of `country` (ISO 3166-1) in `year`: those of all `subdivisions` together, if any."""
    found = (
        holidays.country_holidays(country, subdiv=part, years=year) for part in (subdivisions or (None,))
    )
    return frozenset(day for days in found for day in days if day.year == year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The holidays that one rule knows."""

    holidays: Holidays | None
    proclaimed: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        """Tell whether `day` is a holiday."""
        known = self.holidays
        if known is None:
            return day in self.proclaimed
        return (
            day in holidays_of(known.country, day.year, known.subdivisions)
            or day in known.also
            or day in self.proclaimed
        )


NO_HOLIDAYS = Calendar(holidays=None)
"""A calendar of working days."""
