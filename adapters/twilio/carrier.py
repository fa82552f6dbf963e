"""Calls through Twilio's API: dial once, hang up, ask what became of a call."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import httpx
import structlog
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.clock import SystemClock
from adapters.twilio import hosts, translate, voice
from adapters.twilio.account import Credentials as Credentials  # noqa: PLC0414 (who makes a carrier needs it too)
from adapters.twilio.account import Health, KeySource, OwnNumber, health_of, numbers_of
from adapters.twilio.agent_calls import AgentCalls
from adapters.twilio.codes import ALREADY_OVER
from adapters.twilio.ears import Ears
from adapters.twilio.errors import (
    GARBLED,
    AnswerLost,
    AnswerRefused,
    RequestFailed,
    meaning,
    reason,
    unsure,
)
from adapters.twilio.history import History, PastCall
from adapters.twilio.hosts import egress_of as egress_of  # noqa: PLC0414 (the same)
from adapters.twilio.http import HttpxTransport
from adapters.twilio.live import LiveLegs
from adapters.twilio.lookup import Lookup
from adapters.twilio.standing import Standing
from adapters.twilio.urls import Addresses, Door
from dialer.attempt import Attempt
from dialer.errors import CarrierSilent
from dialer.events import CallEvent
from dialer.line_events import LineAnswered
from dialer.line_orders import CallListener, EarWork, EndListener, LineWork, TuneListener
from dialer.listen_events import ListenAnswered
from dialer.orders import HangUp, Hearing, LeaveMessage, PlaceCall
from dialer.settings import CarrierSettings

_log = structlog.get_logger(__name__)

_CALL_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]
_RECORDING_EVENTS: Final = ["completed", "absent"]
_HANG_UP_PAUSES_S: Final = (0.5, 2.0)
# Without an environment of its own the library reads TWILIO_EDGE and TWILIO_REGION and rewrites our host with them.
_NO_ENVIRONMENT: Final = {"TWILIO": ""}


class TwilioCarrier:
    """A Carrier that speaks Twilio's API at `settings.base_url`. No call is ever ordered twice."""

    def __init__(
        self,
        settings: CarrierSettings,
        credentials: Credentials | KeySource,
        *,
        public_url: str,
        clock: SystemClock,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Raise CarrierMisconfigured when these settings cannot work; `wire` stands in for the network."""
        hosts.check(settings)
        self._addresses = Addresses(public_url=public_url, egress=egress_of(settings.base_url))
        self._clock = clock
        self._transport = HttpxTransport(settings, wire=wire)
        key_source = credentials if callable(credentials) else lambda: credentials
        keys = key_source()
        self._client = Client(
            username=keys.key_sid,
            password=keys.key_secret,
            account_sid=settings.account_sid,
            http_client=self._transport,
            environment=dict(_NO_ENVIRONMENT),
        )
        self._client.api.base_url = settings.base_url.rstrip("/")
        self._lookup = Lookup(self._client)
        self._standing = Standing(self._client, clock, key_source)
        self._legs = LiveLegs(self._client, self._addresses, clock, self._standing)
        self._ears = Ears(self._client, self._legs, clock, self._standing)
        self.agent_calls = AgentCalls(
            self._client, self._addresses, clock, standing=self._standing, lookup=self._lookup
        )

    @property
    def closed(self) -> str | None:
        """Why no call is ordered for the time being, None while the account is in order."""
        return self._standing.closed

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()

    async def place(self, order: PlaceCall) -> CallEvent:
        """Dial once, never again: CallPlaced, CallRejected, CallThrottled or CallUnsure."""
        if self._standing.closed:
            # Looking takes time, and what permitted this call may be gone by then: the next order is judged anew.
            await self._standing.look()
            return self._standing.held(order)
        try:
            call = await self._client.calls.create_async(**self._terms(order))
        except RequestFailed as failure:
            self._standing.heed(failure, "carrier_create_failed")
            event: CallEvent = meaning(failure, order, self._clock.now())
        except GARBLED as failure:
            event = unsure(order, self._clock.now(), detail=f"garbled answer: {type(failure).__name__}")
        else:
            event = await self._placed(call, order)
        self._standing.weigh(event)
        return event

    async def hang_up(self, order: HangUp) -> None:
        """End a call, queued, ringing or talking. Unlike a create this may be repeated, and is, twice.

        `canceled` would spare a call that is picked up in the same moment; `completed` ends it in every state.
        """
        for pause_s in (*_HANG_UP_PAUSES_S, None):
            failure = await self._try_hang_up(order)
            if failure is None:
                return
            if pause_s is None or (isinstance(failure, AnswerRefused) and not _may_pass(failure)):
                _log.error("carrier_hang_up_failed", attempt=order.attempt, reason=reason(failure))
                return
            await self._clock.wait(pause_s)

    async def leave(self, order: LeaveMessage) -> None:
        """Say a message to a machine and hang up; when Twilio does not take it, end the call.

        The words ride in the request itself: a machine that has beeped waits for nobody.
        """
        end = HangUp(attempt=order.attempt, reference=order.reference)
        try:
            await self._client.calls(order.reference).update_async(twiml=voice.message(order.message))
        except (RequestFailed, *GARBLED) as failure:
            # Perhaps it is being said all the same: a message cut short is better than a line left open.
            _log.warning("carrier_leave_failed", attempt=order.attempt, reason=type(failure).__name__)
            await self.hang_up(end)

    async def direct(self, order: LineWork | EarWork) -> LineAnswered | ListenAnswered | None:
        """Do something with the legs of a live call."""
        if isinstance(order, EndListener):
            await self.hang_up(HangUp(attempt=order.attempt, reference=order.leg))
            return None
        if isinstance(order, CallListener | TuneListener):
            return await self._ears.direct(order)
        return await self._legs.direct(order)

    async def ask(self, attempt: Attempt, *, known: Collection[str] = ()) -> Sequence[CallEvent]:
        """Return the events that bring a silent attempt up to date, in order; none when Twilio knows of no such call.

        `known` are references of other attempts' calls, which are never taken for this one's. Raises CarrierSilent
        when Twilio could not be asked.
        """
        await self._standing.look()
        with self._asking("carrier_ask_failed", attempt=attempt.id):
            record = await self._lookup.find(attempt, known)
        return translate.of_record(record, attempt.id, self._clock.now()) if record else ()

    async def made_since(self, instant: datetime) -> Sequence[PastCall]:
        """Return every call that the account made since an instant. Raises CarrierSilent when it could not be asked."""
        with self._asking("carrier_history_failed"):
            return await History(self._client).since(instant)

    async def price(self, reference: str) -> tuple[Decimal, str] | None:
        """Return what a call cost and in which currency (ISO 4217); None while Twilio has not said.

        Twilio prices a call some time after its end. Raises CarrierSilent when it could not be asked.
        """
        with self._asking("carrier_price_failed", reference=reference):
            record = await self._lookup.fetch(reference)
        return translate.cost_of(record) if record else None

    async def health(self) -> Health:
        """Look whether the account answers, without ringing anybody. Raises nothing."""
        return await health_of(self._client)

    async def numbers(self) -> Sequence[OwnNumber]:
        """Return the account's own numbers. Raises CarrierSilent when Twilio could not be asked."""
        with self._asking("carrier_numbers_failed"):
            return await numbers_of(self._client)

    def _terms(self, order: PlaceCall) -> dict[str, Any]:
        def door(which: Door) -> str:
            return self._addresses.call(order.attempt, order.nonce, which)

        terms: dict[str, Any] = {
            "to": order.to,
            "from_": order.caller_id,
            "url": door(Door.ANSWER),
            "method": "POST",
            "fallback_url": order.fallback_url or door(Door.FALLBACK),
            "fallback_method": "POST",
            "status_callback": door(Door.STATUS),
            "status_callback_method": "POST",
            "status_callback_event": _CALL_EVENTS,
            "timeout": order.ring_limit_s,
            "time_limit": order.call_limit_s,
        }
        if order.detect_machine:
            terms |= {
                **_listening(order.hearing),
                "async_amd": "true",  # the library would send a bool as "True", which Twilio does not know
                "async_amd_status_callback": door(Door.SCREENED),
                "async_amd_status_callback_method": "POST",
            }
        if order.record:
            terms |= {
                "record": True,
                "recording_channels": "dual",
                "recording_status_callback": door(Door.RECORDING),
                "recording_status_callback_method": "POST",
                "recording_status_callback_event": _RECORDING_EVENTS,
            }
        if order.reason:
            terms["call_reason"] = order.reason
        return terms

    async def _placed(self, call: CallInstance, order: PlaceCall) -> CallEvent:
        at = self._clock.now()
        if not isinstance(call.sid, str) or not call.sid:
            return unsure(order, at, detail="an answer without a sid")
        if call.to is not None and call.to != order.to:
            # Somebody else's phone rings: end that, and no further call until a person has looked into it.
            self._standing.jam("the carrier echoed another number than the one ordered")
            await self.hang_up(HangUp(attempt=order.attempt, reference=call.sid))
            return unsure(order, at, detail="the carrier echoed another number")
        self._lookup.learn(call.sid, order.attempt)
        return translate.placed(call.sid, order.attempt, at)

    async def _try_hang_up(self, order: HangUp) -> RequestFailed | None:
        try:
            await self._client.calls(order.reference).update_async(status="completed")
        except RequestFailed as failure:
            if isinstance(failure, AnswerRefused) and failure.code in ALREADY_OVER:
                return None
            self._standing.heed(failure, "carrier_hang_up_refused")
            return failure
        except GARBLED as failure:
            return AnswerLost(type(failure).__name__)
        return None

    @contextmanager
    def _asking(self, event: str, **about: str) -> Iterator[None]:
        """Turn whatever a question can meet into CarrierSilent: no answer proves nothing."""
        try:
            yield
        except RequestFailed as failure:
            self._standing.heed(failure, event, **about)
            raise CarrierSilent(reason(failure)) from failure
        except GARBLED as failure:
            _log.warning("carrier_answer_garbled", reason=type(failure).__name__, **about)
            raise CarrierSilent(type(failure).__name__) from failure


def _listening(hearing: Hearing) -> dict[str, Any]:
    """Return how Twilio is to tell machines; the library leaves out what is None, and Twilio takes its own."""
    return {
        "machine_detection": "DetectMessageEnd" if hearing.to_the_end else "Enable",
        "machine_detection_timeout": hearing.timeout_s,
        "machine_detection_speech_threshold": hearing.speech_threshold,
        "machine_detection_speech_end_threshold": hearing.speech_end_threshold,
        "machine_detection_silence_timeout": hearing.silence_timeout,
    }


def _may_pass(failure: AnswerRefused) -> bool:
    return failure.is_throttle or not failure.is_final
