"""Written cases of the kind `check`: is this campaign allowed to load?"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.cases.answer import Answer
from adapters.cases.fields import CaseInvalid, Fields
from adapters.cases.paces import TOLD, books_in_play
from adapters.cases.words import PURPOSES, TECHNOLOGIES
from compliance.rulebook import Law
from compliance.setup import Caller, Setup, check_setup, looked_at
from compliance.terms import Channel, Party, Profile

_CHANNEL = {one.value: one for one in Channel}
_PROFILE = {one.value: one for one in Profile}
_NOTICE = frozenset({"seller", "phone", "opt_out", "purpose"})
_NOTICE_WORDS = {
    **dict.fromkeys(("seller", "seller_name", "company", "company_name", "name"), "seller"),
    **dict.fromkeys(
        ("phone", "number", "telephone", "telephone_number", "callback_number", "phone_number"), "phone"
    ),
    **dict.fromkeys(("opt_out", "optout", "optout_mechanism", "opt_out_keypress"), "opt_out"),
    **dict.fromkeys(("purpose", "telemarketing_purposes", "telemarketing_purpose"), "purpose"),
}
_MESSAGES = (
    "safe_harbour_message",
    "safe_harbor_message",
    "abandonment_message",
    "abandon_message",
    "abandoned_message",
    "information_message",
)
_RING = (
    "ring_seconds",
    "ring_s",
    "ring_time_s",
    "ring_timeout_s",
    "max_ring_s",
    "min_ring_s",
    "ring_time_seconds",
)
_LIFETIME = (
    "unsub_valid_days",
    "unsubscribe_valid_days",
    "unsub_link_valid_days",
    "unsub_ttl_days",
    "unsubscribe_link_valid_days",
    "optout_valid_days",
    "unsub_days",
)
_PROOFS = ("caller_id_proof", "caller_id_owned", "caller_id_verified", "caller_id_authorised")
_ROUTES = (
    "inbound_route",
    "caller_id_inbound",
    "caller_id_takes_opt_outs",
    "callback_route",
    "inbound_optout",
)
_DETECTION = ("amd", "amd_mode", "machine_detection", "answering_machine_detection")
_NO = ("none", "missing", "no")
_ORDERLY = frozenset({"before_pitch", None})
_SWITCHES_OFF = re.compile(r"(disable|ignore|bypass|suspend|override)|^skip_(?!holidays)|^(no|without)_")
_SWITCHES_ON = re.compile(
    r"^(enforce|check|honou?r|apply|respect|scrub|use)|enabled$|^(internal_)?(dnc|audit|ledger)"
)


def answer_check(case: Mapping[str, Any], law: Law) -> Answer:
    """Return whether the campaign of one case may be loaded. Raises CaseInvalid when it cannot be read."""
    fields = Fields(case)
    fields.skip(TOLD)
    name, books = fields.text("id"), books_in_play(fields, law)
    setup = _setup(fields)
    reasons = check_setup(setup, books)
    rules = (*(reason.rule for reason in reasons), *looked_at(setup, books))
    return Answer(
        id=name,
        verdict="CONFIG_ERROR" if reasons else "ALLOW",
        reasons=reasons,
        rules=tuple(dict.fromkeys(rules)),
        versions=law.versions_of(books),
        ignored=fields.ignored(),
    )


def _setup(fields: Fields) -> Setup:
    at, campaign, config = fields.instant("now_utc"), fields.below("campaign"), fields.below("config")
    if at is None:
        raise CaseInvalid("now_utc: an instant is needed")
    mail = campaign.below("email_elements")
    campaign.get("seller")
    campaign.get("product")
    return Setup(
        at=at,
        channel=fields.word("channel", _CHANNEL),
        purpose=campaign.word("purpose", PURPOSES),
        technology=campaign.word("technology", TECHNOLOGIES),
        profile=fields.word("pack_profile", _PROFILE, default="statutory"),
        party=Party.BUSINESS if campaign.get("audience") == "business" else Party.CONSUMER,
        says=_says(campaign),
        callers=tuple(_callers(campaign)) or None,
        ring_s=_ring(campaign, config),
        notice=_notice(campaign),
        waits_for_machine=_waits(campaign, config),
        asks_consent=campaign.get("consent_required", "requires_consent", "consent_check", default=True)
        is not False,
        is_recorded=config.flag("record_calls", default=False)
        or campaign.flag("record_calls", default=False),
        announces_recording=bool(campaign.get("recording_announcement", "announce_recording", default=True)),
        lacks=frozenset(name for name in mail if not mail.get(name)),
        unsubscribe_days=_first_number(campaign, mail, config),
        mails_per_day=campaign.number("daily_volume", "mails_per_day") or 0,
        clocks=tuple(_clocks(campaign)),
        disabled=tuple(_disabled(campaign, config)),
    )


def _says(campaign: Fields) -> tuple[str, ...] | None:
    says = campaign.get("script_elements")
    order = campaign.get("script_order")
    if says is None:
        return None if "script_elements" not in campaign else ()
    # What is said after the pitch is said too late: as if nothing had been said before it.
    return tuple(says) if order in _ORDERLY else ("pitch", *says)


def _callers(campaign: Fields) -> Iterator[Caller]:
    if "caller_id" not in campaign and "caller_ids" not in campaign:
        return
    numbers = campaign.get("caller_ids", default=[campaign.get("caller_id")])
    for number in numbers or [None]:
        yield Caller(
            number=number or None,
            is_authorised=_is_fine(campaign, *_PROOFS),
            takes_opt_outs=_is_fine(campaign, *_ROUTES),
        )


def _is_fine(campaign: Fields, *names: str) -> bool:
    """Tell whether none of these keys is there and says no; one that is absent passes."""
    return all(
        campaign.get(name) not in {None, False, "", "none", "missing"} for name in names if name in campaign
    )


def _ring(campaign: Fields, config: Fields) -> float | None:
    found = [one.number(name) for one in (campaign, config) for name in _RING if name in one]
    return next((value for value in found if value is not None), None)


def _notice(campaign: Fields) -> frozenset[str] | None:
    """Return the elements of the message to who is left without an agent; a bare text is taken to have all of them."""
    name = next((name for name in _MESSAGES if name in campaign), None)
    if name is None:
        return None
    said = campaign.get(name)
    if isinstance(said, Mapping):
        said = [element for element, is_there in said.items() if is_there]
    if isinstance(said, list | tuple):
        return frozenset(_NOTICE_WORDS.get(str(one), str(one)) for one in said)
    return _NOTICE if said else frozenset()


def _waits(campaign: Fields, config: Fields) -> bool:
    """Tell whether machine detection is finished before anybody is connected."""
    said = [one.get(*_DETECTION) for one in (campaign, config)]
    return any(word in {"sync", "synchronous", "blocking"} for word in said if isinstance(word, str))


def _first_number(*places: Fields) -> float | None:
    found = [one.number(name) for one in places for name in _LIFETIME if name in one]
    return next((value for value in found if value is not None), None)


def _clocks(campaign: Fields) -> Iterator[tuple[datetime, str]]:
    zone = campaign.get("time_zone", "timezone")
    for name in ("start_local", "end_local", "stop_local"):
        if name not in campaign:
            continue
        try:
            ZoneInfo(str(zone))
            yield datetime.fromisoformat(str(campaign.get(name))), str(zone)
        except (ValueError, ZoneInfoNotFoundError):
            raise CaseInvalid(f"{campaign.place(name)}: a local time and a time_zone are needed") from None


def _disabled(campaign: Fields, config: Fields) -> Iterator[str]:
    """Yield every wish to switch off a rule: there is no key for it, so it is told by what such keys are called."""
    for place in (campaign, config):
        for name in place:
            is_off = _SWITCHES_OFF.search(name) and bool(place.get(name))
            if is_off or (
                name != "dialing_enabled" and _SWITCHES_ON.search(name) and place.get(name) is False
            ):
                yield name
