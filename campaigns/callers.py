"""Which number a person sees: always the same one, unless it rests."""

from collections.abc import Collection, Iterator
from hashlib import blake2b

import phonenumbers
from pydantic import Field

from campaigns.parts import Document
from compliance.fields import E164
from compliance.problem import Path


class Pool(Document):
    """Numbers that are shown to people of one country, or to anybody."""

    numbers: tuple[E164, ...] = Field(
        min_length=1, description="the numbers", examples=[["+81542559999", "+81542559998"]]
    )
    country: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}$",
        description="whose phones see them (ISO 3166); left out, everybody's",
        examples=["JP"],
    )


Callers = tuple[E164 | Pool, ...]
"""What stands under `caller_ids`: numbers, or pools of them."""


def placed_in(callers: Callers) -> Iterator[tuple[Path, str, str | None]]:
    """Yield (place, number, country) of each number, in the order of the file."""
    for index, entry in enumerate(callers):
        if isinstance(entry, Pool):
            for nth, number in enumerate(entry.numbers):
                yield ("caller_ids", index, "numbers", nth), number, entry.country
        else:
            yield ("caller_ids", index), entry, None


def shown_to(callers: Callers, country: str | None) -> tuple[str, ...]:
    """Return the numbers for people of a country: its own where there are any, else those that are for anybody."""
    every = list(placed_in(callers))
    own = tuple(number for _, number, whose in every if whose is not None and whose == country)
    return own or tuple(number for _, number, whose in every if whose is None)


def caller_for(callers: Callers, person: str, to: str, resting: Collection[str] = ()) -> str | None:
    """Return the number that a person sees when `to` (E.164) is called, None when every one they may see rests.

    A number that changes looks like a trick. So each person has an order of preference of their own, which is the same
    each time: while the first one rests the second is shown, and nobody else's number changes for it.
    """
    numbers = [number for number in shown_to(callers, country_of(to)) if number not in resting]
    return max(numbers, key=lambda number: (_weight(person, number), number), default=None)


def country_of(number: str) -> str | None:
    """Return the country (ISO 3166) of a number (E.164), None where the plan of numbers does not tell."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def _weight(person: str, number: str) -> bytes:
    return blake2b(f"{person}\0{number}".encode(), digest_size=8).digest()
