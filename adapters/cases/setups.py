"""The campaign of a written case, as the check takes it: a key that is absent passes, one that says no does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.cases import meanings
from adapters.cases.elements import MAIL_ELEMENTS, MAIL_FAULTS, NOTICE_ELEMENTS, SCRIPT_ELEMENTS
from adapters.cases.fields import CaseInvalid, Fields
from adapters.cases.meanings import Leaf, Leaves
from adapters.cases.words import PURPOSES, TECHNOLOGIES
from compliance.setup import Caller, Setup
from compliance.terms import Channel, Party, Profile

_CHANNEL = {one.value: one for one in Channel}
_PROFILE = {one.value: one for one in Profile}
_NAMES = ("seller", "product", "subject", "id")
_READ = frozenset({*_NAMES, "purpose", "technology", "audience"})
_OWN = frozenset({"id", "jurisdictions", "channel", "pack_profile", "now_utc", "campaign", "config"})
_ORDERLY = frozenset({"before_pitch", "disclosures_first", "disclosure_first", None})
_WAITING = frozenset({"sync", "synchronous", "blocking"})
_NO_CLICK = ("mailto", "http:")
"""Ways out that no mail program takes with one click (RFC 8058 wants https)."""
_SECONDS_PER_RING = 3.75
"""Four rings count as fifteen seconds (16 CFR 310.4(b)(4)(ii))."""
_HOURS = 24


def setups_in(fields: Fields, case: Mapping[str, Any]) -> tuple[Setup, ...]:
    """Return the campaign that `case` writes and `fields` reads, once for every ringing time (a least, a longest).

    Raises CaseInvalid when it cannot be read.
    """
    at, campaign = fields.instant("now_utc"), fields.below("campaign")
    if at is None:
        raise CaseInvalid("now_utc: an instant is needed")
    campaign.skip(_NAMES)
    leaves = Leaves(*_places(fields, case))
    setup = Setup(
        at=at,
        channel=fields.word("channel", _CHANNEL, default="voice"),
        purpose=campaign.word("purpose", PURPOSES, default="sales"),
        technology=campaign.word("technology", TECHNOLOGIES, default="progressive"),
        profile=fields.word("pack_profile", _PROFILE, default="statutory"),
        party=Party.BUSINESS if campaign.get("audience") == "business" else Party.CONSUMER,
        says=_says(leaves),
        said_after_s=max(_figures(leaves.of(meanings.TOLD_AFTER)), default=None),
        callers=tuple(_callers(leaves)) or None,
        waits_for_machine=any(_waits(leaf) for leaf in leaves.of(meanings.WAITS)),
        asks_consent=not any(leaf.is_no for leaf in leaves.of(meanings.CONSENT)),
        mails_per_day=max(_figures(leaves.of(meanings.VOLUME)), default=0),
        lacks=frozenset(_lacks(leaves)),
        unsubscribe_days=min(_lifetimes(leaves), default=None),
        clocks=tuple(_clocks(leaves)),
    )
    setup = _with_notice(_with_recording(setup, leaves), leaves)
    rings: list[float] | list[None] = _rings(leaves) or [None]
    leaves.of(meanings.SWITCH)
    setup = replace(setup, disabled=tuple(leaf.place for leaf in leaves.wishes()))
    return tuple(replace(setup, ring_s=ring) for ring in rings)


def _places(fields: Fields, case: Mapping[str, Any]) -> Iterator[tuple[Fields, Mapping[str, Any]]]:
    """Yield where a campaign says what it does: itself, the configuration, and keys of the case that nobody knows."""
    campaign = case.get("campaign") or {}
    yield fields.below("campaign"), {key: campaign[key] for key in campaign if key not in _READ}
    yield fields.below("config"), case.get("config") or {}
    yield fields, {key: case[key] for key in case if key not in _OWN}


def _figures(leaves: Sequence[Leaf]) -> list[float]:
    return [leaf.figure for leaf in leaves if leaf.figure is not None]


def _says(leaves: Leaves) -> tuple[str, ...] | None:
    found = leaves.of(meanings.SCRIPT)
    is_late = any(leaf.value not in _ORDERLY for leaf in leaves.of(meanings.ORDER))
    if not found:
        return ("pitch",) if is_late else None
    says: list[str] = []
    for leaf in found:
        if leaf.name != "script_elements":
            says += [] if leaf.is_no else [leaf.key]
        elif isinstance(leaf.value, list) and all(isinstance(one, str) for one in leaf.value):
            says += leaf.value
        elif not leaf.is_no:
            raise CaseInvalid(f"{leaf.place}: a list of elements is needed, not {leaf.value!r}")
    # What is said after the pitch is said too late: as if nothing had been said before it.
    known = tuple(SCRIPT_ELEMENTS.get(one, one) for one in says)
    return ("pitch", *known) if is_late else known


def _callers(leaves: Leaves) -> Iterator[Caller]:
    is_withheld = any(not leaf.is_no for leaf in leaves.of(meanings.WITHHELD))
    is_proved = all(leaf.is_proof for leaf in leaves.of(meanings.PROOF))
    is_answered = all(leaf.is_proof for leaf in leaves.of(meanings.ROUTE))
    found = leaves.of(meanings.CALLER)
    numbers = [
        one for leaf in found for one in (leaf.value if isinstance(leaf.value, list) else [leaf.value])
    ]
    for number in numbers or ([None] if found or is_withheld else []):
        # Withheld, anonymous, private: whatever has no digit is no number.
        is_shown = not is_withheld and any(sign.isdigit() for sign in str(number))
        yield Caller(
            number=str(number) if is_shown else None,
            is_authorised=is_proved,
            takes_opt_outs=is_answered,
        )


def _rings(leaves: Leaves) -> list[float]:
    counted = [rings * _SECONDS_PER_RING for rings in _figures(leaves.of(meanings.RINGS))]
    return [*_figures(leaves.of(meanings.RING)), *counted]


def _with_notice(setup: Setup, leaves: Leaves) -> Setup:
    """Return the campaign with its message to who is left without an agent, and how soon it is played."""
    found = leaves.of(meanings.NOTICE)
    said = [leaf for leaf in found if not leaf.is_figure]
    elements = frozenset(element for leaf in said for element in _played(leaf)) if said else None
    after = max((leaf.figure or 0 for leaf in found if leaf.is_figure), default=None)
    return replace(setup, notice=elements, notice_after_s=after)


def _played(leaf: Leaf) -> frozenset[str]:
    """Return the elements of a message that one value speaks of; a bare text is taken to have all of them."""
    word = meanings.element_of(meanings.NOTICE, leaf)
    if isinstance(leaf.value, list):
        return frozenset(NOTICE_ELEMENTS.get(str(one), str(one)) for one in leaf.value)
    if leaf.is_no:
        return frozenset()
    return frozenset(NOTICE_ELEMENTS.values() if word is None else {NOTICE_ELEMENTS.get(word, word)})


def _with_recording(setup: Setup, leaves: Leaves) -> Setup:
    """Return the campaign with whether it records; an announcement that is not mentioned is made."""
    is_recorded = any(not leaf.is_no for leaf in leaves.of(meanings.RECORDS))
    announced = [not leaf.is_no for leaf in leaves.of(meanings.ANNOUNCES) if leaf.name != "recording"]
    return replace(setup, is_recorded=is_recorded, announces_recording=all(announced))


def _waits(leaf: Leaf) -> bool:
    """Tell whether machine detection is finished before anybody is connected."""
    if leaf.name.endswith("async"):
        return leaf.is_no
    is_mode = leaf.name.endswith(("sync", "synchronous", "blocking"))
    return (is_mode and not leaf.is_no) or (isinstance(leaf.value, str) and leaf.value.casefold() in _WAITING)


def _lacks(leaves: Leaves) -> Iterator[str]:
    """Yield what mails do not have: what the case denies, or does not list."""
    every = {one for names in MAIL_ELEMENTS.values() for one in names}
    for leaf in leaves.of(meanings.ELEMENT):
        if meanings.LIFETIME.fullmatch(leaf.name) or leaf.value == {}:
            continue
        word = meanings.element_of(meanings.ELEMENT, leaf)
        if word is None:
            listed = leaf.value if isinstance(leaf.value, list) else []
            yield from every - {one for name in listed for one in MAIL_ELEMENTS.get(str(name), (str(name),))}
        elif word in MAIL_FAULTS:
            yield from () if leaf.is_no else (MAIL_FAULTS[word],)
        elif leaf.is_no or (word.startswith("list_unsubscribe") and str(leaf.value).startswith(_NO_CLICK)):
            yield from MAIL_ELEMENTS.get(word, (word,))


def _lifetimes(leaves: Leaves) -> Iterator[float]:
    """Yield how many days ways out of mail work; one that does not work at all works for none."""
    for leaf in leaves.of(meanings.LIFETIME):
        if leaf.is_figure:
            yield (leaf.figure or 0) / (_HOURS if leaf.name.endswith(("hours", "_h")) else 1)
        elif leaf.is_no:
            yield 0


def _clocks(leaves: Leaves) -> Iterator[tuple[datetime, str]]:
    zones = [str(leaf.value) for leaf in leaves.of(meanings.ZONE)]
    for leaf in leaves.of(meanings.CLOCK):
        if leaf.value is None:
            continue
        try:
            clock = datetime.fromisoformat(str(leaf.value)).replace(tzinfo=None)
            for zone in zones or [""]:
                ZoneInfo(zone)
                yield clock, zone
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise CaseInvalid(f"{leaf.place}: a local time and a time_zone are needed") from None
