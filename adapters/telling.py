"""`dialer why`: the whole story of a person, in sentences."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from adapters.wiring.stores import read_only
from adapters.words import Words, words_in
from compliance.house import HOUSE
from compliance.ledger import Kind, LedgerEntry
from compliance.question import Suppression
from compliance.rulebook import packaged_law
from compliance.sentences import REASONS
from compliance.terms import ReasonCode
from dialer.reports import Story

TOKYO = ZoneInfo("Asia/Tokyo")


@cache
def citations() -> Mapping[str, str]:
    """Return what each rule rests on: the rulebooks' citations, and what our own rules say."""
    law = packaged_law()
    return {**HOUSE} | {
        rule.id: rule.citation for rulebook in law.rulebooks.values() for rule in rulebook.rules
    }


def tell(url: str, whom: str, console: Console, language: str) -> int:
    """Print all that is on record of a number, an e-mail address or a customer. 1 when there is nothing."""
    words = words_in(language)
    story = asyncio.run(read_only(url, lambda reports: reports.story(whom)))
    lines = list(_told(story, words))
    if not lines:
        console.print(words("print.story_nobody", whom=whom), highlight=False, markup=False)
        return 1
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0


def _told(story: Story, words: Words) -> Iterator[str]:
    for contact in story.contacts:
        yield words("print.story_person", name=contact.name, number=contact.key, language=contact.language)
        numbers = ", ".join(f"{phone.number} ({phone.kind})" for phone in contact.phones)
        yield f"  {numbers}  {contact.email or ''}".rstrip()
    for suppression in story.suppressions:
        yield _suppression(suppression, words)
    for entry in story.entries:
        yield from _entry(entry, words)


def _suppression(entry: Suppression, words: Words) -> str:
    what = entry.number or entry.email or entry.person
    said = words("print.story_suppressed", what=what, reason=entry.reason, source=entry.source, by=entry.by)
    return f"{_time(entry.at)}  {said}"


def _entry(entry: LedgerEntry, words: Words) -> Iterator[str]:
    body = json.loads(entry.body)
    at = _time(datetime.fromisoformat(entry.at))
    yield f"{at}  #{entry.seq}  {_headline(entry, body, words)}"
    if found := body.get("odds"):
        yield f"    {_turn(found, words)}"
    if "verdict" in body:
        yield from _verdict(body, words)
    elif entry.kind == Kind.CONCLUDED:
        yield from _conclusion(body)


def _turn(found: Mapping[str, Any], words: Words) -> str:
    """Return why it was this person's turn, with the chance that was given to the call."""
    turn = words(f"print.turn_{found['turn']}")
    if "chance" not in found or "later_at" not in found:
        return words("print.odds_list", turn=turn)
    at = f"{datetime.fromisoformat(found['later_at']):%m-%d %H:%M}"
    chance, later = f"{found['chance']:.0%}", f"{found['later']:.0%}"
    return words("print.odds_why", turn=turn, chance=chance, later=later, at=at)


def _headline(entry: LedgerEntry, body: Mapping[str, Any], words: Words) -> str:
    place = " · ".join(filter(None, (entry.campaign, entry.attempt, body.get("address"))))
    match entry.kind:
        case Kind.PERMITTED:
            said = words("print.story_permitted")
        case Kind.REFUSED:
            said = words("print.story_refused")
        case Kind.CONCLUDED:
            said = words("print.story_concluded", outcome=words.of("outcome", body["outcome"]))
        case Kind.AGENT if "preview" in body and "verdict" in body:
            said = words("print.story_shown", agent=body["agent"])
        case Kind.SAID if body.get("what") == "skipped":
            said = words("print.story_skipped", agent=body["agent"], reason=body["reason"])
        case _:
            said = f"{entry.kind}: " + ", ".join(
                f"{name} {value}" for name, value in body.items() if value is not None
            )
    return f"{said}  ({place})" if place else said


def _verdict(body: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield each failing rule with its citation and what follows, the rules applied, the versions that decided."""
    verdict, place = body["verdict"], 1 if words.language == "ja" else 0
    for reason in verdict["reasons"]:
        until = f" → {_time(datetime.fromisoformat(reason['until']))}" if reason.get("until") else ""
        yield f"    {reason['rule']}: {REASONS[ReasonCode(reason['code'])][place]}{until}  [{reason['citation']}]"
    for duty in verdict.get("obligations", ()):
        yield f"    + {duty}"
    versions = ", ".join(f"{name} {version}" for name, version in verdict["versions"].items())
    failing = {reason["rule"] for reason in verdict["reasons"]}
    for rule in verdict["rules"]:
        if rule not in failing:
            yield f"    {rule}: ok  [{citations().get(rule, '')}]"
    yield "    " + words("print.story_facts", versions=versions)


def _conclusion(body: Mapping[str, Any]) -> Iterator[str]:
    for name, at in sorted(body["times"].items(), key=lambda item: item[1]):
        yield f"    {name.removesuffix('_at'):<10} {_time(datetime.fromisoformat(at))}"
    said = {
        name: body[name] for name in ("reference", "agent", "disposition", "note", "talk_s") if body.get(name)
    }
    if said:
        yield "    " + ", ".join(f"{name} {value}" for name, value in said.items())
    lead = body["lead"]
    due = f" {_time(datetime.fromisoformat(lead['due']))}" if lead["due"] else ""
    yield f"    → {lead['state']} {lead['ending'] or ''}".rstrip() + due


def _time(at: datetime) -> str:
    return f"{at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} JST"
