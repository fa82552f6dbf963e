"""Practice on the agent's pages: what the simulated person says as it is said, the review, and the end."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from aiohttp import web

from adapters.practice_words import Reviewed, as_values
from adapters.web.language import language_of, remember, words_in
from adapters.web.pages import PAGES
from adapters.web.practice_view import card_of
from adapters.web.session import DESK, check_agent
from dialer.review import average

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line that the person has said, `at_s` seconds into the talk, and its language."""

    at_s: float
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The talk at the desk, `attempt` "" without one; `done` calls of `calls` are reviewed."""

    attempt: str
    lines: tuple[Said, ...]
    done: int
    calls: int


class Coach(Protocol):
    """Who listens to a practice."""

    async def talk(self) -> Talk:
        """Return what the person on the line has said by now."""
        ...

    async def reviewed(self) -> Sequence[Reviewed]:
        """Return the calls reviewed so far."""
        ...

    def end(self) -> None:
        """End the practice."""
        ...


COACH: web.AppKey[Coach] = web.AppKey("coach")
"""Only a practice has one: where it is there, the pages say so."""


def is_practice(request: web.Request) -> bool:
    """Tell whether this installation is a practice."""
    return COACH in request.app


def furnish(app: web.Application, coach: Coach) -> None:
    """Make a web side a practice's."""
    app[COACH] = coach
    app.add_routes(routes)


@routes.get("/desk/{agent}/practice")
async def talk(request: web.Request) -> web.Response:
    """Return the talk as JSON (`Talk`)."""
    check_agent(request, request.match_info["agent"])
    return web.json_response(asdict(await request.app[COACH].talk()))


@routes.get("/desk/{agent}/review")
async def show(request: web.Request) -> web.Response:
    """Show the review of every call so far; as JSON where `Accept` asks for that."""
    agent = request.match_info["agent"]
    check_agent(request, agent)
    words, calls = words_in(language_of(request)), await request.app[COACH].reviewed()
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response(as_values(calls, words, agent=agent))
    told = await request.app[COACH].talk()
    text = PAGES.render(
        "review.html",
        words,
        calls=[card_of(place, one, words) for place, one in enumerate(calls, 1)],
        score=average([one.review for one in calls]),
        is_over=len(calls) >= told.calls,
        agent=agent,
        press=DESK.press_token(request),
        path=request.path,
        home="/desk",
    )
    response = web.Response(text=text, content_type="text/html")
    remember(request, response)
    return response


@routes.post("/desk/{agent}/practice/end")
async def end(request: web.Request) -> web.Response:
    """End the practice and everything of it."""
    check_agent(request, request.match_info["agent"])
    request.app[COACH].end()
    return web.json_response({"done": "ended"})
