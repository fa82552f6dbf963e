"""Twilio's HTTP API for calls: create, list, fetch, update, delete."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from urllib.parse import urlencode

from aiohttp import web

from adapters.simulator import refusals
from adapters.simulator.archive import Archive
from adapters.simulator.calls import API, Call
from adapters.simulator.chance import Chance
from adapters.simulator.conferences import Conferences
from adapters.simulator.courier import Courier
from adapters.simulator.creating import Creating, refuse
from adapters.simulator.exchange import Exchange
from adapters.simulator.naming import fresh
from adapters.simulator.options import DoubleOptions
from adapters.simulator.recordings import Recordings
from adapters.simulator.refusals import Refusal

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_DEFAULT_PAGE, _LARGEST_PAGE = 50, 1000


class Rest:
    """The API of one account."""

    def __init__(
        self,
        options: DoubleOptions,
        exchange: Exchange,
        courier: Courier,
        *,
        creating: Creating,
        recordings: Recordings,
        conferences: Conferences,
    ) -> None:
        """Take whose account it is and the exchange behind it; the courier knows the faults in force."""
        self._conferences = conferences
        self._options, self._exchange, self._courier = options, exchange, courier
        self._pairs = [f"{options.account_sid}:{options.auth_token}".encode()]
        if options.key_sid and options.key_secret:
            self._pairs.append(f"{options.key_sid}:{options.key_secret}".encode())
        self._creating, self._archive = creating, Archive(recordings)
        self.status_of: Callable[[str], str | None] = lambda _: None
        self._chance, self._under_way, self._asked = Chance(options.seed), 0, 0

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, each behind the account's key."""
        calls = f"/{API}/Accounts/{{account}}/Calls"
        return [
            web.post(f"{calls}.json", self._guarded(self._creating.create)),
            web.get(f"{calls}.json", self._guarded(self._list)),
            web.get(f"{calls}/{{sid}}.json", self._guarded(self._fetch)),
            web.post(f"{calls}/{{sid}}.json", self._guarded(self._update)),
            web.delete(f"{calls}/{{sid}}.json", self._guarded(self._delete)),
            *self._archive.routes(self._guarded),
            *self._conferences.routes(self._guarded),
        ]

    def _guarded(self, handler: _Handler) -> _Handler:
        """Let only the account's own keys through, and add the headers Twilio adds."""

        async def guard(request: web.Request) -> web.StreamResponse:
            self._under_way += 1
            try:
                refused = self._turned_away(request)
                if refused is not None:
                    return refuse(refused)
                response = await handler(request)
                response.headers["Twilio-Request-Id"] = fresh("RQ")
                response.headers["Twilio-Concurrent-Requests"] = str(self._under_way)
                return response
            finally:
                self._under_way -= 1

        return guard

    def _turned_away(self, request: web.Request) -> Refusal | None:
        """Return the error for somebody without the key, or for everybody when the API is down."""
        faults, self._asked = self._courier.faults, self._asked + 1
        if self._chance.happens(faults.status_503, "503", self._asked):
            return refusals.UNAVAILABLE
        if self._chance.happens(faults.status_401, "401", self._asked):
            return refusals.UNAUTHORISED
        if not self._opens(request.headers.get("Authorization", "")):
            return refusals.UNAUTHORISED
        is_other = request.match_info["account"] != self._options.account_sid
        return refusals.NOT_FOUND if is_other else None

    def _opens(self, header: str) -> bool:
        """Tell whether a Basic authorisation is the account's token or its API key."""
        kind, _, coded = header.partition(" ")
        try:
            given = base64.b64decode(coded, validate=True)
        except binascii.Error:
            return False
        return kind.lower() == "basic" and any(hmac.compare_digest(given, pair) for pair in self._pairs)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        """Return one page of the calls that match, newest first; dates are UTC days (twilio.md §1.3)."""
        query = request.query
        size = query.get("PageSize", str(_DEFAULT_PAGE))
        if not size.isdecimal() or not 1 <= int(size) <= _LARGEST_PAGE:
            return refuse(refusals.BAD_PARAMETER)
        try:
            matching = (
                call for call in self._exchange.newest_first(query.get("To")) if _matches(call, query)
            )
            number = int(page) if (page := query.get("Page", "0")).isdecimal() else 0
            # The first page, which is all that most clients ask for, does not look at the whole day.
            most = None if number or "PageToken" in query else int(size) + 1
            found = list(islice(matching, most))
        except ValueError:
            return refuse(refusals.BAD_PARAMETER)
        return web.json_response(_page(request, found, number, int(size)))

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        """Return one call; that of an agent's own line as far as it is known for one."""
        sid = request.match_info["sid"]
        call = self._exchange.find(sid)
        if call is None and (status := self.status_of(sid)):
            return web.json_response({"sid": sid, "status": status, "direction": "inbound"})
        return refuse(refusals.NOT_FOUND) if call is None else web.json_response(call.resource())

    async def _update(self, request: web.Request) -> web.StreamResponse:
        """Cancel, end or redirect a call, or the leg of an agent, which is in no list of calls."""
        sid = request.match_info["sid"]
        call = self._exchange.find(sid)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if call is None:
            unknown = self._conferences.redirect(sid, form)
            return web.json_response({"sid": sid}) if unknown is None else refuse(unknown)
        wrong = self._exchange.update(call, form)
        return web.json_response(call.resource()) if wrong is None else refuse(wrong)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        """Forget a call that is over."""
        call = self._exchange.find(request.match_info["sid"])
        wrong = refusals.NOT_FOUND if call is None else self._exchange.delete(call)
        return web.Response(status=204) if wrong is None else refuse(wrong)


def _matches(call: Call, query: Mapping[str, str]) -> bool:
    """Tell whether a call passes the filters of a list. Raises ValueError for a date that is none."""
    exact = {"To": call.request.to, "From": call.request.sender, "Status": call.status, "ParentCallSid": ""}
    if any(query.get(name, value) != value for name, value in exact.items()):
        return False
    instants = (("StartTime", call.started), ("EndTime", call.ended))
    return all(_on_day(query, name, instant) for name, instant in instants)


def _on_day(query: Mapping[str, str], name: str, instant: datetime | None) -> bool:
    """Tell whether an instant lies on, before or after the UTC days asked for; one that is missing never does."""
    for suffix in ("", "<", ">"):
        if (asked := query.get(name + suffix)) is None:
            continue
        day = datetime.fromisoformat(asked[:10]).date()
        if instant is None:
            return False
        own = instant.date()
        if not {"": own == day, "<": own <= day, ">": own >= day}[suffix]:
            return False
    return True


def _page(request: web.Request, found: list[Call], number: int, size: int) -> dict[str, object]:
    """Return one page of a list as Twilio writes it."""
    start = number * size
    if (token := request.query.get("PageToken", "")).startswith("PA"):
        # The token names the last call shown, so that calls made since do not shift the pages.
        start = next((n + 1 for n, call in enumerate(found) if call.sid == token[2:]), start)
    shown = found[start : start + size]
    filters = [(n, v) for n, v in request.query.items() if n not in {"Page", "PageToken", "PageSize"}]

    def uri(to: int, more: Iterable[tuple[str, str]] = ()) -> str:
        return f"{request.path}?{urlencode([*filters, ('PageSize', size), ('Page', to), *more])}"

    has_more = start + size < len(found)
    return {
        "calls": [call.resource() for call in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1, [("PageToken", f"PA{shown[-1].sid}")]) if has_more else None,
    }
