"""The word of an operator at this machine's command line, while the installation runs: never again, stop, go on."""

from typing import Annotated, Self
from uuid import uuid4

from aiohttp import web
from pydantic import Field, model_validator

from adapters.web.auth import check_control
from adapters.web.board import ACTIONS
from adapters.web.bodies import Body, read_body
from adapters.web.errors import Refused
from adapters.web.site import SITE, Site
from adapters.web.switch import told, turn
from compliance.mailboxes import read_email
from compliance.numbers import Number, read_number
from compliance.question import Suppression
from dialer.events import ContactSuppressed, Event
from dialer.officer import NotRecorded
from dialer.statements import OfficerSaid, Word
from dialer.stopping import is_listed

_HOME = "JP"
"""Whose way of writing a number without a country code is in."""

Words = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(max_length=200)]

routes = web.RouteTableDef()


class Order(Body):
    """An order; `by` is who gives it, for the ledger."""

    by: Words


class Move(Order):
    """A campaign's next move, and why."""

    reason: Reason = ""


class Unwanted(Order):
    """Who must not be contacted again: exactly one of a number in any writing, an e-mail address, a customer's key."""

    number: Words | None = None
    email: Words | None = None
    person: Words | None = None
    reason: Words

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(one is not None for one in (self.number, self.email, self.person)) != 1:
            raise ValueError("name exactly one of number, email, person")
        return self


class Switch(Order):
    """The global stop switch: whether dialing is allowed, and why it is turned."""

    enabled: bool
    reason: Reason = ""


@routes.post("/control/suppress")
async def suppress(request: web.Request) -> web.Response:
    """Never contact somebody again; calls to them in which nobody speaks yet are ended.

    Body as in `Unwanted`. Answers {"done": "suppressed"}, or "known" when they were suppressed before.
    """
    site = _site(request)
    entry = _entry(await read_body(request, Unwanted), site)
    is_known = await site.store.transact(lambda unit: is_listed(unit, entry))
    await _tell(site, ContactSuppressed(key=_key(), at=entry.at, suppression=entry))
    return web.json_response({"done": "known" if is_known else "suppressed"})


@routes.post("/control/dialing")
async def dialing(request: web.Request) -> web.Response:
    """Turn the global stop switch; off, every call in which nobody speaks yet is ended.

    Body as in `Switch`. Answers {"done": "enabled" | "disabled", "committed_at"} with an instant (ISO 8601, UTC), and
    for a stop `hung_up` and `unnamed`, the calls told to end and those that end as soon as the carrier names them, or
    `before` with `at`, `by` and `reason` of the stop that held already.
    """
    site, said = _site(request), await read_body(request, Switch)
    done = await turn(site, enabled=said.enabled, by=said.by, reason=said.reason)
    return web.json_response(await told(site, done))


class Spoken(Order):
    """An officer's word (`dialer.statements.Word`)."""

    word: Word


@routes.post("/control/officer")
async def officer(request: web.Request) -> web.Response:
    """Take an officer's word down. Body as in `Spoken`; 409 with the reason when it cannot be taken."""
    site, said = _site(request), await read_body(request, Spoken)
    try:
        await _tell(site, OfficerSaid(key=_key(), at=site.clock.now(), by=said.by, word=said.word))
    except NotRecorded as problem:
        raise Refused(409, "not_recorded", why=str(problem)) from problem
    return web.json_response({"done": "recorded"})


@routes.post("/control/campaigns/{campaign}/{action:start|pause|stop}")
async def campaign(request: web.Request) -> web.Response:
    """Start, pause or stop a campaign. Body as in `Move`; 409 when its state does not allow it."""
    site, said = _site(request), await read_body(request, Move)
    name, action = request.match_info["campaign"], request.match_info["action"]
    if name not in site.campaigns():
        raise Refused(404, "no_campaign", campaign=name)
    moved = ACTIONS[action](key=_key(), at=site.clock.now(), campaign=name, by=said.by, reason=said.reason)
    await _tell(site, moved)
    return web.json_response({"done": action})


def _site(request: web.Request) -> Site:
    """Return what there is, to whoever may give orders. Raises Refused: 403 from elsewhere, 401 without the token."""
    site = request.app[SITE]
    check_control(request, site.secret)
    return site


def _key() -> str:
    return f"control:{uuid4().hex}"


async def _tell(site: Site, event: Event) -> None:
    await site.receiver.receive(event)
    site.live.nudge()


def _entry(said: Unwanted, site: Site) -> Suppression:
    """Return the entry that holds everywhere and for good. Raises Refused (400) for an address that is none."""
    number = read_number(said.number, _HOME) if said.number else None
    email = read_email(said.email) if said.email else None
    if said.number and not isinstance(number, Number):
        raise Refused(400, "body", why="number: is no telephone number")
    if said.email and email is None:
        raise Refused(400, "body", why="email: is no e-mail address")
    return Suppression(
        number=number.e164 if isinstance(number, Number) else None,
        email=email,
        person=said.person,
        reason=said.reason,
        source="cli",
        by=said.by,
        at=site.clock.now(),
    )
