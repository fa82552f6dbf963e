"""The agents of the demo: each a browser with a softphone and the desk's page open, or the softphone alone."""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

import aiohttp

from adapters.clock import SystemClock
from adapters.simulator.agents import Choice, choose
from adapters.simulator.courier import Courier, Reply
from adapters.simulator.pauses import Pauses
from adapters.simulator.people import Population
from adapters.simulator.performer import Complain
from adapters.simulator.rooms import Member, Rooms
from adapters.simulator.seats import Line, Seat, Shift
from adapters.simulator.twiml import Dial, TwimlInvalid, parse_twiml
from campaigns.outcome import Outcome

_GLANCE_S = 1.0  # real seconds between looks at the page while nobody calls
_PAGE_S = 10.0  # real seconds until an agent thinks that it will not


class Softphones:
    """Every agent's browser. Asked again with the same ids, it takes the new addresses (the dialer was restarted)."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        clock: SystemClock,
        population: Population,
        courier: Courier,
        rooms: Rooms,
        complain: Complain,
    ) -> None:
        """Take what a softphone needs: people, webhooks, rooms, and the debugger."""
        self.session, self.clock, self.population = session, clock, population
        self.courier, self.rooms, self.complain = courier, rooms, complain
        self.dispositions: Mapping[str, tuple[Choice, ...]] = {}
        self._phones: dict[str, Softphone] = {}
        self.calls: set[str] = set()

    def begin(self, shift: Shift) -> None:
        """Seat the agents; those who are in a talk finish it first."""
        self.dispositions = {
            campaign: tuple(Choice(id=each.id, means=each.means) for each in meanings)
            for campaign, meanings in shift.dispositions.items()
        }
        for seat in shift.agents:
            if seat.id in self._phones:
                self._phones[seat.id].move(seat)
            else:
                self._phones[seat.id] = Softphone(self, seat)

    def open_line(self, line: Line) -> None:
        """Put an agent's line into their room, unless a softphone of theirs is there already."""
        seat = Seat(id=line.id, join_url=line.join_url, desk_url="", token="", presses=False)
        known = self._phones.get(line.id)
        if known is None:
            self._phones[line.id] = Softphone(self, seat)
        elif known.is_bare and known.join_url != line.join_url:
            known.move(seat)

    async def close_line(self, agent: str) -> None:
        """Hang up a line that is no more than a line; whoever presses buttons stays."""
        phone = self._phones.get(agent)
        if phone is not None and phone.is_bare:
            del self._phones[agent]
            await phone.close()

    def status_of(self, sid: str) -> str | None:
        """Return how the call of a softphone stands, in the API's words; None for what was none."""
        if sid not in self.calls:
            return None
        return "in-progress" if any(phone.is_on(sid) for phone in self._phones.values()) else "completed"

    def states(self) -> dict[str, str]:
        """Return what each agent is doing: joining, waiting or serving."""
        return {name: phone.state for name, phone in sorted(self._phones.items())}

    async def close(self) -> None:
        """Send everybody home."""
        await asyncio.gather(*(phone.close() for phone in self._phones.values()))


class Softphone:
    """One agent: in their room, talking, writing, and clicking on the desk's page until it answers."""

    def __init__(self, house: Softphones, seat: Seat) -> None:
        """Sit down and begin."""
        self._house, self._seat, self.state = house, seat, "joining"
        self._is_due = True  # as the page said last
        self._member: Member | None = None
        self._way: tuple[str | None, str | None] | None = None
        self._rest: list[Dial] = []
        self._task = asyncio.create_task(self._work())

    def redirect(self, twiml: str | None, url: str | None) -> None:
        """Go on with another document, its text or its address: out of this room, and where it says."""
        self._way, self._rest = (twiml, url), []
        self._leave()

    def move(self, seat: Seat) -> None:
        """Go on at another address: at once, or after the talk under way."""
        self._seat = seat
        if self.state != "serving":
            self._task.cancel()
            self._leave()
            self._task = asyncio.create_task(self._work())

    def is_on(self, sid: str) -> bool:
        """Tell whether this call is the one that is in the room."""
        return self._member is not None and self._member.sid == sid and not self._member.is_out

    @property
    def is_bare(self) -> bool:
        """Whether this is a line and no more: a person sits at the desk."""
        return not self._seat.presses

    @property
    def join_url(self) -> str:
        """The webhook that joins the room."""
        return self._seat.join_url

    async def close(self) -> None:
        """Leave."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._leave()

    async def _work(self) -> None:
        """Join the room, say ready, serve whoever comes in; join again whenever the room has ended."""
        while True:
            self.state = "joining"
            member = self._member = await self._enter()
            await self._press_ready()
            while (visit := await self._next(member)) is not None:
                self.state = "serving"
                await self._serve(visit)
                self.state = "waiting"
                if not member.is_out and self._is_due:  # else they go on their break, or home
                    await self._press_ready()

    async def _next(self, member: Member) -> Member | None:
        """Wait for the next customer, None when the room has ended; look at the page now and then meanwhile.

        The dialer may have sent the agent away (a slow write-up, a leg thought lost): then *ready* is pressed again,
        unless it is time for a break or to go home.
        """
        while True:
            try:
                return await asyncio.wait_for(member.visits.get(), _GLANCE_S)
            except TimeoutError:
                if not self._seat.presses:
                    continue
                _, shown = await self._send("GET", self._seat.desk_url, None)
                if shown.get("state") == "away" and shown.get("due", True):
                    await self._press_ready()
                elif shown.get("preview"):
                    await self._decide(shown)

    async def _decide(self, shown: Mapping[str, object]) -> None:
        """Look at the person on the page, and dial or skip."""
        house, preview, contact = self._house, str(shown["preview"]), shown.get("contact")
        key = str(contact["key"]) if isinstance(contact, dict) else ""
        looks_s, skips = house.population.look(key, preview)
        await house.clock.wait(looks_s)
        reasons = shown.get("skips")
        if skips and isinstance(reasons, list) and reasons:
            await self._click("skip", {"preview": preview, "reason": str(reasons[0]["id"])})
        else:
            await self._click("dial", {"preview": preview})

    def _leave(self) -> None:
        """Go out of the room."""
        if self._member is not None:
            self._house.rooms.leave(self._member)

    async def _enter(self) -> Member:
        """Go on as the leg was told; without such a word ask the dialer for the room until it tells, and go in."""
        pauses = Pauses(self._house.clock)
        while True:
            is_told = self._member is not None and (self._way is not None or bool(self._rest))
            sid = self._member.sid if self._member and is_told else f"CA{uuid4().hex}"
            dials, reply = await self._dials(sid)
            try:
                if dials:
                    self._rest = dials[1:]
                    redirect = self.redirect
                    member = Member(
                        sid=sid, terms=dials[0].conference, agent=self._seat.id, redirect=redirect
                    )
                    self._house.calls.add(sid)
                    self._house.rooms.enter(member)
                    return member
                self._house.complain(sid, reply.error or 12200, f"{self._seat.id} found no room")
            except TwimlInvalid as wrong:
                self._house.complain(sid, wrong.code, str(wrong))
            await pauses.next()

    async def _dials(self, sid: str) -> tuple[list[Dial], Reply]:
        """Return the rooms to enter one after the other, by the document that the leg goes on with."""
        if self._way is None and self._rest:
            return self._rest, Reply(status=200)
        twiml, url = self._way or (None, self._seat.join_url)
        self._way = None
        where = url or self._seat.join_url
        reply = Reply(status=200, text=twiml or "")
        if twiml is None:
            reply = await self._house.courier.request(where, self._leg_fields(sid))
        try:
            verbs = parse_twiml(reply.text, where) if reply.error is None else ()
        except TwimlInvalid as wrong:
            return [], Reply(status=200, error=wrong.code)
        return [verb for verb in verbs if isinstance(verb, Dial)], reply

    def _leg_fields(self, sid: str) -> dict[str, str]:
        """Return what Twilio tells of a browser's call."""
        return {
            "CallSid": sid,
            "AccountSid": self._house.courier.account_sid,
            "From": f"client:{self._seat.id}",
            "Caller": f"client:{self._seat.id}",
            "To": "",
            "Called": "",
            "CallStatus": "ringing",
            "Direction": "inbound",
            "ApiVersion": "2010-04-01",
        }

    async def _serve(self, visit: Member) -> None:
        """Talk until the person has gone, write, and say what happened."""
        await visit.left.wait()
        attempt, guest = visit.terms.label or "", visit.guest
        if guest is None or not self._seat.presses:
            return
        house = self._house
        await house.clock.wait(house.population.wrap_s(self._seat.id, attempt))
        choice = choose(guest.says, await self._choices())
        body: dict[str, str] = {"attempt": attempt, "disposition": choice.id, "note": ""}
        if choice.means is Outcome.CALLBACK:
            wished = house.population.callback_at(guest.number, guest.nth, house.clock.now()).isoformat()
            body |= await self._promise(attempt, wished)
        await self._click("dispose", body)

    async def _promise(self, attempt: str, wished: str) -> Mapping[str, str]:
        """Agree on an hour as an agent does: the page says whether it may be promised, and which one may instead."""
        status, judged = await self._send(
            "POST", f"{self._seat.desk_url}/callback", {"attempt": attempt, "at": wished}
        )
        if status != 200 or judged.get("lawful") is not False:
            return {"callback_at": wished}
        return {"callback_at": str(judged["next"])} if judged.get("next") else {}

    async def _choices(self) -> tuple[Choice, ...]:
        """Return the dispositions the page offers; with several campaigns the page says which one it is."""
        offered, pauses = self._house.dispositions, Pauses(self._house.clock)
        while len(offered) > 1:
            _, shown = await self._send("GET", self._seat.desk_url, None)
            if (campaign := shown.get("campaign")) in offered:
                return offered[str(campaign)]
            await pauses.next()
        return next(iter(offered.values()))

    async def _press_ready(self) -> None:
        """Press *ready*; the key tells repeats of one press from another press."""
        if self._seat.presses:
            await self._click("ready", {"key": f"ready-{uuid4().hex}"})
        self.state = "waiting"

    async def _click(self, button: str, body: Mapping[str, str]) -> None:
        """Press a button until the page acknowledges it.

        409 says that the moment has passed; that a disposition is not understood does not get better by repeating.
        """
        pauses, final = Pauses(self._house.clock), {409, 400, 404} if button == "dispose" else {409}
        while True:
            status, shown = await self._send("POST", f"{self._seat.desk_url}/{button}", body)
            self._is_due = bool(shown.get("due", True))
            if status >= 400 and status != 409:
                self._house.complain(self._seat.id, status, f"{button} was answered {status}")
            if 200 <= status < 300 or status in final:
                return
            await pauses.next()

    async def _send(
        self, method: str, url: str, body: Mapping[str, str] | None
    ) -> tuple[int, Mapping[str, object]]:
        """Return status and JSON of one request to the desk; status 0 when nobody answers."""
        headers = {"Authorization": f"Bearer {self._seat.token}"}
        timeout = aiohttp.ClientTimeout(total=_PAGE_S)
        try:
            async with self._house.session.request(
                method, url, json=body, headers=headers, timeout=timeout
            ) as response:
                shown = await response.json(content_type=None) if response.status == 200 else None
                return response.status, shown if isinstance(shown, dict) else {}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return 0, {}
