"""Twilio's HTTP API for conferences: who is in which room, and how each takes part."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from adapters.clock import SystemClock
from adapters.simulator import refusals
from adapters.simulator.calls import API, Call
from adapters.simulator.courier import Courier
from adapters.simulator.creating import refuse
from adapters.simulator.exchange import Exchange
from adapters.simulator.listeners import PICKED_UP_AFTER_S, terms_of, wrong_line
from adapters.simulator.music import listen
from adapters.simulator.naming import fresh, rfc2822
from adapters.simulator.performer import Complain
from adapters.simulator.refusals import Refusal
from adapters.simulator.rooms import Member, Room, Rooms
from adapters.simulator.twiml import TwimlInvalid

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_FLAGS = {"true": True, "false": False}


class Conferences:
    """The rooms of one account, and the legs in them."""

    def __init__(
        self,
        rooms: Rooms,
        exchange: Exchange,
        courier: Courier,
        *,
        clock: SystemClock,
        account_sid: str,
        complain: Complain,
    ) -> None:
        """Take the rooms, the calls that may be in them, and whom to tell what goes wrong."""
        self._clock = clock
        self._rooms, self._exchange, self._courier = rooms, exchange, courier
        self._account_sid, self._complain = account_sid, complain
        self._dialling: dict[str, asyncio.Event] = {}

    def routes(self, guarded: Callable[[Handler], Handler]) -> list[web.RouteDef]:
        """Return the routes, each behind the account's key."""
        root = f"/{API}/Accounts/{{account}}/Conferences"
        legs = f"{root}/{{conference}}/Participants"
        return [
            web.get(f"{root}.json", guarded(self._list)),
            web.get(f"{root}/{{conference}}.json", guarded(self._fetch)),
            web.get(f"{legs}.json", guarded(self._legs)),
            web.post(f"{legs}.json", guarded(self._create)),
            web.get(f"{legs}/{{leg}}.json", guarded(self._leg)),
            web.post(f"{legs}/{{leg}}.json", guarded(self._update)),
            web.delete(f"{legs}/{{leg}}.json", guarded(self._kick)),
        ]

    def redirect(self, sid: str, form: Mapping[str, str]) -> Refusal | None:
        """Give an agent's leg another document, or end it; say why not where there is no such leg."""
        if sid in self._dialling and form.get("Status") == "completed":
            self._dialling.pop(sid).set()
            return None
        member = self._rooms.leg(sid)
        if member is None or (member.redirect is None and not member.is_dialled):
            return refusals.NOT_FOUND
        if form.get("Status") == "completed":
            self._rooms.leave(member)
            return None
        if member.redirect is None:
            return refusals.BAD_STATE
        url = form.get("Url")
        if url is None and form.get("Twiml") is None:
            return refusals.BAD_PARAMETER
        member.redirect(None if url else form.get("Twiml"), url)
        return None

    async def _list(self, request: web.Request) -> web.StreamResponse:
        """Return the conferences that go on, the newest first; of those that ended none is kept."""
        name, status = request.query.get("FriendlyName"), request.query.get("Status")
        found = [
            room
            for room in self._rooms.all()
            if name in {None, room.terms.name} and status in {None, _status(room)}
        ]
        return _listed(request, "conferences", [self._conference(room) for room in found])

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        room = self._rooms.find(request.match_info["conference"])
        return refuse(refusals.NOT_FOUND) if room is None else web.json_response(self._conference(room))

    async def _legs(self, request: web.Request) -> web.StreamResponse:
        """Return who is in a room, the newest first."""
        room = self._rooms.find(request.match_info["conference"])
        if room is None:
            return refuse(refusals.NOT_FOUND)
        found = [self._participant(room, one) for one in reversed(room.members)]
        return _listed(request, "participants", found)

    async def _create(self, request: web.Request) -> web.StreamResponse:
        """Call somebody into a room: a telephone of the house's own, which is picked up after a while."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        key = request.match_info["conference"]
        room = self._rooms.find(key)
        wrong = wrong_line(form) or (_wrong(form, room) if room else None)
        if room is None and key.startswith("CF"):
            wrong = refusals.NOT_FOUND
        if wrong is not None:
            return refuse(wrong)
        sid, name = fresh("CA"), room.terms.name if room else key
        member = Member(sid=sid, terms=terms_of(form, name), is_dialled=True)
        self._dialling[sid] = asyncio.Event()
        self._courier.spawn(lambda: self._pick_up(member))
        shown = self._participant(room, member) if room else {"call_sid": sid, "conference_sid": None}
        return web.json_response({**shown, "status": "queued"}, status=201)

    async def _pick_up(self, member: Member) -> None:
        """Ring, and come in, unless the call is ended meanwhile; a room that refuses is a line in the debugger."""
        hung_up = self._dialling[member.sid]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PICKED_UP_AFTER_S / self._clock.factor):
                await hung_up.wait()
        if self._dialling.pop(member.sid, None) is None:
            return
        try:
            self._rooms.enter(member)
        except TwimlInvalid as wrong:
            self._complain(member.sid, wrong.code, str(wrong))

    async def _leg(self, request: web.Request) -> web.StreamResponse:
        room, member = self._found(request)
        if room is None or member is None:
            return refuse(refusals.NOT_FOUND)
        return web.json_response(self._participant(room, member))

    async def _update(self, request: web.Request) -> web.StreamResponse:
        """Hold, mute, coach, announce."""
        room, member = self._found(request)
        if room is None or member is None:
            return refuse(refusals.NOT_FOUND)
        form = {name: str(value) for name, value in (await request.post()).items()}
        wrong = _wrong(form, room)
        if wrong is not None:
            return refuse(wrong)
        self._change(room, member, form)
        self._play(member, form)
        return web.json_response(self._participant(room, member))

    async def _kick(self, request: web.Request) -> web.StreamResponse:
        """Put a leg out of its room; it goes on with the next verb of its document."""
        _, member = self._found(request)
        if member is None:
            return refuse(refusals.NOT_FOUND)
        self._rooms.leave(member, "participant_updated_via_api")
        return web.Response(status=204)

    def _found(self, request: web.Request) -> tuple[Room | None, Member | None]:
        """Return the room and the leg that an address names: the latter by its SID or its label."""
        room, key = self._rooms.find(request.match_info["conference"]), request.match_info["leg"]
        members = room.members if room else []
        return room, next((one for one in members if key in {one.sid, one.terms.label}), None)

    def _change(self, room: Room, member: Member, form: Mapping[str, str]) -> None:
        names = {"Muted": "is_muted", "Hold": "is_held", "EndConferenceOnExit": "ends"}
        changes: dict[str, object] = {
            names[name]: _FLAGS[value] for name, value in form.items() if name in names
        }
        if form.get("Coaching") == "false":
            changes["coaches"] = None
        elif "CallSidToCoach" in form:
            changes["coaches"] = form["CallSidToCoach"]
        self._rooms.change(room, member, **changes)

    def _play(self, member: Member, form: Mapping[str, str]) -> None:
        """Fetch what the leg hears now, on hold or as an announcement; what may not be played is a line in the log."""
        call = self._exchange.find(member.sid)
        on_hold = form.get("HoldUrl") if form.get("Hold") == "true" else None
        for url in filter(None, (on_hold, form.get("AnnounceUrl"))):
            if call is not None:
                self._courier.spawn(lambda url=url: self._heard(call, url))  # type: ignore[misc]

    async def _heard(self, call: Call, url: str) -> None:
        try:
            await listen(self._courier, call, url)
        except TwimlInvalid as wrong:
            self._complain(call.sid, wrong.code, str(wrong))

    def _conference(self, room: Room) -> dict[str, object]:
        """Return a conference as the API shows it."""
        root = f"/{API}/Accounts/{self._account_sid}/Conferences/{room.sid}"
        return {
            "sid": room.sid,
            "account_sid": self._account_sid,
            "friendly_name": room.terms.name,
            "status": _status(room),
            "region": "jp1",
            "api_version": API,
            "date_created": _at(room.began),
            "date_updated": _at(room.began),
            "reason_conference_ended": None,
            "call_sid_ending_conference": None,
            "uri": f"{root}.json",
            "subresource_uris": {"participants": f"{root}/Participants.json"},
        }

    def _participant(self, room: Room, member: Member) -> dict[str, object]:
        """Return a participant as the API shows it."""
        root = f"/{API}/Accounts/{self._account_sid}/Conferences/{room.sid}/Participants"
        return {
            "account_sid": self._account_sid,
            "call_sid": member.sid,
            "label": member.terms.label,
            "conference_sid": room.sid,
            "call_sid_to_coach": member.coaches,
            "coaching": member.coaches is not None,
            "muted": member.is_muted,
            "hold": member.is_held,
            "status": "connected",
            "start_conference_on_enter": member.terms.starts,
            "end_conference_on_exit": member.terms.ends if member.ends is None else member.ends,
            "queue_time": None,
            "date_created": _at(member.since),
            "date_updated": _at(member.since),
            "uri": f"{root}/{member.sid}.json",
        }


def _wrong(form: Mapping[str, str], room: Room) -> Refusal | None:
    """Return what an update of a participant is refused for."""
    flags = ("Muted", "Hold", "Coaching", "EndConferenceOnExit", "BeepOnExit")
    if any(form.get(name, "true") not in _FLAGS for name in flags):
        return refusals.BAD_PARAMETER
    if any(not _is_web(form[name]) for name in ("HoldUrl", "AnnounceUrl") if name in form):
        return refusals.BAD_URL
    if any(form.get(name, "GET") not in {"GET", "POST"} for name in ("HoldMethod", "AnnounceMethod")):
        return refusals.BAD_METHOD
    if form.get("Coaching") == "true" and "CallSidToCoach" not in form:
        return refusals.BAD_PARAMETER
    coached = form.get("CallSidToCoach")
    return None if coached is None or any(one.sid == coached for one in room.members) else refusals.NO_COACHED


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _status(room: Room) -> str:
    return "in-progress" if room.has_started else "init"


def _at(instant: datetime | None) -> str | None:
    return rfc2822(instant) if instant else None


def _listed(request: web.Request, name: str, found: list[dict[str, object]]) -> web.Response:
    """Return a list, all on one page: there are no more rooms than agents."""
    size = request.query.get("PageSize", "50")
    page: dict[str, object] = {
        name: found,
        "page": 0,
        "page_size": int(size) if size.isdecimal() else 50,
        "start": 0,
        "end": max(len(found) - 1, 0),
        "uri": request.path,
        "first_page_uri": request.path,
        "previous_page_uri": None,
        "next_page_uri": None,
    }
    return web.json_response(page)
