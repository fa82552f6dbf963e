"""Written cases of the kind `check`: is this campaign allowed to load?"""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.cases.answer import Answer
from adapters.cases.fields import Fields
from adapters.cases.paces import TOLD
from adapters.cases.setups import setups_in
from compliance.finding import house
from compliance.question import Reason
from compliance.rulebook import EVERYWHERE, Law, Rulebook
from compliance.setup import Setup, check_setup, looked_at
from compliance.terms import ReasonCode

_TOLD = (*TOLD, "candidate_locations", "metrics")


def answer_check(case: Mapping[str, Any], law: Law) -> Answer:
    """Return whether the campaign of one case may be loaded. Raises CaseInvalid when it cannot be read.

    What a key means is told by `adapters.cases.meanings`; a key nobody could read is in the answer's `ignored`.
    """
    fields = Fields(case)
    fields.skip(_TOLD)
    name, regions = fields.text("id"), fields.get("jurisdictions", default=())
    governing = [_governing(str(region), law) for region in regions]
    books = tuple(dict.fromkeys(book for found in governing for book in found))
    left = {key: value for key, value in case.items() if key not in _TOLD}
    reasons, rules = _judged(setups_in(fields, left), books)
    if not all(governing) or not regions:
        # Without a rulebook nobody can say that the campaign is lawful.
        reasons = (house(ReasonCode.PACK_MISSING, "POL-3"), *reasons)
    return Answer(
        id=name,
        verdict="CONFIG_ERROR" if reasons else "ALLOW",
        reasons=reasons,
        rules=tuple(dict.fromkeys((*(reason.rule for reason in reasons), *rules))),
        versions=law.versions_of(books),
        ignored=fields.ignored(),
    )


def _judged(setups: Sequence[Setup], books: Sequence[Rulebook]) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """Return what speaks against a campaign, and what was looked at."""
    found = (reason for setup in setups for reason in check_setup(setup, books))
    rules = (rule for setup in setups for rule in looked_at(setup, books))
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(rules))


def _governing(region: str, law: Law) -> tuple[Rulebook, ...]:
    """Return the rulebooks of a region, everywhere's among them; none for a country without one."""
    return (law.rulebooks[EVERYWHERE],) if region == EVERYWHERE else law.governing(region)
