"""What an agent does to a live call: hold, mute, hand it over, introduce."""

from aiohttp import web
from pydantic import Field

from adapters.web.bodies import read_body
from adapters.web.desk_notes import Noted, check, head_of, tell
from adapters.web.errors import Refused
from adapters.web.line_view import ANYBODY, TEAM
from dialer.handover import NobodyFree
from dialer.line_events import HoldTurned, IntroductionEnded, MuteTurned, TransferAsked

routes = web.RouteTableDef()


class Turn(Noted):
    """Something turned on or off."""

    on: bool


class Transfer(Noted):
    """To whom: an agent's id, `team:` and a team's id, or `anybody` who is ready; `warm`: the agent goes along."""

    to: str = Field(min_length=1, max_length=100)
    warm: bool = False


class Introduction(Noted):
    """The end of an introduction: the guest leaves, or takes the person `back`."""

    back: bool = False


@routes.post("/desk/{agent}/hold")
async def hold(request: web.Request) -> web.Response:
    """Put the person on hold, or take them off it. 409 while nobody is on the line, or somebody is handed over."""
    check(request)
    said = await read_body(request, Turn)
    return await tell(request, HoldTurned(is_on=said.on, **head_of(request, said)))


@routes.post("/desk/{agent}/mute")
async def mute(request: web.Request) -> web.Response:
    """Let nobody hear the agent, or let everybody. 409 as for a hold."""
    check(request)
    said = await read_body(request, Turn)
    return await tell(request, MuteTurned(is_on=said.on, **head_of(request, said)))


@routes.post("/desk/{agent}/transfer")
async def transfer(request: web.Request) -> web.Response:
    """Hand the person over. 409 when nobody who could take them is ready: then nothing has happened."""
    check(request)
    said = await read_body(request, Transfer)
    team = said.to.removeprefix(TEAM) if said.to.startswith(TEAM) else ""
    colleague = "" if team or said.to == ANYBODY else said.to
    facts = head_of(request, said)
    try:
        return await tell(request, TransferAsked(colleague=colleague, team=team, is_warm=said.warm, **facts))
    except NobodyFree as problem:
        raise Refused(409, "nobody_free") from problem


@routes.post("/desk/{agent}/introduction")
async def introduction(request: web.Request) -> web.Response:
    """Leave the person with the colleague, or take them back. 409 for who is no guest of that call."""
    check(request)
    said = await read_body(request, Introduction)
    return await tell(request, IntroductionEnded(is_taken_back=said.back, **head_of(request, said)))
