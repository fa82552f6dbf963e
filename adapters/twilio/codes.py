"""Twilio's error codes, each with whose fault it is; what they say is documented at `citation(code)`."""

from typing import Final

from dialer.events import Fault

_NUMBER, _CALLER, _ACCOUNT = Fault.NUMBER, Fault.CALLER, Fault.ACCOUNT
_CONFIGURATION, _COUNTRY = Fault.CONFIGURATION, Fault.COUNTRY
_TRANSIENT, _UNKNOWN = Fault.TRANSIENT, Fault.UNKNOWN

CODES: Final[dict[int, tuple[Fault, str]]] = {
    # The account, its keys, its limits.
    10001: (_ACCOUNT, "the account is not active"),
    10004: (_TRANSIENT, "too many calls at once"),
    20003: (_ACCOUNT, "wrong or revoked credentials"),
    20005: (_ACCOUNT, "the account is not active"),
    20403: (_ACCOUNT, "the account may not do this"),
    20429: (_TRANSIENT, "too many requests at once"),
    22005: (_TRANSIENT, "more than 24 hours of calls are queued"),
    # The request itself: the same for everybody on the list.
    20001: (_CONFIGURATION, "an unknown parameter"),
    20009: (_TRANSIENT, "the call is not over yet"),
    20404: (_CONFIGURATION, "no such resource; to a create: no such account at this address"),
    20422: (_CONFIGURATION, "an invalid parameter"),
    20500: (_TRANSIENT, "Twilio failed, perhaps after it took the call"),
    20503: (_TRANSIENT, "Twilio is not available, perhaps after it took the call"),
    21200: (_CONFIGURATION, "no source of instructions"),
    21205: (_CONFIGURATION, "invalid Url"),
    21206: (_CONFIGURATION, "invalid SendDigits"),
    21207: (_CONFIGURATION, "invalid IfMachine"),
    21208: (_CONFIGURATION, "invalid Timeout"),
    21209: (_CONFIGURATION, "invalid Method"),
    21218: (_CONFIGURATION, "invalid ApplicationSid"),
    21219: (_CONFIGURATION, "a trial account calls verified numbers only"),
    21220: (_TRANSIENT, "the call is in another state: a race"),
    21262: (_CONFIGURATION, "machine detection without a callback"),
    21263: (_CONFIGURATION, "invalid machine detection parameters"),
    # Who is called.
    13225: (_NUMBER, "the number is blocked"),
    21201: (_NUMBER, "no To"),
    21202: (_NUMBER, "To is a premium number"),
    21211: (_NUMBER, "To is malformed, or is From"),
    21214: (_TRANSIENT, "To cannot be reached"),
    21216: (_NUMBER, "To is blocked"),
    21217: (_NUMBER, "To is no telephone number"),
    32203: (_NUMBER, "the number is blocked"),
    # Where they are.
    13227: (_COUNTRY, "no permission to call this country"),
    21203: (_COUNTRY, "no permission to call this country"),
    21215: (_COUNTRY, "no permission to call this country"),
    # Who calls.
    13247: (_CALLER, "From is invalid, or on the do-not-originate list"),
    21210: (_CALLER, "From is not verified"),
    21212: (_CALLER, "From is invalid"),
    21213: (_CALLER, "no From"),
    32017: (_CALLER, "the caller id was blocked for its reputation"),
    # <Dial> and <Conference>: they come as the ErrorCode of a callback, or in the console's log.
    13223: (_NUMBER, "<Dial>: malformed number"),
    13224: (_NUMBER, "<Dial>: unsupported number"),
    13226: (_NUMBER, "<Dial>: no such country code"),
    13230: (_CONFIGURATION, "<Conference>: invalid muted"),
    13231: (_CONFIGURATION, "<Conference>: invalid endConferenceOnExit"),
    13232: (_CONFIGURATION, "<Conference>: invalid startConferenceOnEnter"),
    13233: (_CONFIGURATION, "<Conference>: invalid waitUrl"),
    13234: (_CONFIGURATION, "<Conference>: invalid waitMethod"),
    13235: (_CONFIGURATION, "<Conference>: invalid beep"),
    13236: (_CONFIGURATION, "<Conference>: no such conference"),
    13237: (_CONFIGURATION, "<Conference>: invalid name"),
    13238: (_CONFIGURATION, "<Conference>: a verb that waitUrl may not have"),
    13239: (_CONFIGURATION, "<Conference>: invalid trim"),
    13240: (_CONFIGURATION, "<Conference>: invalid participant to whisper to"),
    16020: (_TRANSIENT, "the conference is full"),
    16021: (_TRANSIENT, "too many conferences at once"),
    16025: (_CONFIGURATION, "two participants with one label: the second does not join"),
    # Our own doors, as Twilio meets them.
    11200: (_CONFIGURATION, "our webhook could not be fetched"),
    11205: (_CONFIGURATION, "our webhook could not be connected to"),
    11210: (_CONFIGURATION, "our webhook's host is not known"),
    11215: (_CONFIGURATION, "our webhook redirects too often"),
    11220: (_CONFIGURATION, "our webhook's TLS failed"),
    11235: (_CONFIGURATION, "our webhook's certificate is not trusted"),
    11237: (_CONFIGURATION, "our webhook's certificate chain is not trusted"),
    11750: (_CONFIGURATION, "our answer is larger than 64 kB"),
    12100: (_CONFIGURATION, "our answer is no XML"),
    12200: (_CONFIGURATION, "our answer breaks the schema"),
    12300: (_CONFIGURATION, "our answer has another content type"),
    15003: (_CONFIGURATION, "our status callback answered 4xx or 5xx"),
    # Of text messages: they say nothing about a call.
    21608: (_UNKNOWN, "text messages only: the number is not verified"),
    21610: (_UNKNOWN, "text messages only: the person wrote STOP"),
    21614: (_UNKNOWN, "text messages only: not a mobile number"),
}
"""Code → whose fault it is, and what it says."""

CLOSED_ACCOUNT: Final = frozenset({10001, 20003, 20005, 20403})
"""Wrong credentials, or an account that is not active: every further order would be refused as well."""

TOO_MUCH: Final = frozenset({10004, 20429, 22005})
"""Too many calls, requests or hours of queue: the order was not taken, and may be given again later."""

DOUBTFUL: Final = frozenset({20500, 20503})
"""Under whatever status they come: Twilio may have taken the order first (docs/api/errors/20500)."""

ALREADY_OVER: Final = frozenset({20404, 21220})
"""Nothing to hang up: no such call, or not in a state to be ended."""

NO_CUSTOMER_PROFILE: Final = 21216
"""Besides the blocklist: a call to +1 from an account without a primary customer profile."""

NO_SUCH_RESOURCE: Final = 20404
"""Twilio's own word that it knows no such call; a 404 without it comes from something in between."""


def fault_of(code: int | None) -> Fault:
    """Return whose fault a refusal with Twilio's `code` is, UNKNOWN for a code that is not in the table."""
    return CODES[code][0] if code in CODES else Fault.UNKNOWN


def citation(code: int) -> str:
    """Return where Twilio documents a code."""
    return f"https://www.twilio.com/docs/api/errors/{code}"
