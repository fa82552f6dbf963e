"""Somebody else's do-not-call lists: which there are, how their files are written, which number a line names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from compliance.contact_rules import ListRule
from compliance.numbers import Number, read_number, tidy
from compliance.rulebook import packaged_law

_AREA_AND_NUMBER = re.compile(r"(\d{3})\s*,\s*(\d{7})")
_TEN = re.compile(r"\d{10}")
_XML_AREA = re.compile(r"""<ac\s+val=["'](\d{3})["']""")
_XML_NUMBER = re.compile(r"""<ph\s+val=["'](\d{7})["']""")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_HEADINGS = frozenset(
    {
        "number",
        "phone",
        "telephone",
        "tel",
        "phonenumber",
        "phone_number",
        "msisdn",
        "area",
        "areacode",
        "area_code",
    }
)
_ADDS = {"a": True, "add": True, "added": True, "d": False, "delete": False, "deleted": False, "del": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """One registry: by what name rules ask for it, whose it is (ISO 3166-1), how old a copy may be."""

    id: str
    name: str
    country: str
    max_age_days: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of a registry's file, as the digits of E.164; `is_added` is False where a change takes it off."""

    number: int
    registered: date | None = None
    is_added: bool = True


class LineInvalid(ValueError):
    """A line that names no number: the message says what is wrong and what to write."""


@lru_cache(maxsize=1)
def registries() -> Mapping[str, Registry]:
    """Return every registry that some rule asks for, by id; the strictest age where several rules ask."""
    found: dict[str, Registry] = {}
    for book in packaged_law().rulebooks.values():
        for rule in book.lists:
            known = found.get(rule.registry)
            if known is None or rule.max_age_days < known.max_age_days:
                found[rule.registry] = _registry(rule, book.region.partition("-")[0])
    return dict(sorted(found.items()))


def _registry(rule: ListRule, country: str) -> Registry:
    return Registry(
        id=rule.registry, name=rule.name, country=country, max_age_days=rule.max_age_days, rule=rule.id
    )


def read_lines(
    lines: Iterable[str], registry: Registry, *, is_change: bool
) -> Iterator[tuple[int, Line | LineInvalid]]:
    """Yield each line's number, or why it names none, with the number of the line.

    Full lists: the American `area,number`, their XML form, or a number a line in any writing of the country, with the
    day of registration in the second column where there is one. Changes add what was done: `number,date,A` or `D`.
    """
    area = ""
    for place, raw in enumerate(lines, start=1):
        text = raw.strip().strip("\ufeff").replace('"', "")
        if not text or (place == 1 and _is_heading(text)):
            continue
        if text.startswith("<"):
            found = _XML_AREA.search(text)
            area = found[1] if found else area
            yield from ((place, Line(number=int(f"1{area}{one}"))) for one in _XML_NUMBER.findall(text))
            continue
        try:
            yield place, _line(text, registry, is_change=is_change)
        except LineInvalid as invalid:
            yield place, invalid


def _is_heading(text: str) -> bool:
    return (
        not any(sign.isdigit() for sign in text)
        or text.split(",", maxsplit=1)[0].strip().lower() in _HEADINGS
    )


def _line(text: str, registry: Registry, *, is_change: bool) -> Line:
    cells = [cell.strip() for cell in text.split(",")]
    if len(cells) > 1 and _AREA_AND_NUMBER.fullmatch(",".join(cells[:2])):
        cells = ["".join(cells[:2]), *cells[2:]]
    number = _number(cells[0], registry.country)
    if is_change:
        return Line(number=number, is_added=_is_added(cells))
    return Line(number=number, registered=_registered(cells[1]) if len(cells) > 1 and cells[1] else None)


def _number(text: str, country: str) -> int:
    """Return the digits of E.164. American ones are taken by their form: millions of lines have no time for more."""
    if country in {"US", "CA"} and _TEN.fullmatch(text):
        return int(f"1{text}")
    read = read_number(text, country)
    found = read if isinstance(read, Number) else read.number
    if found is None:
        raise LineInvalid(
            f"{text!r} is no telephone number there; write such as 212,5550123 or +442079460123"
        )
    return int(found.e164[1:])


def _is_added(cells: list[str]) -> bool:
    word = cells[-1].lower()
    if len(cells) < 2 or word not in _ADDS:  # noqa: PLR2004 (number and what was done)
        raise LineInvalid(f"{cells[-1]!r} does not say what was changed; end the line with A or D")
    return _ADDS[word]


def _registered(text: str) -> date:
    found = _DAY.match(tidy(text)) or _DAY.match(text)
    if found is not None:
        with suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3]))
    raise LineInvalid(f"{text!r} is no day; write such as 2026-04-01")
