"""Public holidays of a country, by year."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of `country` (ISO 3166-1) in `year`."""
    return frozenset(day for day in holidays.country_holidays(country, years=year) if day.year == year)
