"""Calls through Twilio's API: dial once, hang up, ask what became of a call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.clock import SystemClock
from adapters.twilio import translate, voice
from adapters.twilio.errors import (
    ALREADY_OVER,
    GARBLED,
    AnswerLost,
    AnswerRefused,
    CarrierMisconfigured,
    RequestFailed,
    meaning,
    throttled,
    unsure,
)
from adapters.twilio.http import HttpxTransport
from adapters.twilio.lookup import Lookup
from adapters.twilio.urls import Addresses, Door
from dialer.attempt import Attempt
from dialer.errors import CarrierSilent
from dialer.events import CallEvent
from dialer.orders import HangUp, Hearing, LeaveMessage, PlaceCall
from dialer.settings import CarrierSettings

_log = structlog.get_logger(__name__)

_CALL_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]
_RECORDING_EVENTS: Final = ["completed", "absent"]
_CLOSED_S: Final = 300.0
_HANG_UP_PAUSES_S: Final = (0.5, 2.0)
# A region without an edge (`api.jp1.twilio.com`) stopped working on 28 April 2026 (facts §0.10).
_RETIRED_HOST = re.compile(r"api\.[a-z]+\d\.twilio\.com")
# Without an environment of its own the library reads TWILIO_EDGE and TWILIO_REGION and rewrites our host with them.
_NO_ENVIRONMENT: Final = {"TWILIO": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An API key and its secret (or the account's sid and token)."""

    key_sid: str
    key_secret: str = field(repr=False)


def egress_of(base_url: str) -> str | None:
    """Return the edge that callbacks are to leave from, None when the carrier is not Twilio itself."""
    return "tokyo" if (urlsplit(base_url).hostname or "").endswith(".twilio.com") else None


class TwilioCarrier:
    """A Carrier that speaks Twilio's API at `settings.base_url`. No call is ever ordered twice."""

    def __init__(
        self,
        settings: CarrierSettings,
        credentials: Credentials,
        *,
        public_url: str,
        clock: SystemClock,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Raise CarrierMisconfigured when these settings cannot work; `wire` stands in for the network."""
        _check(settings)
        self._addresses = Addresses(public_url=public_url, egress=egress_of(settings.base_url))
        self._clock = clock
        self._closed: str | None = None
        self._transport = HttpxTransport(settings, wire=wire)
        self._client = Client(
            username=credentials.key_sid,
            password=credentials.key_secret,
            account_sid=settings.account_sid,
            http_client=self._transport,
            environment=dict(_NO_ENVIRONMENT),
        )
        self._client.api.base_url = settings.base_url.rstrip("/")
        self._lookup = Lookup(self._client)

    @property
    def closed(self) -> str | None:
        """Why no call is ordered any more, None while the account is in order."""
        return self._closed

    def reset(self) -> None:
        """Order calls again, once somebody has seen to the account."""
        self._closed = None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()

    async def place(self, order: PlaceCall) -> CallEvent:
        """Dial once, never again: CallPlaced, CallRejected, CallThrottled or CallUnsure."""
        if self._closed:
            return throttled(order, self._clock.now(), detail=self._closed, retry_after_s=_CLOSED_S)
        try:
            call = await self._client.calls.create_async(**self._terms(order))
        except RequestFailed as failure:
            self._heed(failure, "carrier_create_failed")
            return meaning(failure, order, self._clock.now())
        except GARBLED as failure:
            return unsure(order, self._clock.now(), detail=f"garbled answer: {type(failure).__name__}")
        return self._placed(call, order)

    async def hang_up(self, order: HangUp) -> None:
        """End a call, queued, ringing or talking. Unlike a create this may be repeated, and is, twice.

        `canceled` would spare a call that is picked up in the same moment; `completed` ends it in every state.
        """
        for pause_s in (*_HANG_UP_PAUSES_S, None):
            failure = await self._try_hang_up(order)
            if failure is None:
                return
            if pause_s is None or (isinstance(failure, AnswerRefused) and not _may_pass(failure)):
                _log.error("carrier_hang_up_failed", attempt=order.attempt, reason=_reason(failure))
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

    async def ask(self, attempt: Attempt) -> Sequence[CallEvent]:
        """Return the events that bring a silent attempt up to date, in order; none when Twilio knows of no such call.

        Raises CarrierSilent when Twilio could not be asked.
        """
        try:
            record = await self._lookup.find(attempt)
        except RequestFailed as failure:
            self._heed(failure, "carrier_ask_failed")
            raise CarrierSilent(_reason(failure)) from failure
        except GARBLED as failure:
            _log.warning("carrier_answer_garbled", attempt=attempt.id, reason=type(failure).__name__)
            raise CarrierSilent(type(failure).__name__) from failure
        return translate.of_record(record, attempt.id, self._clock.now()) if record else ()

    def _terms(self, order: PlaceCall) -> dict[str, Any]:
        def door(which: Door) -> str:
            return self._addresses.call(order.attempt, order.nonce, which)

        terms: dict[str, Any] = {
            "to": order.to,
            "from_": order.caller_id,
            "url": door(Door.ANSWER),
            "method": "POST",
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
        if order.fallback_url:
            terms |= {"fallback_url": order.fallback_url, "fallback_method": "POST"}
        return terms

    def _placed(self, call: CallInstance, order: PlaceCall) -> CallEvent:
        at = self._clock.now()
        if not isinstance(call.sid, str) or not call.sid:
            return unsure(order, at, detail="an answer without a sid")
        if call.to is not None and call.to != order.to:
            # Somebody else's phone rings. No further call until a person has looked into it.
            self._shut("the carrier echoed another number than the one ordered")
            return unsure(order, at, detail="the carrier echoed another number")
        return translate.placed(call.sid, order.attempt, at)

    async def _try_hang_up(self, order: HangUp) -> RequestFailed | None:
        try:
            await self._client.calls(order.reference).update_async(status="completed")
        except RequestFailed as failure:
            if isinstance(failure, AnswerRefused) and failure.code in ALREADY_OVER:
                return None
            self._heed(failure, "carrier_hang_up_refused")
            return failure
        except GARBLED as failure:
            return AnswerLost(type(failure).__name__)
        return None

    def _heed(self, failure: RequestFailed, event: str) -> None:
        """Log a failed request without personal data; close the account when it says so."""
        if isinstance(failure, AnswerRefused) and failure.closes_account:
            self._shut(f"the account is closed to us: {_reason(failure)}")
        _log.warning(event, reason=_reason(failure), request_id=getattr(failure, "request_id", None))

    def _shut(self, why: str) -> None:
        self._closed = why
        _log.error("carrier_account_closed", reason=why)


def _check(settings: CarrierSettings) -> None:
    host = urlsplit(settings.base_url).hostname or ""
    if _RETIRED_HOST.fullmatch(host):
        raise CarrierMisconfigured(
            f"carrier.base_url: {host} is retired; write https://api.tokyo.jp1.twilio.com"
        )
    if not host or not settings.account_sid:
        raise CarrierMisconfigured("carrier: base_url and account_sid are both needed")


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


def _reason(failure: RequestFailed) -> str:
    return failure.name if isinstance(failure, AnswerRefused) else f"{type(failure).__name__} {failure}"
