"""The life of one call: it is queued, rings, is answered, talks, and ends."""

import asyncio
import math
from datetime import datetime

from adapters.clock import SystemClock
from adapters.simulator.calls import Call, LineCut
from adapters.simulator.courier import Courier
from adapters.simulator.holds import Gate
from adapters.simulator.naming import rfc2822
from adapters.simulator.people import PICKED_UP, Kind
from adapters.simulator.performer import Performer
from adapters.simulator.recordings import Recordings
from adapters.simulator.rings import Ring, RingBook, RingEnd

_UNREACHABLE = {Kind.BUSY: ("busy", 486), Kind.FAILED: ("failed", 503), Kind.GONE: ("failed", 404)}


class Lines:
    """Lives every call of the account. Waits are campaign time; only the dialer's own answers take real time."""

    def __init__(
        self,
        *,
        clock: SystemClock,
        courier: Courier,
        rings: RingBook,
        performer: Performer,
        recordings: Recordings,
        gate: Gate,
    ) -> None:
        """Take who reports, who writes rings down, who executes documents, who records, and what holds dials."""
        self._clock, self._courier, self._rings, self._performer = clock, courier, rings, performer
        self._recordings, self._gate = recordings, gate

    async def live(self, call: Call, starts_at: datetime) -> None:
        """Take a call from the queue to its end."""
        try:
            status = await self._life(call, starts_at)
        except LineCut as cut:
            status = cut.status
            if call.answered is None:
                call.sip_code = 487
        self.end(call, status)

    def end(self, call: Call, status: str) -> None:
        """Write the end of a call everywhere it belongs, and report it."""
        call.status, call.ended = status, self._clock.now()
        ending = RingEnd(
            ended=status, talked_to=call.talked_to, answered_by=call.answered_by, talk_s=call.talk_s
        )
        self._rings.end(call.sid, ending, call.ended)
        more = {"CallDuration": str(call.duration_s), "SipResponseCode": str(call.sip_code)}
        more |= self._recordings.end(call)
        if status == "completed":
            more["Duration"] = str(-(-call.duration_s // 60))
        self._report(call, "completed", status, **more)

    async def _life(self, call: Call, starts_at: datetime) -> str:
        """Go through queue, set-up, ringing and talk; return the terminal status."""
        await call.wait((starts_at - self._clock.now()).total_seconds())
        await self._held(call)
        call.started = self._clock.now()
        # The API keeps saying "queued" while the callback says "initiated": its schema has no word for it.
        self._report(call, "initiated", "initiated")
        await call.wait(call.reaction.setup_s)
        if call.reaction.kind in _UNREACHABLE:
            status, call.sip_code = _UNREACHABLE[call.reaction.kind]
            return status
        if not await self._ring(call):
            call.sip_code = 487
            return "no-answer"
        call.status, call.answered = "in-progress", self._clock.now()
        call.answered_by = "machine" if call.reaction.kind is Kind.MACHINE else "human"
        self._report(call, "answered", "in-progress")
        self._recordings.begin(call)
        limit_s = call.request.time_limit_s / self._clock.factor
        limit = asyncio.get_running_loop().call_later(limit_s, call.interrupt, LineCut("completed"))
        try:
            await self._performer.talk(call)
        finally:
            limit.cancel()
        return "completed"

    async def _held(self, call: Call) -> None:
        """Stay in the queue for as long as dialling is held; a call that waits here can still be canceled."""
        if not self._gate.is_held:
            return
        opened = asyncio.Event()

        def wake() -> None:
            opened.set()
            call.stirred.set()

        with self._gate.queueing(wake):
            await call.wait(math.inf, opened.is_set)

    async def _ring(self, call: Call) -> bool:
        """Ring; return whether somebody picked up in time."""
        call.status = "ringing"
        ring = Ring(sid=call.sid, to=call.request.to, sender=call.request.sender)
        self._rings.start(ring, self._clock.now())
        self._report(call, "ringing", "ringing")
        limit_s = call.request.timeout_s + self._courier.faults.ring_over_s
        picks_up = call.reaction.kind in PICKED_UP and call.reaction.ring_s < limit_s
        await call.wait(call.reaction.ring_s if picks_up else limit_s)
        return picks_up

    def _report(self, call: Call, event: str, status: str, **more: str) -> None:
        """Send a status callback if it was subscribed to; only those sent are counted (twilio.md §0, 5)."""
        url = call.request.status_callback
        if url is None or event not in call.request.status_events:
            return
        fields = {
            **call.fields(status),
            "Timestamp": rfc2822(self._clock.now()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            **more,
        }
        if event in {"ringing", "answered"} and call.request.to.startswith("+1"):
            fields["StirStatus"] = "A"  # caller's numbers are attested in North America only
        call.sequence += 1
        self._courier.notify(url, fields, call.request.to, call.nth, event, method=call.request.status_method)
