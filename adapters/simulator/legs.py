"""What an answered call does beside rooms: it is put through to another number, or leaves a message."""

from collections import Counter

from adapters.clock import SystemClock
from adapters.simulator.calls import Call
from adapters.simulator.chance import Chance
from adapters.simulator.naming import fresh
from adapters.simulator.people import PICKED_UP, Kind, Population, Reaction
from adapters.simulator.recordings import Recordings
from adapters.simulator.rings import Ring, RingBook, RingEnd
from adapters.simulator.verbs import DialOut, Record

_STATUS = {Kind.BUSY: "busy", Kind.FAILED: "failed", Kind.GONE: "failed"}


class Legs:
    """Second legs and messages. Calls per second do not hold for them, and they are no calls of the list."""

    def __init__(
        self, *, clock: SystemClock, population: Population, rings: RingBook, recordings: Recordings
    ) -> None:
        """Take the people, the ring book (whoever is put through to has a phone that rings), and the recordings."""
        self._clock, self._population, self._rings = clock, population, rings
        self._recordings, self._chance = recordings, Chance(population.seed)
        self._dialled = Counter[str]()

    async def dial_out(self, call: Call, verb: DialOut) -> dict[str, str]:
        """Put a call through, and return what its `action` is told. A client that is not there is no answer."""
        sid = fresh("CA")
        if verb.number is None:
            return _told("no-answer", sid, 0)
        self._dialled[verb.number] += 1
        local = self._population.local(self._clock.now())
        other = self._population.reaction(verb.number, local, self._dialled[verb.number])
        await call.wait(other.setup_s)
        if other.kind in _STATUS:
            return _told(_STATUS[other.kind], sid, 0)
        self._rings.start(Ring(sid=sid, to=verb.number, sender=call.request.sender), self._clock.now())
        ending = RingEnd(ended="canceled")
        try:
            ending = await self._talk(call, verb, other)
        finally:
            self._rings.end(sid, ending, self._clock.now())
        return _told(ending.ended, sid, ending.talk_s)

    async def _talk(self, call: Call, verb: DialOut, other: Reaction) -> RingEnd:
        """Ring, and let the two talk for as long as the shorter of them has something to say."""
        picks_up = other.kind in PICKED_UP and other.ring_s < verb.timeout_s
        await call.wait(other.ring_s if picks_up else verb.timeout_s)
        if not picks_up:
            return RingEnd(ended="no-answer")
        since = self._clock.now()
        await call.wait(min(other.talk_s, call.reaction.talk_s))
        talk_s = round((self._clock.now() - since).total_seconds())
        answered_by = "machine" if other.kind is Kind.MACHINE else "human"
        return RingEnd(ended="completed", answered_by=answered_by, talk_s=talk_s)

    async def record(self, call: Call, verb: Record) -> dict[str, str]:
        """Let the person leave a message, and return what its `action` is told."""
        said_s = min(self._chance.between(3.0, 20.0, "message", call.request.to, call.nth), verb.most_s)
        await call.wait(said_s)
        if said_s < verb.most_s:
            await call.wait(verb.quiet_s)
        return {**self._recordings.take(call, round(said_s)), "Digits": ""}


def _told(status: str, sid: str, seconds: int) -> dict[str, str]:
    """Return what `action` is told of a second leg (twilio.md §2.1)."""
    bridged = {"DialCallDuration": str(seconds)} if status == "completed" else {}
    is_bridged = str(status == "completed").lower()
    return {"DialCallStatus": status, "DialCallSid": sid, "DialBridged": is_bridged, **bridged}
