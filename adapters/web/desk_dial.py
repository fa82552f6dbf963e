"""What an agent presses about the person before them: dial, or skip for a reason."""

from uuid import uuid4

from aiohttp import web
from pydantic import Field

from adapters.web.bodies import Body, read_body
from adapters.web.session import check_agent
from adapters.web.site import SITE
from dialer.desk_events import PreviewAccepted, PreviewEvent, PreviewSkipped

routes = web.RouteTableDef()


class Dial(Body):
    """Dial whom `preview` shows; `key` is the page's own for this press, as in `adapters.web.desk.Press`."""

    preview: str = Field(min_length=1, max_length=100)
    key: str | None = Field(default=None, min_length=1, max_length=100)


class Skip(Dial):
    """Do not dial them now; `reason` is one of the campaign's ids."""

    reason: str = Field(min_length=1, max_length=100)
    note: str = Field(default="", max_length=2000)


@routes.post("/desk/{agent}/dial")
async def dial(request: web.Request) -> web.Response:
    """Dial the person on the page. The same press twice is one; 409 when they are not this agent's any more."""
    agent, said = _agent(request), await read_body(request, Dial)
    at, key = request.app[SITE].clock.now(), f"desk:{agent}:{said.key or uuid4().hex}"
    return await _tell(request, PreviewAccepted(key=key, at=at, agent=agent, preview=said.preview))


@routes.post("/desk/{agent}/skip")
async def skip(request: web.Request) -> web.Response:
    """Leave the person alone for now, and say why. 409 when they are not this agent's, or for an unknown reason."""
    agent, said = _agent(request), await read_body(request, Skip)
    at, key = request.app[SITE].clock.now(), f"desk:{agent}:{said.key or uuid4().hex}"
    told = PreviewSkipped(
        key=key, at=at, agent=agent, preview=said.preview, reason=said.reason, note=said.note
    )
    return await _tell(request, told)


def _agent(request: web.Request) -> str:
    agent = request.match_info["agent"]
    check_agent(request, agent)
    return agent


async def _tell(request: web.Request, event: PreviewEvent) -> web.Response:
    """Tell the engine, and show it on every page of this agent at once."""
    site = request.app[SITE]
    await site.receiver.receive(event)
    site.desks.changed(event.agent)
    return web.json_response({"done": "noted"})
