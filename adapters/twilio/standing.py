"""How we stand with the account: what closes it to orders, and how it is found to be open again."""

from datetime import timedelta

import structlog
from twilio.rest import Client

from adapters.clock import SystemClock
from adapters.twilio import breaker
from adapters.twilio.account import Health, KeySource, health_of
from adapters.twilio.breaker import Breaker
from adapters.twilio.errors import AnswerRefused, RequestFailed, reason, throttled
from dialer.errors import DialerError
from dialer.events import CallEvent, CallThrottled, CallUnsure
from dialer.orders import PlaceCall

_log = structlog.get_logger(__name__)


class Standing:
    """Holds the breaker of one account, feeds it, and looks at the account when its pause is over."""

    def __init__(self, client: Client, clock: SystemClock, key_source: KeySource) -> None:
        """Look through this client; its key is replaced by what `key_source` says at each look."""
        self._client, self._clock, self._key_source = client, clock, key_source
        self._breaker = Breaker()

    @property
    def closed(self) -> str | None:
        """Why no call is ordered, None while the account is in order."""
        return self._breaker.why

    def held(self, order: PlaceCall) -> CallThrottled:
        """Return the event that gives an order back unsent, with the seconds until one has a chance."""
        now, why = self._clock.now(), self.closed or "the account answers again"
        return throttled(order, now, detail=why, retry_after_s=breaker.left_s(self._breaker, now))

    def weigh(self, event: CallEvent) -> None:
        """Let the breaker know what one create came to."""
        now = self._clock.now()
        match event:
            case CallThrottled(detail=detail, retry_after_s=asked):
                pause = timedelta(seconds=asked or 0)
                self._turn(breaker.failed(self._breaker, now, detail, at_least=pause))
            case CallUnsure(detail=detail):
                self._turn(breaker.failed(self._breaker, now, detail))
            case _:
                self._turn(breaker.succeeded(self._breaker))

    def heed(self, failure: RequestFailed, event: str, **about: str) -> None:
        """Log a failed request without personal data; close the account when it says so."""
        if isinstance(failure, AnswerRefused) and failure.closes_account:
            why = f"the account is closed to us: {reason(failure)}"
            self._turn(breaker.tripped(self._breaker, self._clock.now(), why))
        _log.warning(event, reason=reason(failure), request_id=getattr(failure, "request_id", None), **about)

    def jam(self, why: str) -> None:
        """Order nothing more until a person has looked into it and started the program anew."""
        self._turn(breaker.jammed(self._breaker, why))

    async def look(self) -> None:
        """Look whether a closed account answers again, once its pause is over, and with the newest key there is."""
        if not breaker.may_probe(self._breaker, self._clock.now()):
            return
        self._breaker = breaker.probing(self._breaker, self._clock.now())
        found = await self._health()
        if found.authorised:
            self._turn(breaker.mended(self._breaker))
        else:
            _log.warning("carrier_probe_failed", reason=found.detail)
            self._turn(breaker.refuted(self._breaker, self._clock.now(), found.detail))

    async def _health(self) -> Health:
        try:
            keys = self._key_source()
        except (DialerError, OSError, ValueError) as failure:
            return Health(reachable=False, detail=f"no key to the account: {type(failure).__name__}")
        self._client.username, self._client.password = keys.key_sid, keys.key_secret
        self._client.auth = (keys.key_sid, keys.key_secret)
        return await health_of(self._client)

    def _turn(self, after: Breaker) -> None:
        before, self._breaker = self._breaker, after
        if after.why and after.why != before.why:
            _log.error("carrier_account_closed", reason=after.why, until=after.until)
        elif before.why and not after.why:
            _log.info("carrier_account_open_again", reason=before.why)
