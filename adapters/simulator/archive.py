"""Twilio's HTTP API for recordings: list, fetch, download, delete."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.simulator import refusals
from adapters.simulator.calls import API
from adapters.simulator.creating import refuse
from adapters.simulator.recordings import Recording, Recordings

Guard = Callable[
    [Callable[[web.Request], Awaitable[web.StreamResponse]]], Callable[..., Awaitable[web.StreamResponse]]
]
"""Puts a handler behind the account's key."""


class Archive:
    """The recordings of one account."""

    def __init__(self, recordings: Recordings) -> None:
        """Take the recordings."""
        self._recordings = recordings

    def routes(self, guarded: Guard) -> list[web.RouteDef]:
        """Return the routes, each behind the account's key."""
        account = f"/{API}/Accounts/{{account}}"
        one = f"{account}/Recordings/{{sid:RE[0-9a-f]{{32}}}}"
        return [
            web.get(f"{account}/Recordings.json", guarded(self._list)),
            web.get(f"{account}/Calls/{{call}}/Recordings.json", guarded(self._list)),
            web.get(f"{one}.json", guarded(self._fetch)),
            web.get(f"{one}.wav", guarded(self._download)),
            web.get(one, guarded(self._download)),
            web.delete(f"{one}.json", guarded(self._delete)),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        """Return all recordings on one page: a double's day does not fill a second one."""
        wanted = request.match_info.get("call") or request.query.get("CallSid")
        shown = [each.resource() for each in self._recordings.found(wanted)]
        page = {"recordings": shown, "page": 0, "page_size": max(len(shown), 50), "start": 0}
        ends = {"end": max(len(shown) - 1, 0), "uri": request.path, "first_page_uri": request.path}
        return web.json_response({**page, **ends, "next_page_uri": None, "previous_page_uri": None})

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        """Return one recording."""
        found = self._found(request)
        return refuse(refusals.NOT_FOUND) if found is None else web.json_response(found.resource())

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Return a recording's file, which is there only once it is completed."""
        found = self._found(request)
        if found is None or found.status != "completed":
            return refuse(refusals.NOT_FOUND)
        return web.Response(body=found.sound(), content_type="audio/x-wav")

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        """Forget a recording that is not being made any more."""
        found = self._found(request)
        if found is None:
            return refuse(refusals.NOT_FOUND)
        if found.status in {"in-progress", "processing"}:
            return refuse(refusals.STILL_LIVE)
        self._recordings.delete(found)
        return web.Response(status=204)

    def _found(self, request: web.Request) -> Recording | None:
        return self._recordings.find(request.match_info["sid"])
