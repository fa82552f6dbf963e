"""Calls to agents' own telephones through Twilio's API: order one once, ask what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from twilio.rest import Client

from adapters.clock import SystemClock
from adapters.twilio import translate
from adapters.twilio.errors import (
    GARBLED,
    AnswerRefused,
    NotSent,
    RequestFailed,
    reason,
)
from adapters.twilio.lookup import Lookup
from adapters.twilio.standing import Standing
from adapters.twilio.urls import Addresses, Door
from dialer.errors import CarrierSilent
from dialer.leg_events import LegEnded, LegEvent, LegNotPlaced, LegPlaced, LegRefused, LegRinging, LegUnsure
from dialer.legs import Leg
from dialer.orders import RingAgent

_log = structlog.get_logger(__name__)

_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]


class AgentCalls:
    """What `dialer.switchboard.Switchboard` asks for. No call is ever ordered twice."""

    def __init__(
        self, client: Client, addresses: Addresses, clock: SystemClock, *, standing: Standing, lookup: Lookup
    ) -> None:
        """Take what the carrier has at hand."""
        self._client, self._addresses, self._clock = client, addresses, clock
        self._standing, self._lookup = standing, lookup

    async def ring(self, order: RingAgent) -> LegEvent:
        """Call an agent once, never again: LegPlaced, LegRefused, LegNotPlaced or LegUnsure."""
        if self._standing.closed:
            await self._standing.look()
            return self._not_placed(order, self._standing.closed or "the account answers again")
        try:
            call = await self._client.calls.create_async(**self._terms(order))
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_ring_failed", agent=order.agent)
            return self._meaning(failure, order)
        except GARBLED as failure:
            return self._unsure(order, f"garbled answer: {type(failure).__name__}")
        if not isinstance(call.sid, str) or not call.sid:
            return self._unsure(order, "an answer without a sid")
        if order.to.startswith("+") and call.to not in {None, order.to}:
            # Somebody else's phone rings: end that, and no further call until a person has looked into it.
            self._standing.jam("the carrier echoed another number than the one ordered")
            await self._end(call.sid)
            return self._unsure(order, "the carrier echoed another number")
        self._lookup.learn(call.sid, order.leg)
        return LegPlaced(key=f"{call.sid}:leg:placed", **_head(order, self._clock.now()), reference=call.sid)

    async def ask(self, leg: Leg, *, known: Collection[str] = ()) -> Sequence[LegEvent]:
        """Return what brings a silent call to an agent up to date; none when Twilio knows of no such call.

        Raises CarrierSilent when Twilio could not be asked.
        """
        try:
            record = await self._lookup.find(leg, known)
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_ask_failed", leg=leg.id)
            raise CarrierSilent(reason(failure)) from failure
        except GARBLED as failure:
            raise CarrierSilent(type(failure).__name__) from failure
        if record is None:
            return ()
        head: dict[str, Any] = {"at": self._clock.now(), "agent": leg.agent, "leg": leg.id}
        sid = record.sid
        placed = LegPlaced(key=f"{sid}:leg:placed", reference=sid, **head)
        if record.status in translate.ENDINGS:
            return (placed, LegEnded(key=f"{sid}:leg:ended", reference=sid, **head))
        if record.status == "ringing":
            return (placed, LegRinging(key=f"{sid}:leg:ringing", reference=sid, **head))
        return (placed,)

    async def has_ended(self, reference: str) -> bool:
        """Tell whether Twilio says that a line's call is over; a call it does not know proves nothing.

        Raises CarrierSilent when Twilio could not be asked.
        """
        try:
            record = await self._lookup.fetch(reference)
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_ask_failed", reference=reference)
            raise CarrierSilent(reason(failure)) from failure
        except GARBLED as failure:
            raise CarrierSilent(type(failure).__name__) from failure
        return record is not None and record.status in translate.ENDINGS

    async def _end(self, sid: str) -> None:
        try:
            await self._client.calls(sid).update_async(status="completed")
        except (RequestFailed, *GARBLED) as failure:
            _log.error("carrier_hang_up_failed", reference=sid, reason=type(failure).__name__)

    def _terms(self, order: RingAgent) -> dict[str, Any]:
        def door(which: Door) -> str:
            return self._addresses.leg(order.leg, order.nonce, which)

        return {
            "to": order.to,
            "from_": order.caller_id,
            "url": door(Door.ANSWER),
            "method": "POST",
            "status_callback": door(Door.STATUS),
            "status_callback_method": "POST",
            "status_callback_event": _EVENTS,
            "timeout": order.ring_limit_s,
            "time_limit": order.call_limit_s,
        }

    def _meaning(self, failure: RequestFailed, order: RingAgent) -> LegEvent:
        match failure:
            case NotSent():
                return self._not_placed(order, reason(failure))
            case AnswerRefused() if failure.is_throttle:
                return self._not_placed(order, failure.name)
            case AnswerRefused() if failure.is_final:
                key = f"{order.leg}:refused"
                return LegRefused(key=key, **_head(order, self._clock.now()), code=failure.name)
            case _:
                return self._unsure(order, reason(failure))

    def _not_placed(self, order: RingAgent, detail: str) -> LegNotPlaced:
        return LegNotPlaced(key=f"{order.leg}:dropped", **_head(order, self._clock.now()), detail=detail)

    def _unsure(self, order: RingAgent, detail: str) -> LegUnsure:
        return LegUnsure(key=f"{order.leg}:unsure", **_head(order, self._clock.now()), detail=detail)


def _head(order: RingAgent, at: datetime) -> dict[str, Any]:
    return {"at": at, "agent": order.agent, "leg": order.leg}
