"""The law's words: channel, purpose, technology, line type, decision, reason code."""

from enum import StrEnum


class Channel(StrEnum):
    """How a person is approached."""

    VOICE = "voice"
    EMAIL = "email"


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
    PREDICTIVE = "predictive"
    PRERECORDED = "prerecorded"


class LineType(StrEnum):
    """What kind of line a number is, as far as the number plan tells."""

    MOBILE = "mobile"
    FIXED = "fixed"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    VOIP = "voip"
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
    """Why a contact was not allowed; the codes an officer filters and counts by."""

    ATTEMPT_CAP_24H = "ATTEMPT_CAP_24H"
    ATTEMPT_CAP_30D = "ATTEMPT_CAP_30D"
    ATTEMPT_CAP_CAMPAIGN = "ATTEMPT_CAP_CAMPAIGN"
    ATTEMPT_CAP_DAY = "ATTEMPT_CAP_DAY"
    ATTEMPT_CAP_WEEK = "ATTEMPT_CAP_WEEK"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    CONSENT_EVIDENCE_MISSING = "CONSENT_EVIDENCE_MISSING"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    CONSENT_SCOPE = "CONSENT_SCOPE"
    DAY_PROHIBITED = "DAY_PROHIBITED"
    DIALING_DISABLED = "DIALING_DISABLED"
    EMAIL_MISSING_SENDER_INFO = "EMAIL_MISSING_SENDER_INFO"
    EMAIL_NO_OPTIN = "EMAIL_NO_OPTIN"
    EMAIL_UNSUBSCRIBED = "EMAIL_UNSUBSCRIBED"
    HOLIDAY_PROHIBITED = "HOLIDAY_PROHIBITED"
    INTERNAL_DNC = "INTERNAL_DNC"
    INVALID_ADDRESS = "INVALID_ADDRESS"
    INVALID_NUMBER = "INVALID_NUMBER"
    LOCATION_UNKNOWN = "LOCATION_UNKNOWN"
    NON_DIALABLE_TYPE = "NON_DIALABLE_TYPE"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    PACK_MISSING = "PACK_MISSING"
    REFUSAL_ON_FILE = "REFUSAL_ON_FILE"
    SCRIPT_DISCLOSURE_MISSING = "SCRIPT_DISCLOSURE_MISSING"
    TZDATA_STALE = "TZDATA_STALE"
