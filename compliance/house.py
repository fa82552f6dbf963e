"""Our own rules, which hold in every region, and what each says; the law's are in the rulebooks."""

from collections.abc import Mapping
from types import MappingProxyType

HOUSE: Mapping[str, str] = MappingProxyType(
    {
        "POL-1": "windows are half-open: the first instant is in, the last is out",
        "POL-3": "what cannot be judged is denied",
        "POL-4": "an opt-out holds at once, on every channel",
        "POL-2": "the law is asked in the transaction that opens the attempt",
        "POL-5": "on few answers the upper confidence bound of the abandoned share is held against its limit",
        "POL-6": "the stop switch ends all contact",
        "POL-7": "company and campaign may narrow the law, never widen it",
        "POL-8": "every failing rule is reported, do-not-call first",
        "POL-9": "a campaign approaches people only in the country it was checked for",
        "CLI-1": "a number that we may show is always shown",
        "NUM-1": "numbers are normalised to E.164 before they are stored or compared",
        "NUM-2": "toll-free, premium, shared-cost and short numbers are never called",
        "TZ-1": "the clock that counts is the contact's own",
        "TZ-2": "where a number may be in several zones, all of them count",
        "TZ-3": "a verified address adds to where the number may be, and replaces it only on request",
        "TZ-4": "elapsed periods are counted in UTC, and local times that do not exist are refused",
        "TZ-5": "a number whose place is unknown is not called",
        "TZ-6": "the time zone database is no older than the rulebook needs",
    }
)
"""Rule id -> what it says, given as the citation of a reason. They rest on no statute."""
