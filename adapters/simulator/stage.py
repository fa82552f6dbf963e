"""The double's own API for agents' lines: open one as a browser would, close it, say what a telephone does."""

from aiohttp import web
from pydantic import ValidationError

from adapters.simulator.seats import Line
from adapters.simulator.softphones import Softphones
from adapters.simulator.telephones import Desktop, Telephones


class Stage:
    """Handlers of `/double/lines` and `/double/telephones`; like all of `/double/` they ask for no key."""

    def __init__(self, softphones: Softphones, telephones: Telephones) -> None:
        """Take what there is to do it with."""
        self._softphones, self._telephones = softphones, telephones

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.post("/double/lines", self._open),
            web.delete("/double/lines/{agent}", self._close),
            web.post("/double/telephones", self._put),
        ]

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """Open an agent's line, once: body as in `Line`."""
        try:
            self._softphones.open_line(Line.model_validate_json(await request.read()))
        except ValidationError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response(self._softphones.states())

    async def _close(self, request: web.Request) -> web.StreamResponse:
        """Hang up an agent's line."""
        await self._softphones.close_line(request.match_info["agent"])
        return web.json_response(self._softphones.states())

    async def _put(self, request: web.Request) -> web.StreamResponse:
        """Say whose telephones there are, and what each does: body as in `Desktop`."""
        try:
            self._telephones.put(Desktop.model_validate_json(await request.read()))
        except ValidationError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response({"telephones": len(self._telephones.known)})
