"""What would be: the question of an instant put to the law, with what is on record of a person."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import typer

from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.wiring.registries import open_shelf
from adapters.wiring.stores import read_only
from campaigns.campaign import Campaign
from campaigns.contact import Contact, Phone
from compliance.explain import explain
from compliance.judge import judge
from compliance.numbers import Number, read_number
from compliance.terms import Channel
from dialer.errors import DialerError
from dialer.floor import listed
from dialer.ports import Reports
from dialer.questions import question_for
from dialer.view import Due

_NOBODY = "nobody on record"


def ask(configuration: Configuration, url: str, whom: str, *, at: str, language: str) -> int:
    """Print the verdict for each campaign and address of somebody, in sentences. 1 when there is nothing to judge."""
    instant = instant_of(at)
    dues = asyncio.run(read_only(url, lambda reports: _dues(reports, whom, instant, configuration)))
    shelf = open_shelf(configuration.settings)
    lines = [
        line
        for due in dues
        for campaign in configuration.campaigns.values()
        for line in _told(configuration, campaign, listed(due, shelf), instant, language)
    ]
    for line in lines:
        typer.echo(line)
    return 0 if lines else 1


def instant_of(text: str) -> datetime:
    """Return the instant a text says; `now` is this one. Raises DialerError for a text that says none."""
    if text == "now":
        return SystemClock().now()
    remedy = f"--at {text}: write an instant with its offset, such as 2026-11-24T19:59:00+09:00"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DialerError(remedy) from None
    if at.tzinfo is None:
        raise DialerError(remedy)
    return at


def _dues(reports: Reports, whom: str, instant: datetime, configuration: Configuration) -> list[Due]:
    """Return what was known of everybody so named; a number of nobody is judged as a stranger's."""
    people = reports.story(whom).contacts or _stranger(whom, configuration)
    return [reports.known_of(person, instant) for person in people]


def _stranger(whom: str, configuration: Configuration) -> tuple[Contact, ...]:
    regions = [campaign.audience.region for campaign in configuration.campaigns.values()] or ["JP"]
    number = read_number(whom, regions[0])
    if not isinstance(number, Number):
        return ()
    return (Contact(key=_NOBODY, name=_NOBODY, language="ja", phones=(Phone(number=number.e164),)),)


def _told(
    configuration: Configuration, campaign: Campaign, due: Due, instant: datetime, language: str
) -> Iterator[str]:
    """Yield the verdicts of one campaign on each address of a person, by the first step of its channel."""
    rules = configuration.rules(secret="")
    for step, place in _first_steps(campaign):
        lead = replace(due.lead, campaign=campaign.id, step=place)
        for address in _addresses(due.contact, step):
            question = question_for(campaign, replace(due, lead=lead), address, instant, rules)
            yield f"{campaign.id} · {address} · {instant.isoformat()}"
            yield from (f"  {sentence}" for sentence in explain(judge(question, configuration.law), language))


def _first_steps(campaign: Campaign) -> Iterator[tuple[Channel, int]]:
    seen: set[Channel] = set()
    for place, step in enumerate(campaign.steps):
        channel = Channel(step.channel)
        if channel not in seen:
            seen.add(channel)
            yield channel, place


def _addresses(contact: Contact, channel: Channel) -> tuple[str, ...]:
    if channel is Channel.EMAIL:
        return (contact.email,) if contact.email else ()
    return tuple(phone.number for phone in contact.phones)
