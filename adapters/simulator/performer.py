"""What an answered call does: it fetches documents and executes them, verb by verb."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from adapters.clock import SystemClock
from adapters.simulator.calls import Call, LineCut, LineRedirected
from adapters.simulator.chance import Chance
from adapters.simulator.courier import Courier, Reply
from adapters.simulator.keys import pressed
from adapters.simulator.legs import Legs
from adapters.simulator.music import jitter_s, listen
from adapters.simulator.people import Kind, Population
from adapters.simulator.rooms import Guest, Member, Rooms
from adapters.simulator.screening import Screening
from adapters.simulator.twiml import (
    Conference,
    Dial,
    DialOut,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    TwimlInvalid,
    Unknown,
    parse_twiml,
)

Complain = Callable[[str, int, str], None]
"""Takes a call's SID, Twilio's error code and what happened: an entry in the account's debugger."""

_LETTERS_A_SECOND = {"ja": 7.0}
_LETTERS_A_SECOND_ELSEWHERE = 14.0
_PLAYED_FILE_S = 5.0
_HOLD_PATIENCE_S = (60.0, 240.0)
_XML = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class _Page:
    """A document to execute and where it came from."""

    text: str
    url: str


class Performer:
    """Executes TwiML on a line. Waits are campaign time; only the dialer's own answers take real time."""

    def __init__(
        self,
        *,
        clock: SystemClock,
        population: Population,
        courier: Courier,
        rooms: Rooms,
        legs: Legs,
        complain: Complain,
    ) -> None:
        """Take the people, the courier of webhooks, the rooms, the second legs and the account's debugger."""
        self._legs = legs
        self._clock, self._population, self._courier = clock, population, courier
        self._rooms, self._complain = rooms, complain
        self._chance = Chance(population.seed)
        self._screening = Screening(clock=clock, courier=courier, seed=population.seed, complain=complain)

    async def talk(self, call: Call) -> None:
        """Execute documents until there are no more."""
        extra = await self._screening.screen(call)
        page: _Page | None = await self._first_page(call, extra)
        while page is not None:
            try:
                page = await self._perform(call, page)
            except LineRedirected as to:
                page = _Page(to.twiml, "") if to.twiml is not None else await self._fetch(call, to.url or "")
            except TwimlInvalid as wrong:
                self._complain(call.sid, wrong.code, str(wrong))
                page = None

    async def _first_page(self, call: Call, extra: dict[str, str]) -> _Page | None:
        """Return the document the call begins with; when its address fails, the fallback's."""
        request = call.request
        if request.url is None:
            return _Page(request.twiml or "", "")
        if request.fallback_url is None:
            return await self._fetch(call, request.url, request.method, **extra)
        reply = await self._ask(call, request.url, request.method, **extra)
        if reply.error is None:
            return self._page(call, request.url, reply)
        self._complain(call.sid, reply.error, request.url)
        failed = {"ErrorCode": str(reply.error), "ErrorUrl": request.url}
        return await self._fetch(call, request.fallback_url, **failed)

    async def _fetch(self, call: Call, url: str, method: str = "POST", **extra: str) -> _Page | None:
        """Fetch a document. A failure ends the call as completed, with an application error, as Twilio does."""
        return self._page(call, url, await self._ask(call, url, method, **extra))

    def _page(self, call: Call, url: str, reply: Reply) -> _Page | None:
        """Return what was fetched as a document, or complain."""
        error = reply.error
        if error is None and reply.status == 204:
            return None
        if error is None and reply.media not in _XML:
            error = 12300
        if error is not None:
            self._complain(call.sid, error, f"{url}: status {reply.status}, {reply.media or 'no content'}")
            return None
        return _Page(reply.text, url.partition("#")[0])

    async def _ask(self, call: Call, url: str, method: str = "POST", **extra: str) -> Reply:
        """Ask the dialer what to do. The person's patience with the silence meanwhile is *real* seconds."""
        fields = {**call.fields(), **extra}
        task = self._courier.spawn(lambda: self._courier.request(url, fields, method))
        done, _ = await asyncio.wait({task}, timeout=call.reaction.patience_s)
        await call.wait(0)
        if not done:
            raise LineCut("completed")
        reply = task.result()
        assert isinstance(reply, Reply)  # noqa: S101 - spawn returns what request returned
        return reply

    async def _perform(self, call: Call, page: _Page) -> _Page | None:
        """Execute one document; return the one that follows it."""
        for verb in parse_twiml(page.text, page.url):
            match verb:
                case Say() | Play() | Pause():
                    await call.wait(_length_s(verb))
                case Gather() | Dial() | DialOut() | Record():
                    if (follow := await self._follow(call, verb, page)) is not None:
                        url, said = follow
                        return await self._fetch(call, url, **said)
                case Redirect():
                    return await self._fetch(call, verb.url)
                case Hangup():
                    return None
                case Unknown():
                    raise TwimlInvalid(12200, f"the double does not execute <{verb.verb}>")
                case _:
                    assert_never(verb)
        return None

    async def _follow(
        self, call: Call, verb: Gather | Dial | DialOut | Record, page: _Page
    ) -> tuple[str, dict[str, str]] | None:
        """Execute a verb that asks what to do next; return whom to ask and what to tell, None to go on."""
        match verb:
            case Gather():
                digits = await self._listen(call, verb)
                return None if digits is None else (verb.action or page.url, {"Digits": digits})
            case Record():
                return verb.action or page.url, await self._legs.record(call, verb)
            case Dial():
                await self._dial(call, verb)
                said = {"DialCallStatus": "completed"}
            case DialOut():
                said = await self._legs.dial_out(call, verb)
            case _:
                assert_never(verb)
        return None if verb.action is None else (verb.action, said)

    async def _listen(self, call: Call, gather: Gather) -> str | None:
        """Let the person hear the prompts and perhaps press a key; return the keys pressed, None to go on."""
        seconds = sum(_length_s(prompt) for prompt in gather.prompts)
        if (keys := pressed(call.reaction, gather, seconds)) is not None:
            await call.wait(keys.after_s + keys.waits_s)
            return keys.digits
        await call.wait(seconds + gather.timeout_s)
        return "" if gather.on_empty else None

    async def _dial(self, call: Call, dial: Dial) -> None:
        """Join a room and leave it; when the person hangs up, the action is still told."""
        try:
            await self._join(call, dial.conference)
        except TwimlInvalid as wrong:  # the label is taken: not joined, on to the next verb (twilio.md §1.6)
            self._complain(call.sid, wrong.code, str(wrong))
        except LineCut:
            if dial.action is not None:
                fields = {**call.fields("completed"), "DialCallStatus": "completed"}
                self._courier.notify(dial.action, fields, call.sid, "action")
            raise

    async def _join(self, call: Call, terms: Conference) -> None:
        """Be in the room: wait for the agent as long as patience lasts, talk, hang up."""
        if call.reaction.agent is not None:
            await self._sit(call, terms, call.reaction.agent)
            return
        reaction, number = call.reaction, call.request.to
        guest = Guest(number=number, nth=call.nth, says=reaction.says)
        member = Member(sid=call.sid, terms=terms, guest=guest, stir=call.stirred.set)
        delay_s = jitter_s(self._chance, terms, number, call.nth)
        await call.wait(self._population.bridge_s(number, call.nth) + delay_s)
        self._rooms.enter(member)
        try:
            if terms.wait_url and self._rooms.is_waiting(member):
                await listen(self._courier, call, terms.wait_url)
            if not await call.wait(reaction.patience_s, lambda: member.partner is not None or member.is_out):
                raise LineCut("completed")
            if member.is_out:
                return
            await self._converse(call, member)
        finally:
            self._rooms.leave(member)

    async def _sit(self, call: Call, terms: Conference, agent: str) -> None:
        """Be in the room as the agent whose own telephone it is, until somebody ends that."""
        member = Member(sid=call.sid, terms=terms, agent=agent, stir=call.stirred.set)
        self._rooms.enter(member)
        try:
            await call.wait(math.inf, lambda: member.is_out)
        finally:
            self._rooms.leave(member)

    async def _converse(self, call: Call, member: Member) -> None:
        """Talk for as long as there is something to say; with a machine the agent soon hangs up."""
        call.talked_to, since = member.partner, self._clock.now()
        seconds = call.reaction.talk_s
        if call.reaction.kind is Kind.MACHINE:
            seconds = self._population.listens_to_machine_s(call.request.to, call.nth)
        try:
            await self._speak(call, member, seconds)
        finally:
            call.talk_s = round((self._clock.now() - since).total_seconds())

    async def _speak(self, call: Call, member: Member, seconds: float) -> None:
        """Talk for so many seconds, those on hold apart; whoever is kept on hold too long hangs up."""
        patience_s = self._chance.between(*_HOLD_PATIENCE_S, "hold", call.request.to, call.nth)
        while True:
            since = self._clock.now()
            if member.is_held:
                ended = await call.wait(patience_s, lambda: member.is_out or not member.is_held)
            else:
                ended = await call.wait(seconds, lambda: member.is_out or member.is_held)
                seconds -= (self._clock.now() - since).total_seconds()
            if not ended:
                raise LineCut("completed")
            if member.is_out:
                return


def _length_s(prompt: Say | Play | Pause) -> float:
    """Return how many seconds it takes to hear this."""
    match prompt:
        case Say():
            speed = _LETTERS_A_SECOND.get(prompt.language[:2].lower(), _LETTERS_A_SECOND_ELSEWHERE)
            return max(len(prompt.text) / speed, 1.0)
        case Play():
            return _PLAYED_FILE_S * max(prompt.loop, 1)
        case Pause():
            return prompt.seconds
        case _:
            assert_never(prompt)
