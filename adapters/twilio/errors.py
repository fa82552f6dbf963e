"""What can go wrong on the way to Twilio and back, and what each failure says about the order."""

import re
from datetime import datetime
from typing import Final

from twilio.base.exceptions import TwilioException

from dialer.errors import DialerError
from dialer.events import CallRejected, CallThrottled, CallUnsure
from dialer.orders import PlaceCall

GARBLED: Final = (TwilioException, ValueError, TypeError, AttributeError, KeyError, OverflowError)
"""What Twilio's library raises on a 2xx whose JSON has other types than it should: it trusts every field."""

BAD_NUMBERS: Final = frozenset({13225, 13226, 21201, 21202, 21211, 21216, 21217, 32203})
"""The number itself is at fault: malformed, premium, or on a blocklist (facts: Twilio's error-code list)."""

BAD_CALLERS: Final = frozenset({21210, 21212, 32017})
"""The number that was to be shown is not ours, not to be shown, or blocked for its reputation: it has to rest."""

CLOSED_ACCOUNT: Final = frozenset({10001, 20003, 20005, 20403})
"""Wrong credentials, or an account that is not active: every further order would be refused as well."""

TOO_MUCH: Final = frozenset({10004, 20429, 22005})
"""Too many calls, requests or hours of queue: the order was not taken, and may be given again later."""

ALREADY_OVER: Final = frozenset({20404, 21220})
"""Nothing to hang up: no such call, or not in a state to be ended."""

NO_CUSTOMER_PROFILE: Final = 21216
"""Besides the blocklist: a call to +1 from an account without a primary customer profile."""

_DIGITS = re.compile(r"\+?\d{6,}")


class CarrierMisconfigured(DialerError):
    """The carrier's settings cannot work."""


class RequestFailed(Exception):
    """A request that brought no usable answer."""


class NotSent(RequestFailed):
    """No byte left us: the connection was refused, or never came about."""


class AnswerLost(RequestFailed):
    """The request may have arrived; its answer did not, or made no sense."""


class AnswerRefused(RequestFailed):
    """Twilio answered, and not with 2xx. `code` is Twilio's own, None when the answer was not Twilio's."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: int | None = None,
        retry_after_s: float | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code
        self.retry_after_s, self.request_id = retry_after_s, request_id

    @property
    def name(self) -> str:
        """Twilio's code, or the HTTP status when there is none."""
        return str(self.code) if self.code else f"http-{self.status}"

    @property
    def is_final(self) -> bool:
        """Whether the request was surely not carried out.

        A 408 comes from something in between that gave up on one side: the other side may have acted.
        """
        return 400 <= self.status < 500 and self.status != 408

    @property
    def is_throttle(self) -> bool:
        """Whether the same request may be sent again later."""
        return self.is_final and (self.status == 429 or self.code in TOO_MUCH)

    @property
    def closes_account(self) -> bool:
        """Whether no request of ours has a chance until somebody sees to the account."""
        return self.status in {401, 403} or (self.is_final and self.code in CLOSED_ACCOUNT)


def meaning(
    failure: RequestFailed, order: PlaceCall, at: datetime
) -> CallRejected | CallThrottled | CallUnsure:
    """Return what a failed create says of the call: surely refused, surely not taken, or nobody knows.

    A create is not idempotent, so whatever is not surely one of the first two is unsure (facts: 20500, 20429).
    """
    match failure:
        case NotSent():
            return throttled(order, at, detail=str(failure))
        case AnswerRefused() if failure.is_throttle:
            return throttled(order, at, detail=failure.name, retry_after_s=failure.retry_after_s)
        case AnswerRefused() if failure.is_final:
            return CallRejected(
                key=f"{order.attempt}:rejected",
                at=at,
                attempt=order.attempt,
                code=failure.name,
                # Twilio quotes the number in its message; an append-only ledger is no place for it.
                detail=_DIGITS.sub("#", failure.message),
                permanent=_is_number_at_fault(failure, order),
                caller_at_fault=failure.code in BAD_CALLERS,
            )
        case AnswerRefused():
            return unsure(order, at, detail=failure.name)
        case _:
            return unsure(order, at, detail=str(failure))


def throttled(
    order: PlaceCall, at: datetime, *, detail: str, retry_after_s: float | None = None
) -> CallThrottled:
    """Return the event that gives the slot back."""
    return CallThrottled(
        key=f"{order.attempt}:throttled",
        at=at,
        attempt=order.attempt,
        detail=detail,
        retry_after_s=retry_after_s,
    )


def unsure(order: PlaceCall, at: datetime, *, detail: str) -> CallUnsure:
    """Return the event that keeps the number locked."""
    return CallUnsure(key=f"{order.attempt}:unsure", at=at, attempt=order.attempt, detail=detail)


def _is_number_at_fault(failure: AnswerRefused, order: PlaceCall) -> bool:
    if failure.code == NO_CUSTOMER_PROFILE and order.to.startswith("+1"):
        return False
    return failure.code in BAD_NUMBERS
