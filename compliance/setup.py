"""Whether a campaign may be run at all: what it says, shows and sends, checked before any call."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from compliance.callers import Caller, faults_of
from compliance.campaign_rules import DisclosureRule, MailRule, NoticeRule, RingRule
from compliance.disclosure import missing_disclosures
from compliance.finding import against, house
from compliance.question import Reason
from compliance.rulebook import Law, Rulebook
from compliance.rules import Rule
from compliance.selection import Asked, bound
from compliance.terms import Channel, Party, Profile, Purpose, ReasonCode, Technology

__all__ = ["Caller", "Setup", "check_setup", "exists", "looked_at", "regions_of"]

_ONE_CLICK = frozenset({"list_unsubscribe", "list_unsubscribe_post"})
_HEADERS = _ONE_CLICK | {"dkim_covers_unsub"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a campaign shows before any call. None means that it was not stated, and is not checked.

    `says` are a script's elements in their order, the last of the law's said `said_after_s` seconds after the answer.
    `notice` are the elements of what is played when no agent is there (empty: nothing is played), `notice_after_s`
    seconds after the greeting. `lacks` are the elements that its mails do not have. `clocks` are local times it names,
    each with its zone; `disabled` are rules it wants switched off. Rules must be in force on the date of `at` in UTC.
    """

    at: datetime
    channel: Channel
    purpose: Purpose
    technology: Technology
    profile: Profile = Profile.RECOMMENDED
    party: Party = Party.CONSUMER
    says: tuple[str, ...] | None = None
    said_after_s: float | None = None
    callers: tuple[Caller, ...] | None = None
    ring_s: float | None = None
    notice: frozenset[str] | None = None
    notice_after_s: float | None = None
    waits_for_machine: bool = False
    asks_consent: bool = True
    is_recorded: bool = False
    announces_recording: bool = True
    lacks: frozenset[str] = frozenset()
    unsubscribe_days: float | None = None
    mails_per_day: float = 0
    clocks: tuple[tuple[datetime, str], ...] = ()
    disabled: tuple[str, ...] = ()

    @property
    def asked(self) -> Asked:
        """Return what decides which rules bind."""
        return (self.channel, self.purpose, self.technology, self.party, self.profile)


def regions_of(country: str, law: Law) -> tuple[str, ...]:
    """Return the regions an audience in `country` may be in: the country and each of its parts with a rulebook."""
    return (country, *sorted(region for region in law.rulebooks if region.startswith(f"{country}-")))


def check_setup(setup: Setup, books: Iterable[Rulebook]) -> tuple[Reason, ...]:
    """Return every rule of `books`, and of our own, that the campaign breaks; none when it may be run."""
    found = [*_ours(setup), *(reason for book in books for reason in _broken(setup, book))]
    return tuple(dict.fromkeys(found))


def looked_at(setup: Setup, books: Iterable[Rulebook]) -> tuple[str, ...]:
    """Return the ids of the rules that were checked, and of those they carry out."""
    rules = (rule for book in books for rule in bound(book.rules, setup.asked, setup.at.date()))
    return tuple(dict.fromkeys(id_ for rule in rules for id_ in (rule.id, *rule.carries)))


def _ours(setup: Setup) -> Iterator[Reason]:
    """Yield what our own rules forbid everywhere."""
    if setup.disabled:
        yield house(ReasonCode.RULE_NOT_DISABLEABLE, "POL-7")
    if any(not exists(clock, zone) for clock, zone in setup.clocks):
        yield house(ReasonCode.NONEXISTENT_LOCAL_TIME, "TZ-4")
    for caller in () if setup.channel is Channel.EMAIL else setup.callers or ():
        if caller.number is None:
            yield house(ReasonCode.CALLER_ID_MISSING, "CLI-1")
        elif not caller.is_authorised:
            yield house(ReasonCode.CALLER_ID_NOT_AUTHORISED, "CLI-1")


def exists(clock: datetime, zone: str) -> bool:
    """Tell whether a local time (naive) ever shows on the clocks of a zone: in the spring some do not."""
    there = clock.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == clock.replace(
        fold=0
    )


def _broken(setup: Setup, book: Rulebook) -> Iterator[Reason]:
    yield from _said(setup, book)
    yield from _called(setup, book)
    if not setup.asks_consent:
        yield from _all(ReasonCode.NO_CONSENT, bound(book.consents, setup.asked, setup.at.date()))
    if setup.channel is Channel.EMAIL:
        yield from _sent(setup, book)


def _called(setup: Setup, book: Rulebook) -> Iterator[Reason]:
    """Yield what is wrong with how people are called."""
    day = setup.at.date()
    for rule in bound(book.caller_ids, setup.asked, day):
        for caller in setup.callers or ():
            yield from (against(code, rule) for code in faults_of(caller, rule))
    for ring in bound(book.rings, setup.asked, day):
        if setup.ring_s is not None and _is_outside(setup.ring_s, ring):
            yield against(ring.code, ring)
    for notice in bound(book.notices, setup.asked, day):
        if _is_silent(setup, notice):
            yield against(ReasonCode.SAFE_HARBOUR_MESSAGE_MISSING, notice)
    if setup.waits_for_machine:
        yield from _all(ReasonCode.CONNECT_OVER_2S, bound(book.connects, setup.asked, day))


def _sent(setup: Setup, book: Rulebook) -> Iterator[Reason]:
    """Yield what is wrong with how people are written to."""
    day = setup.at.date()
    for rule in bound(book.elements, setup.asked, day):
        if rule.elements & setup.lacks:
            yield against(ReasonCode.EMAIL_MISSING_SENDER_INFO, rule)
    for mail in bound(book.mails, setup.asked, day):
        yield from (against(code, mail) for code in _mailed(setup, mail))


def _all(code: ReasonCode, rules: Iterable[Rule]) -> Iterator[Reason]:
    return (against(code, rule) for rule in rules)


def _said(setup: Setup, book: Rulebook) -> Iterator[Reason]:
    day = setup.at.date()
    for disclosure in bound(book.disclosures, setup.asked, day):
        if _is_untold(setup, disclosure):
            yield against(ReasonCode.SCRIPT_DISCLOSURE_MISSING, disclosure)
    if setup.is_recorded and not setup.announces_recording:
        yield from _all(ReasonCode.SCRIPT_DISCLOSURE_MISSING, bound(book.recording, setup.asked, day))


def _is_untold(setup: Setup, rule: DisclosureRule) -> bool:
    """Tell whether a script leaves out what a rule wants said, or says it too late."""
    after = setup.said_after_s
    is_late = after is not None and rule.within_s is not None and after > rule.within_s
    return is_late or (setup.says is not None and bool(missing_disclosures(setup.says, rule)))


def _is_silent(setup: Setup, rule: NoticeRule) -> bool:
    """Tell whether people left without an agent do not hear what they must, or too late."""
    after = setup.notice_after_s
    is_late = after is not None and after > rule.within.total_seconds()
    return is_late or (setup.notice is not None and not rule.elements <= setup.notice)


def _is_outside(ring_s: float, rule: RingRule) -> bool:
    return (rule.min_s is not None and ring_s < rule.min_s) or (
        rule.max_s is not None and ring_s > rule.max_s
    )


def _mailed(setup: Setup, rule: MailRule) -> Iterator[ReasonCode]:
    """Yield what a rule has against how mail is sent. Headers count when claimed, or when the volume needs them."""
    claims = "list_unsubscribe_post" not in setup.lacks
    if rule.elements and rule.elements <= _HEADERS:
        if claims and rule.elements & setup.lacks:
            yield ReasonCode.EMAIL_MISSING_ONE_CLICK
    elif rule.elements & setup.lacks:
        yield ReasonCode.EMAIL_MISSING_SENDER_INFO
    if (
        rule.one_click_from is not None
        and setup.mails_per_day >= rule.one_click_from
        and _ONE_CLICK & setup.lacks
    ):
        yield ReasonCode.EMAIL_MISSING_ONE_CLICK
    days = setup.unsubscribe_days
    if rule.unsubscribe_days is not None and days is not None and days < rule.unsubscribe_days:
        yield ReasonCode.UNSUB_TTL_TOO_SHORT
