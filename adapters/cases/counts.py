"""Numbers of a written case: whole counts, shares and seconds, each under one of several names."""

from adapters.cases.fields import CaseInvalid, Fields
from compliance.fields import read_share

_PERCENT = ("_percent", "_pct")


def key_of(fields: Fields, *names: str) -> str:
    """Return the first of these names that the case uses, else the first of all: what a message should name."""
    return next((name for name in names if name in fields), names[0])


def count(fields: Fields, *names: str) -> int | None:
    """Return a whole number from 0, None where no name is used. Raises CaseInvalid."""
    name = key_of(fields, *names)
    value = fields.number(name)
    if value is not None and not (value >= 0 and value.is_integer()):
        raise CaseInvalid(f"{fields.place(name)}: a count is a whole number from 0, not {value:g}")
    return None if value is None else int(value)


def seconds(fields: Fields, *names: str) -> float | None:
    """Return seconds from 0, None where no name is used. Raises CaseInvalid."""
    name = key_of(fields, *names)
    value = fields.number(name)
    if value is not None and not value >= 0:
        raise CaseInvalid(f"{fields.place(name)}: seconds from 0 are needed, not {value:g}")
    return value


def with_percent(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names under which a share may be told: plain, or of the same figure in percent."""
    return (*names, *(f"{name}{unit}" for name in names for unit in _PERCENT))


def part(fields: Fields, *names: str) -> float | None:
    """Return a share, 0 to 1, written as such or in percent (`rate_percent`, `rate_pct`, "3%"). Raises CaseInvalid."""
    name = key_of(fields, *with_percent(names))
    if name.endswith(_PERCENT):
        value = fields.number(name)
        share = None if value is None else value / 100
    else:
        share = _share(fields, name)
    if share is not None and not 0 <= share <= 1:
        raise CaseInvalid(f"{fields.place(name)}: a share is from 0 to 1, not {share:g}")
    return share


def _share(fields: Fields, name: str) -> float | None:
    value = fields.get(name)
    try:
        return None if value is None else float(read_share(value))
    except ValueError as error:
        raise CaseInvalid(f"{fields.place(name)}: {error}") from None
