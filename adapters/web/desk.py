"""The agent's desk for programs: what to show, and the three things an agent can say."""

from datetime import UTC
from uuid import uuid4

from aiohttp import web
from pydantic import AwareDatetime, Field

from adapters.web.bodies import Body, read_body
from adapters.web.desk_preview import preview_screen
from adapters.web.errors import Refused
from adapters.web.language import language_of
from adapters.web.promising import judged
from adapters.web.screen import Seat, screen_of, seat_of
from adapters.web.session import check_agent
from adapters.web.site import SITE, Site
from adapters.web.stream import stream
from campaigns.outcome import Outcome
from dialer.attempt import Attempt
from dialer.events import AgentAway, AgentDisposed, AgentEvent, AgentReady

routes = web.RouteTableDef()


class Press(Body):
    """A button: `key` is the page's own for this press, the same again when it repeats one that got no answer."""

    key: str | None = Field(default=None, min_length=1, max_length=100)


class Leave(Press):
    """Going away; `reason` is the id of a break of the settings, "" for none."""

    reason: str = Field(default="", max_length=100)


class Said(Press):
    """What happened in a call; `callback_at` is ISO 8601 with an offset."""

    attempt: str = Field(min_length=1, max_length=100)
    disposition: str = Field(min_length=1, max_length=100)
    note: str = Field(default="", max_length=2000)
    callback_at: AwareDatetime | None = None


@routes.get("/desk/{agent}")
async def show(request: web.Request) -> web.Response:
    """Return the desk as JSON (adapters.web.screen)."""
    return await _screen(request, request.app[SITE])


@routes.get("/desk/{agent}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Stream the desk's picture as JSON, in the agent's language, whenever it changes."""
    agent, desks = await _agent(request), request.app[SITE].desks
    return await stream(request, desks.live, desks.subscribe(agent, language_of(request)))


@routes.post("/desk/{agent}/ready")
async def ready(request: web.Request) -> web.Response:
    """Take calls from now on. 409 while a call is theirs, or waits for its disposition."""
    site, agent, press = request.app[SITE], await _agent(request), await read_body(request, Press)
    key = f"desk:{agent}:{press.key or uuid4().hex}"
    return await _tell(request, AgentReady(key=key, at=site.clock.now(), agent=agent))


@routes.post("/desk/{agent}/away")
async def away(request: web.Request) -> web.Response:
    """Take no more calls. 400 for a break that the settings do not name, 409 while a call is theirs."""
    site, agent, press = request.app[SITE], await _agent(request), await read_body(request, Leave)
    if press.reason and press.reason not in site.breaks:
        raise Refused(400, "no_break", reason=press.reason, known=", ".join(site.breaks) or "–")
    key = f"desk:{agent}:{press.key or uuid4().hex}"
    return await _tell(request, AgentAway(key=key, at=site.clock.now(), agent=agent, reason=press.reason))


@routes.post("/desk/{agent}/dispose")
async def dispose(request: web.Request) -> web.Response:
    """Say what happened. The same call twice is answered alike and counts once; 409 for a call not theirs."""
    site, agent, said = request.app[SITE], await _agent(request), await read_body(request, Said)
    attempt = await site.store.transact(lambda unit: unit.attempt(said.attempt))
    if attempt is None:
        raise Refused(404, "no_attempt", attempt=said.attempt)
    _check_disposition(site, attempt, said.disposition)
    await _check_promise(request, attempt, said)
    event = AgentDisposed(
        key=f"desk:{agent}:{said.key or f'{said.attempt}:{said.disposition}'}",
        at=site.clock.now(),
        agent=agent,
        attempt=said.attempt,
        disposition=said.disposition,
        note=said.note,
        callback_at=said.callback_at and said.callback_at.astimezone(UTC),
    )
    return await _tell(request, event)


async def _check_promise(request: web.Request, attempt: Attempt, said: Said) -> None:
    """Refuse to promise an hour at which the person may not be called. Raises Refused (409) with the rule.

    What an agent says late, of a call that has left their desk, is judged when its hour has come.
    """
    site, agent = request.app[SITE], request.match_info["agent"]
    campaign = site.campaigns()[attempt.campaign]
    means = next(choice.means for choice in campaign.dispositions if choice.id == said.disposition)
    if said.callback_at is None or means is not Outcome.CALLBACK:
        return
    desk = await site.store.read(lambda reports: reports.desk(agent))
    if desk is None or desk.attempt is None or desk.attempt.id != attempt.id:
        return
    found = await judged(request, attempt.id, said.callback_at)
    if not found.lawful:
        raise Refused(409, "unlawful_hour", at=found.say, why=" ".join(found.why))


async def _tell(request: web.Request, event: AgentEvent) -> web.Response:
    """Tell the engine, show it on every page of this agent at once, and answer with the desk as it is then."""
    site = request.app[SITE]
    await site.receiver.receive(event)
    site.desks.changed(event.agent)
    return await _screen(request, site)


async def _agent(request: web.Request) -> str:
    """Return the agent whose desk this is. Raises Refused: 401, 403, and 404 for one nobody knows."""
    agent = request.match_info["agent"]
    await _seat(request, request.app[SITE])
    return agent


async def _seat(request: web.Request, site: Site) -> Seat:
    agent = request.match_info["agent"]
    check_agent(request, agent)
    seat = await site.store.transact(lambda unit: seat_of(unit, agent))
    if seat is None:
        raise Refused(404, "no_agent", agent=agent)
    return seat


async def _screen(request: web.Request, site: Site) -> web.Response:
    seat, language = await _seat(request, site), language_of(request)
    shown = await site.store.transact(lambda unit: preview_screen(unit, seat[0], site.campaigns(), language))
    due = site.planning.is_due(seat[0].id, site.clock.now())
    return web.json_response({**screen_of(seat, site.campaigns(), language), **shown, "due": due})


def _check_disposition(site: Site, attempt: Attempt, disposition: str) -> None:
    campaign = site.campaigns().get(attempt.campaign)
    known = [choice.id for choice in campaign.dispositions] if campaign else []
    if disposition not in known:
        raise Refused(
            400,
            "no_disposition",
            campaign=attempt.campaign,
            disposition=disposition,
            known=", ".join(known) or "–",
        )
