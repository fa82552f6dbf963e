"""An hour judged before it is promised: may the person be called then, what speaks against it, and when they may."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web.desk_words import when, zone_of
from adapters.web.errors import Refused
from adapters.web.language import language_of
from adapters.web.site import SITE
from compliance.explain import explain_refusal
from compliance.question import Verdict
from compliance.rulebook import packaged_law
from dialer.desks import Desk
from dialer.ports import Reports
from dialer.promises import judge_promise
from dialer.view import Due

Looked = tuple[Desk | None, Due | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An hour as judged: `at` (ISO 8601) and in words, what speaks against it with its rules, and the next lawful hour.

    `next_local` is what the person's clock shows then; both are None when there is none within a year.
    """

    lawful: bool
    at: str
    say: str
    why: tuple[str, ...]
    next: str | None
    next_local: str | None


async def judged(
    request: web.Request, attempt: str, at: datetime | None, local: datetime | None = None
) -> Judged:
    """Judge an hour for the person on the line; `local` is an hour on that person's clock.

    Raises Refused: 404 for a call that is not at this desk, 400 for an hour gone by.
    """
    site, agent, language = request.app[SITE], request.match_info["agent"], language_of(request)
    desk, due = await site.store.read(lambda reports: _looked(reports, agent, site.clock.now()))
    call = desk.attempt if desk else None
    if desk is None or call is None or call.id != attempt or due is None or not desk.permit:
        raise Refused(404, "no_call", attempt=attempt)
    campaign, zone = site.campaigns().get(call.campaign), ZoneInfo(zone_of(desk, site.zone.key))
    moment = at or (local.replace(tzinfo=zone) if local else None)
    if campaign is None:
        raise Refused(404, "no_campaign", campaign=call.campaign)
    if moment is None or moment <= site.clock.now():
        raise Refused(400, "past_hour")
    limit = campaign.pacing.ring_limit
    verdict = judge_promise(desk.permit, due, moment, ring_limit=limit, law=packaged_law())
    return _answer(verdict, moment, zone, language)


def _answer(verdict: Verdict, at: datetime, zone: ZoneInfo, language: str) -> Judged:
    after = verdict.next_allowed_at
    there = after.astimezone(zone).replace(tzinfo=None) if after else None
    return Judged(
        lawful=verdict.is_allowed,
        at=at.isoformat(),
        say=when(at, zone, language),
        why=tuple(explain_refusal(verdict, language)),
        next=after.isoformat() if after else None,
        next_local=there.isoformat(timespec="minutes") if there else None,
    )


def _looked(reports: Reports, agent: str, now: datetime) -> Looked:
    desk = reports.desk(agent)
    due = reports.known_of(desk.contact, now) if desk and desk.contact else None
    return desk, due
