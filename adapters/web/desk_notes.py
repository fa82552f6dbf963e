"""What an agent notes during a call: duties, opinions, never again, the end of the call, an hour to promise."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from aiohttp import web
from pydantic import AwareDatetime, Field, NaiveDatetime

from adapters.web.bodies import Body, read_body
from adapters.web.promising import judged
from adapters.web.session import check_agent
from adapters.web.site import SITE
from dialer.desk_events import AgentHungUp, DutyTicked, OpinionHeard, OpinionKind, RefusalHeard, TalkEvent

routes = web.RouteTableDef()


class Noted(Body):
    """A note about a call; `key` is the page's own for this press, as in `adapters.web.desk.Press`."""

    attempt: str = Field(min_length=1, max_length=100)
    key: str | None = Field(default=None, min_length=1, max_length=100)


class Duty(Noted):
    """A duty ticked, or unticked."""

    duty: str = Field(min_length=1, max_length=100)
    done: bool


class Opinion(Noted):
    """What the customer thinks or wishes."""

    category: OpinionKind
    note: str = Field(min_length=1, max_length=2000)


class Refusal(Noted):
    """Never again, with what there is to note."""

    note: str = Field(default="", max_length=2000)


class Hour(Body):
    """An hour at which the customer wants to be called: an instant, or what the customer's own clock shows then."""

    attempt: str = Field(min_length=1, max_length=100)
    at: AwareDatetime | None = None
    local: NaiveDatetime | None = None


@routes.post("/desk/{agent}/duty")
async def duty(request: web.Request) -> web.Response:
    """Record that a duty was done, or was not after all. 409 for one that did not come with the permit."""
    check(request)
    said = await read_body(request, Duty)
    return await tell(request, DutyTicked(duty=said.duty, is_done=said.done, **head_of(request, said)))


@routes.post("/desk/{agent}/opinion")
async def opinion(request: web.Request) -> web.Response:
    """Record what the customer thinks or wishes."""
    check(request)
    said = await read_body(request, Opinion)
    return await tell(request, OpinionHeard(category=said.category, note=said.note, **head_of(request, said)))


@routes.post("/desk/{agent}/never")
async def never(request: web.Request) -> web.Response:
    """Never again: nobody calls or mails this person from this moment on. The talk goes on until somebody ends it."""
    check(request)
    said = await read_body(request, Refusal)
    return await tell(request, RefusalHeard(note=said.note, **head_of(request, said)))


@routes.post("/desk/{agent}/hang-up")
async def hang_up(request: web.Request) -> web.Response:
    """End the call, to write it up."""
    check(request)
    return await tell(request, AgentHungUp(**head_of(request, await read_body(request, Noted))))


@routes.post("/desk/{agent}/callback")
async def callback(request: web.Request) -> web.Response:
    """Judge an hour before it is promised. Body as in `Hour`, answer as in `adapters.web.promising.Judged`."""
    check(request)
    hour = await read_body(request, Hour)
    return web.json_response(asdict(await judged(request, hour.attempt, hour.at, hour.local)))


def check(request: web.Request) -> None:
    """Let the agent whose desk this is through. Raises Refused for anybody else."""
    check_agent(request, request.match_info["agent"])


def head_of(request: web.Request, said: Noted) -> dict[str, Any]:
    """Return what every note holds."""
    agent, key = request.match_info["agent"], said.key or uuid4().hex
    at: datetime = request.app[SITE].clock.now()
    return {"key": f"desk:{agent}:{key}", "at": at, "agent": agent, "attempt": said.attempt}


async def tell(request: web.Request, event: TalkEvent) -> web.Response:
    """Tell the engine, and show it on every page of this agent at once."""
    site = request.app[SITE]
    await site.receiver.receive(event)
    site.desks.changed(event.agent)
    return web.json_response({"done": "noted"})
