"""Supervisors' lines through Twilio's API: called into a room, muted, coaching or open there, and ended."""

from typing import Any, Final

from twilio.rest import Client

from adapters.clock import SystemClock
from adapters.twilio import labels
from adapters.twilio.errors import GARBLED, RequestFailed, reason
from adapters.twilio.live import Gone, LiveLegs, meant
from adapters.twilio.standing import Standing
from dialer.line_events import Said
from dialer.line_orders import CallListener, TuneListener, heard
from dialer.listen_events import ListenAnswered
from dialer.listening import RING, Mode

_RING_S: Final = int(RING.total_seconds()) - 5
"""Twilio rings five seconds longer than it is told."""


class Ears:
    """Carries out orders about supervisors' lines; none is given twice."""

    def __init__(self, client: Client, legs: LiveLegs, clock: SystemClock, standing: Standing) -> None:
        """Speak through this client, and find rooms and agents' legs as `legs` does."""
        self._client, self._legs, self._clock, self._standing = client, legs, clock, standing

    async def direct(self, order: CallListener | TuneListener) -> ListenAnswered:
        """Carry out one order, and say what came of it."""
        said, leg, detail = Said.DONE, "", ""
        try:
            leg = await (self._call(order) if isinstance(order, CallListener) else self._tune(order))
        except Gone as gone:
            said, detail = Said.GONE, str(gone)
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_listener_failed", attempt=order.attempt)
            said, detail = meant(failure), reason(failure)
        except GARBLED as failure:
            said, detail = Said.UNSURE, type(failure).__name__
        return heard(order, said, self._clock.now(), leg=leg, detail=detail)

    async def _call(self, order: CallListener) -> str:
        """Dial the supervisor into a room that goes on; their coming and going neither begins nor ends it."""
        conference = await self._legs.conference(order.room)
        if conference is None:
            raise Gone("there is no such room")
        leg = await self._client.conferences(conference).participants.create_async(
            from_=order.caller_id,
            to=order.line,
            label=labels.of_listener(order.supervisor, order.nonce),
            timeout=_RING_S,
            beep="false",
            early_media=False,
            jitter_buffer_size="small",
            start_conference_on_enter=False,
            end_conference_on_exit=False,
            **await self._part(order),
        )
        return str(leg.call_sid)

    async def _tune(self, order: TuneListener) -> str:
        conference = await self._legs.conference(order.room)
        if conference is None:
            raise Gone("there is no such room")
        leg = self._client.conferences(conference).participants(order.leg)
        await leg.update_async(**await self._part(order))
        return order.leg

    async def _part(self, order: CallListener | TuneListener) -> dict[str, Any]:
        """Return how the line takes part. Who whispers is heard by the agent's newest leg alone."""
        if order.mode is not Mode.WHISPER:
            return {"muted": order.mode is Mode.LISTEN, "coaching": False}
        legs = await self._legs.legs_of(order.agent, order.room)
        if not legs:
            raise Gone("the agent's line is not in their room")
        return {"muted": False, "coaching": True, "call_sid_to_coach": legs[-1]}
