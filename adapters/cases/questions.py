"""Written cases of the kind `judge`: may this contact be approached now?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.cases.answer import Answer
from adapters.cases.fields import CaseInvalid, Fields
from adapters.cases.lists import listings_of, reassignment_of, suppressions_of
from adapters.cases.words import CHANNELS, CONSENTS, EVENTS, PURPOSES, TECHNOLOGIES, TIES
from compliance.judge import judge
from compliance.question import (
    Address,
    Consent,
    Location,
    Narrowing,
    PastContact,
    Question,
    Relationship,
    Subject,
)
from compliance.rulebook import EVERYWHERE, Law
from compliance.terms import Channel, Party, Profile

_CHANNEL = {one.value: one for one in Channel}
_PROFILE = {one.value: one for one in Profile}
_PERSON = "the contact"
_HOME = "JP"
_NO_ZONE = "UTC"
_SHOWS_ALL = frozenset(
    {
        "sender_name",
        "sender_address",
        "optout_notice",
        "optout_url",
        "complaint_contact",
        "postal_address",
        "list_unsubscribe",
        "list_unsubscribe_post",
        "dkim_covers_unsub",
        "from_accurate",
    }
)
"""What a mail is taken to show where the case says nothing of it: every other check passes."""
_CHECKED = (
    "script_elements",
    "script_order",
    "caller_id",
    "caller_id_proof",
    "inbound_route",
    "daily_volume",
)
"""What is checked before a campaign runs and no contact is judged by."""
_TOLD = ("id", "kind", "title", "area", "note", "expected", "jurisdictions")


def answer_judge(case: Mapping[str, Any], law: Law) -> Answer:
    """Return what the law answers to one case. Raises CaseInvalid when it cannot be read."""
    fields = Fields(case)
    name = fields.text("id")
    question, config = _question(fields), fields.below("config")
    tzdata = config.get("tzdata", "tzdata_version")
    if tzdata:
        law = replace(law, libraries={**law.libraries, "tzdata": str(tzdata)})
    verdict = judge(question, law)
    return Answer(
        id=name,
        verdict=verdict.decision.value,
        reasons=verdict.reasons,
        rules=verdict.rules,
        obligations=verdict.obligations,
        next_allowed_at=verdict.lifted_at,
        open_from=verdict.next_allowed_at,
        versions=verdict.versions,
        ignored=fields.ignored(),
    )


def _question(fields: Fields) -> Question:
    fields.skip(_TOLD)
    now = fields.instant("now_utc")
    if now is None:
        raise CaseInvalid("now_utc: an instant is needed, such as 2026-11-24T12:00:00Z")
    channel = fields.word("channel", _CHANNEL)
    campaign, config, lists = fields.below("campaign"), fields.below("config"), fields.below("lists")
    campaign.skip(_CHECKED)
    shown = campaign.below("email_elements")
    return Question(
        now=now,
        channel=channel,
        subject=_subject(fields, channel),
        campaign=str(campaign.get("id", default="case")),
        purpose=campaign.word("purpose", PURPOSES),
        technology=campaign.word("technology", TECHNOLOGIES),
        seller=campaign.text("seller"),
        product=str(campaign.get("product", "subject", default="")),
        profile=fields.word("pack_profile", _PROFILE, default="statutory"),
        history=tuple(past for one in fields.each("history") for past in _past(one, channel)),
        consents=tuple(_consent(one) for one in fields.each("consents")),
        relationships=tuple(tie for one in fields.each("relationships") for tie in _ties(one)),
        suppressions=tuple(suppressions_of(lists, now, _PERSON)),
        narrowings=(Narrowing(skip_holidays=config.get("skip_holidays")),),
        listings=tuple(listings_of(lists, now)),
        reassignment=reassignment_of(lists, now),
        proclaimed=_proclaimed(config, _home(fields)),
        emergencies=frozenset(config.get("emergencies", "declared_emergency", default=())),
        best_evidence=_best_evidence(config),
        email_elements=_SHOWS_ALL - {name for name in shown if not shown.get(name)},
        recorded=config.flag("record_calls", "recorded", default=False),
        dialing_enabled=config.flag("dialing_enabled", default=True),
        home=_home(fields).partition("-")[0],
    )


def _home(fields: Fields) -> str:
    """Return the region of the first rulebook the case names; ours where it names none."""
    named = [one for one in fields.get("jurisdictions", default=()) if one != EVERYWHERE]
    return str(named[0]) if named else _HOME


def _best_evidence(config: Fields) -> bool:
    mode = config.get("location_mode", "location_policy", "zone_policy")
    return mode == "best_evidence" or config.flag("best_evidence", default=False)


def _proclaimed(config: Fields, home: str) -> dict[str, frozenset[date]]:
    said = config.get(
        "proclaimed_holidays", "proclaimed", "adhoc_holidays", "holidays_proclaimed", default={}
    )
    by_region = said if isinstance(said, Mapping) else {home: said}
    try:
        return {region: frozenset(map(date.fromisoformat, days)) for region, days in by_region.items()}
    except (TypeError, ValueError) as error:
        raise CaseInvalid(
            f"{config.place('proclaimed_holidays')}: {error}; write such as 2026-11-27"
        ) from None


def _subject(fields: Fields, channel: Channel) -> Subject:
    contact = fields.below("contact")
    number, email = contact.get("number", "phone"), contact.get("email")
    address = _address(contact, _home(fields))
    given = [
        Location(region=one.text("pack"), zone=one.text("time_zone"))
        for one in fields.each("candidate_locations")
    ]
    if channel is Channel.EMAIL and not (number or address or given):
        # A mailbox is nowhere: the case says whose rules are in play.
        given = [Location(region=_home(fields), zone=_NO_ZONE)]
    return Subject(
        person=_PERSON,
        number=None if number is None else str(number),
        email=email,
        party=Party.BUSINESS
        if contact.get("line_type", "party") in {"business", "corporate"}
        else Party.CONSUMER,
        address=address,
        locations=tuple(given) or None,
    )


def _address(contact: Fields, home: str) -> Address | None:
    """Return the verified address, written as an object, or as state and postal code of the contact."""
    written = contact.get("address", "verified_address")
    found = (
        contact.below("address" if "address" in contact else "verified_address")
        if isinstance(written, Mapping)
        else contact
    )
    if written is None and not any(
        name in contact for name in ("state", "region", "zip", "postal_code", "address_region")
    ):
        return None
    if not found.flag("verified", "address_verified", default=True):
        return None
    region = (
        written if isinstance(written, str) else found.get("region", "state", "subdivision", "address_region")
    )
    country = found.get("country", default=home.partition("-")[0])
    postal = found.get("postal_code", "zip", "postcode")
    part = str(region).rpartition("-")[2] if region else None
    return Address(country=country, subdivision=part, postal_code=None if postal is None else str(postal))


def _past(one: Fields, channel: Channel) -> Iterator[PastContact]:
    said = one.text("event")
    at = one.instant("at")
    if at is None:
        raise CaseInvalid(f"{one.place('at')}: an instant is needed")
    where = CHANNELS.get(said, channel) if "channel" not in one else one.word("channel", _CHANNEL)
    events = one.word("event", EVENTS)
    for event in events:
        yield PastContact(
            at=at,
            event=event,
            channel=where,
            number=one.get("number"),
            campaign=one.get("campaign"),
            seller=one.get("seller"),
            product=one.get("product", "subject"),
        )


def _consent(one: Fields) -> Consent:
    obtained = one.instant("obtained_at", "at")
    if obtained is None:
        raise CaseInvalid(f"{one.place('obtained_at')}: an instant is needed")
    said = one.text("type")
    return Consent(
        type=CONSENTS.get(said, said),
        seller=one.text("seller"),
        obtained_at=obtained,
        channels=frozenset(_CHANNEL[name] for name in one.get("channels", default=()) if name in _CHANNEL),
        number=one.get("number"),
        evidence=one.get("evidence"),
        shown=one.get("shown"),
        expires_at=one.instant("expires_at", "expires"),
        revoked_at=one.instant("revoked_at", "revoked"),
    )


def _ties(one: Fields) -> Iterator[Relationship]:
    """Yield a relationship; a sale at which the way out was offered is also what some laws call a soft opt-in."""
    said, seller, at = one.text("type"), one.text("seller"), one.instant("at", "last_at", "date")
    yield Relationship(type=TIES.get(said, said), seller=seller, at=at)
    offered = one.get("optout_offered", "opt_out_offered")
    if offered is True and one.get("similar_goods", "similar_products", default=True) is True:
        yield Relationship(type="soft_optin", seller=seller, at=at)
