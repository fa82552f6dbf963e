"""What the law of the audience's country asks of a campaign as a whole: ringing, numbers shown, what is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache

from campaigns.callers import Callers, placed_in
from campaigns.checks import Check, Found, wrong_at
from campaigns.dialing import Pacing
from campaigns.parts import Audience
from compliance.campaign_rules import DisclosureRule
from compliance.question import Reason
from compliance.rulebook import Rulebook, packaged_law
from compliance.selection import Asked, bound
from compliance.sentences import REASONS
from compliance.setup import Caller, Setup, check_setup, regions_of
from compliance.terms import Channel, Party, Profile, Purpose, Technology

_LAST = date.max
"""The day on which every rule that has no end is in force: a campaign without a start is checked against those."""


@cache
def books_for(country: str) -> tuple[Rulebook, ...]:
    """Return the rulebooks of every place an audience in `country` may be in; none for a country without one."""
    law = packaged_law()
    books = (book for region in regions_of(country, law) for book in law.governing(region))
    return tuple(dict.fromkeys(books))


def demanded(country: str, purpose: Purpose, start: date | None) -> tuple[DisclosureRule, ...]:
    """Return the rules about what a script must say, of the country and all its parts."""
    what: Asked = (Channel.VOICE, purpose, Technology.PROGRESSIVE, Party.CONSUMER, Profile.RECOMMENDED)
    day = start or _LAST
    return tuple(rule for book in books_for(country) for rule in bound(book.disclosures, what, day))


def _shown(
    audience: Audience, purpose: Purpose, pacing: Pacing, caller_ids: Callers, start: date | None
) -> Found:
    """Yield which number may not be shown to this audience, and whether its phones ring too short or too long."""
    at = datetime.combine(start or _LAST, time(), UTC)
    plain = Setup(at=at, channel=Channel.VOICE, purpose=purpose, technology=pacing.technology)
    for path, number, country in placed_in(caller_ids):
        for reason in _broken(country or audience.region, replace(plain, callers=(Caller(number=number),))):
            yield wrong_at(path, _said(reason, number), _REMEDIES["caller_ids"])
    ring = pacing.ring_limit.total_seconds()
    for reason in _broken(audience.region, replace(plain, ring_s=ring)):
        yield wrong_at(("pacing", "ring_limit"), _said(reason, f"{ring:g}s"), _REMEDIES["ring_limit"])


_REMEDIES = {
    "caller_ids": (
        "Show a number of the range that this rule allows (docs/rules.md)",
        "この規則が認める番号を表示してください(docs/rules.md)",
    ),
    "ring_limit": (
        "Write a time within the range of this rule (docs/rules.md)",
        "この規則の範囲の時間を書いてください(docs/rules.md)",
    ),
}


def _broken(country: str, setup: Setup) -> Iterator[Reason]:
    yield from check_setup(setup, books_for(country))


def _said(reason: Reason, value: str) -> tuple[str, str]:
    en, ja = REASONS[reason.code]
    return f"{value}: {en} ({reason.rule})", f"{value}: {ja} ({reason.rule})"


LAW_CHECKS = (Check(needs=("audience", "purpose", "pacing", "caller_ids", "start"), look=_shown),)
"""Every check against the law of the audience's country, but for what is said (`campaigns.wordings`)."""
