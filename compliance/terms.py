"""The law's words: channel, purpose, technology, line type, decision, reason code."""

from enum import StrEnum


class Channel(StrEnum):
    """How a person is approached."""

    VOICE = "voice"
    EMAIL = "email"
    SMS = "sms"


class Purpose(StrEnum):
    """Why a person is approached; most rules bind sales only."""

    SALES = "sales"
    SERVICE = "service"
    SURVEY = "survey"


class Technology(StrEnum):
    """What selects and dials the number."""

    MANUAL = "manual"
    PREVIEW = "preview"
    PROGRESSIVE = "progressive"
    RATIO = "ratio"
    PREDICTIVE = "predictive"
    PRERECORDED = "prerecorded"
    AI_VOICE = "ai_voice"


class Party(StrEnum):
    """Who is approached: most do-not-call law protects consumers only."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class LineType(StrEnum):
    """What kind of line a number is, as far as the number plan tells."""

    MOBILE = "mobile"
    FIXED = "fixed"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    VOIP = "voip"
    PERSONAL = "personal"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    OTHER = "other"


class Profile(StrEnum):
    """How strictly a rulebook is read; *recommended* only ever tightens *statutory*."""

    STATUTORY = "statutory"
    RECOMMENDED = "recommended"


class Decision(StrEnum):
    """What a verdict decides."""

    ALLOW = "ALLOW"
    ALLOW_WITH = "ALLOW_WITH"
    DEFER = "DEFER"
    DENY = "DENY"
    REVIEW = "REVIEW"


class ReasonCode(StrEnum):
    """Why a contact, a campaign or a pace was not allowed; the codes an officer filters and counts by."""

    ABANDON_RATE = "ABANDON_RATE"
    ATTEMPT_CAP_24H = "ATTEMPT_CAP_24H"
    ATTEMPT_CAP_30D = "ATTEMPT_CAP_30D"
    ATTEMPT_CAP_CAMPAIGN = "ATTEMPT_CAP_CAMPAIGN"
    ATTEMPT_CAP_DAY = "ATTEMPT_CAP_DAY"
    ATTEMPT_CAP_WEEK = "ATTEMPT_CAP_WEEK"
    BLOCTEL = "BLOCTEL"
    CALLER_ID_MISSING = "CALLER_ID_MISSING"
    CALLER_ID_NOT_AUTHORISED = "CALLER_ID_NOT_AUTHORISED"
    CALLER_ID_NO_INBOUND = "CALLER_ID_NO_INBOUND"
    CALLER_ID_RANGE = "CALLER_ID_RANGE"
    CONNECT_OVER_2S = "CONNECT_OVER_2S"
    CONSENT_EVIDENCE_MISSING = "CONSENT_EVIDENCE_MISSING"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    CONSENT_SCOPE = "CONSENT_SCOPE"
    COOLDOWN_AFTER_ABANDON = "COOLDOWN_AFTER_ABANDON"
    COOLDOWN_AFTER_AMD = "COOLDOWN_AFTER_AMD"
    COOLDOWN_AFTER_REFUSAL = "COOLDOWN_AFTER_REFUSAL"
    CTPS = "CTPS"
    DAY_PROHIBITED = "DAY_PROHIBITED"
    DIALING_DISABLED = "DIALING_DISABLED"
    EMAIL_COMPLAINT_RATE = "EMAIL_COMPLAINT_RATE"
    EMAIL_MISSING_ONE_CLICK = "EMAIL_MISSING_ONE_CLICK"
    EMAIL_MISSING_SENDER_INFO = "EMAIL_MISSING_SENDER_INFO"
    EMAIL_NO_OPTIN = "EMAIL_NO_OPTIN"
    EMAIL_UNSUBSCRIBED = "EMAIL_UNSUBSCRIBED"
    HOLIDAY_PROHIBITED = "HOLIDAY_PROHIBITED"
    INTERNAL_DNC = "INTERNAL_DNC"
    INVALID_ADDRESS = "INVALID_ADDRESS"
    INVALID_NUMBER = "INVALID_NUMBER"
    LIST_MISSING = "LIST_MISSING"
    LIST_STALE = "LIST_STALE"
    LIST_UNAVAILABLE = "LIST_UNAVAILABLE"
    LOCATION_UNKNOWN = "LOCATION_UNKNOWN"
    NATIONAL_DNC = "NATIONAL_DNC"
    NONEXISTENT_LOCAL_TIME = "NONEXISTENT_LOCAL_TIME"
    NON_DIALABLE_TYPE = "NON_DIALABLE_TYPE"
    NO_CONSENT = "NO_CONSENT"
    OUTSIDE_AUDIENCE = "OUTSIDE_AUDIENCE"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    PACK_MISSING = "PACK_MISSING"
    REFUSAL_ON_FILE = "REFUSAL_ON_FILE"
    RING_TIME_RANGE = "RING_TIME_RANGE"
    RING_TOO_SHORT = "RING_TOO_SHORT"
    RND_NO_DATA = "RND_NO_DATA"
    RND_YES = "RND_YES"
    RPO = "RPO"
    RULE_NOT_DISABLEABLE = "RULE_NOT_DISABLEABLE"
    SAFE_HARBOUR_MESSAGE_MISSING = "SAFE_HARBOUR_MESSAGE_MISSING"
    SCRIPT_DISCLOSURE_MISSING = "SCRIPT_DISCLOSURE_MISSING"
    STATE_DNC = "STATE_DNC"
    TPS = "TPS"
    TZDATA_STALE = "TZDATA_STALE"
    UNSUB_TTL_TOO_SHORT = "UNSUB_TTL_TOO_SHORT"
