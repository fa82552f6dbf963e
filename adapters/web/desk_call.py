"""The call on an agent's page: who, why, what to say, what must be said, what is known of them, what may come of it."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from zoneinfo import ZoneInfo

from adapters.web.desk_words import when, zone_of
from adapters.web.language import LANGUAGES, Words
from adapters.web.screen import duties
from campaigns.campaign import Campaign
from campaigns.contact import Contact
from campaigns.outcome import Outcome
from campaigns.script import readable, render, spoken_values
from compliance.question import Suppression
from dialer.attempt import Attempt
from dialer.desks import Desk, done_duties
from dialer.view import Due

_SAID_ALOUD = "announce"
"""How the conditions of a permit begin that are the agent's: what is to be announced."""


def call_of(
    desk: Desk, due: Due | None, campaign: Campaign | None, words: Words, zone: ZoneInfo
) -> dict[str, object] | None:
    """Return the call as JSON values; what belongs to a campaign no longer loaded, or a person gone, is empty."""
    attempt, contact = desk.attempt, desk.contact
    if attempt is None:
        return None
    scripts = dict(_scripts(desk, attempt, contact, campaign)) if contact and campaign else {}
    return {
        "attempt": attempt.id,
        "call_state": words.of("call", attempt.state.value),
        "title": campaign.title.in_(words.language) if campaign else attempt.campaign,
        "why": _why(campaign, words) if campaign else "",
        "name": contact.name if contact else attempt.contact,
        "language": attempt.language,
        "language_word": words.of("language", attempt.language),
        "number": readable(attempt.address, words.language),
        "zone": zone_of(desk, zone.key),
        "facts": _facts(contact),
        "consents": list(_consents(due, words, zone)),
        "history": [_past(one, campaign, words, zone) for one in desk.tries],
        "steps": _side_by_side(scripts),
        "has_other": len(scripts) > 1,
        "duties": _duties(desk, words),
        "choices": _choices(campaign, words.language) if campaign else [],
        "said": [_opinion(row, words) for row in desk.said if row.get("what") == "opinion"],
        "never": attempt.outcome is Outcome.OPTED_OUT,
        "disposition": attempt.disposition or "",
    }


def _why(campaign: Campaign, words: Words) -> str:
    purpose = words.of("purpose", campaign.purpose.value)
    return f"{purpose} · {campaign.product_name.in_(words.language)} · {campaign.seller.name.in_(words.language)}"


def _facts(contact: Contact | None) -> list[dict[str, str]]:
    facts = contact.facts.items() if contact else ()
    return [{"label": label, "value": value} for label, value in facts if value.strip()]


def _consents(due: Due | None, words: Words, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    """Yield what the person allowed and forbade; `tone` tells the two apart."""
    if due is None:
        return
    for consent in due.contact.consents:
        text = f"{words.of('consent', consent.type)} · {consent.obtained_at.astimezone(zone):%Y-%m-%d}"
        yield {"tone": "bad" if consent.revoked_at else "good", "text": text}
    # One refusal makes an entry for the person and for each of their addresses: here it is one.
    for text in dict.fromkeys(_forbidden(entry, words, zone) for entry in due.suppressions):
        yield {"tone": "bad", "text": text}


def _forbidden(entry: Suppression, words: Words, zone: ZoneInfo) -> str:
    channel = words.of("channel", entry.channel.value) if entry.channel else words("channel.every")
    at = when(entry.at, zone, words.language)
    return words("desk.forbidden", channel=channel, at=at, reason=words.of("outcome", entry.reason))


def _past(one: Attempt, campaign: Campaign | None, words: Words, zone: ZoneInfo) -> dict[str, str]:
    """Return one earlier attempt in words; a note only where an agent wrote it."""
    came = words.of("outcome", one.outcome.value) if one.outcome else words("desk.no_outcome")
    is_ours = campaign is not None and one.campaign == campaign.id
    return {
        "at": when(one.opened_at, zone, words.language),
        "what": f"{words.of('channel', one.channel.value)} · {came}",
        "note": one.note if one.disposition else "",
        "campaign": "" if is_ours else one.campaign,
    }


def _scripts(
    desk: Desk, attempt: Attempt, contact: Contact, campaign: Campaign
) -> Iterator[tuple[str, list[str]]]:
    """Yield the script in the language of the call first, and in each other one there is."""
    own = attempt.language
    for language in (own, *(one for one in LANGUAGES if one != own)):
        script = next((script for key, script in campaign.scripts.items() if key == language), None)
        if script is not None:
            shown = attempt.caller_id or ""
            values = spoken_values(campaign, contact, language, agent=desk.agent.name, callback=shown)
            yield language, [render(step, values) for step in script.steps]


def _side_by_side(scripts: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Return the steps of the first script, each with the same step of the next one beside it, "" without one."""
    (language, steps), (other, more) = (*scripts.items(), ("", []), ("", []))[:2]
    return [
        {"text": mine, "language": language, "other": theirs, "other_language": other}
        for mine, theirs in zip_longest(steps, more, fillvalue="")
    ]


def _duties(desk: Desk, words: Words) -> list[dict[str, object]]:
    """Return each duty of the agent once, with every rule that asks for it; the company's own duties are left out."""
    done, found = done_duties(desk.said), dict[str, dict[str, object]]()
    for one in duties(desk.permit, words.language) if desk.permit else ():
        code, rule, within = str(one["code"]), one["rule"], one["within_s"]
        if not rule and not code.startswith(_SAID_ALOUD):
            continue
        text = words("desk.say_it", what=one["text"]) if rule else one["text"]
        kept = found.setdefault(code, {"code": code, "text": text, "done": code in done, "note": ""})
        more = " ".join(str(part) for part in (rule, f"≤ {within} s" if within else "") if part)
        kept["note"] = " · ".join(part for part in (str(kept["note"]), more) if part)
    return list(found.values())


def _choices(campaign: Campaign, language: str) -> list[dict[str, str]]:
    return [
        {"id": one.id, "label": one.label.in_(language), "key": one.key or "", "means": one.means.value}
        for one in campaign.dispositions
    ]


def _opinion(row: Mapping[str, object], words: Words) -> dict[str, str]:
    return {"kind": words.of("opinion", str(row["category"])), "note": str(row["note"])}
