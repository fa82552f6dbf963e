"""A verdict in sentences, for people, in Japanese and English."""

from collections.abc import Mapping
from datetime import datetime

from compliance.openings import local
from compliance.question import Reason, Verdict
from compliance.terms import Decision, ReasonCode

_WEEKDAYS = "月火水木金土日"

DECISIONS: Mapping[Decision, tuple[str, str]] = {
    Decision.ALLOW: ("Allowed.", "連絡できます。"),
    Decision.ALLOW_WITH: ("Allowed, with duties.", "条件付きで連絡できます。"),
    Decision.DEFER: ("Not now.", "今は連絡できません。"),
    Decision.DENY: ("Not allowed.", "連絡できません。"),
    Decision.REVIEW: ("A person must decide.", "人の確認が必要です。"),
}
"""Decision -> sentence in English and Japanese."""

REASONS: Mapping[ReasonCode, tuple[str, str]] = {
    ReasonCode.ATTEMPT_CAP_24H: (
        "tried often enough within 24 hours",
        "24時間以内の発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_30D: (
        "tried often enough within 30 days",
        "30日以内の発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_CAMPAIGN: (
        "tried often enough in this campaign",
        "このキャンペーンでの発信回数が上限に達しています",
    ),
    ReasonCode.ATTEMPT_CAP_DAY: ("tried often enough today", "本日の発信回数が上限に達しています"),
    ReasonCode.ATTEMPT_CAP_WEEK: ("tried often enough this week", "今週の発信回数が上限に達しています"),
    ReasonCode.CONSENT_EXPIRED: ("the consent has run out", "同意の期限が切れています"),
    ReasonCode.CONSENT_EVIDENCE_MISSING: ("the consent is not proved", "同意の証拠がありません"),
    ReasonCode.CONSENT_REVOKED: ("the consent was taken back", "同意は撤回されています"),
    ReasonCode.CONSENT_SCOPE: ("the consent was given to somebody else", "同意は別の事業者に対するものです"),
    ReasonCode.DAY_PROHIBITED: ("no contact on this day", "この日は連絡しない日です"),
    ReasonCode.DIALING_DISABLED: ("the stop switch is on", "発信停止スイッチが入っています"),
    ReasonCode.EMAIL_MISSING_SENDER_INFO: (
        "the mail does not show all it must of its sender",
        "メールに必要な送信者の表示が足りません",
    ),
    ReasonCode.EMAIL_NO_OPTIN: ("the person has not agreed to such mail", "広告メールの同意がありません"),
    ReasonCode.EMAIL_UNSUBSCRIBED: ("the person wants no more mail", "メールの配信停止の申し出があります"),
    ReasonCode.HOLIDAY_PROHIBITED: ("no calls on a public holiday", "祝日のため発信できません"),
    ReasonCode.INTERNAL_DNC: ("on our do-not-contact list", "発信禁止リストに載っています"),
    ReasonCode.INVALID_ADDRESS: ("no usable e-mail address", "使えるメールアドレスがありません"),
    ReasonCode.INVALID_NUMBER: ("no valid telephone number", "有効な電話番号ではありません"),
    ReasonCode.LOCATION_UNKNOWN: ("nobody knows where this number is", "この番号の地域が分かりません"),
    ReasonCode.NON_DIALABLE_TYPE: ("a kind of number that is never called", "発信しない種類の番号です"),
    ReasonCode.OUTSIDE_HOURS: ("outside calling hours", "発信できる時間帯ではありません"),
    ReasonCode.PACK_MISSING: ("no rulebook for this country", "この国の規則集がありません"),
    ReasonCode.REFUSAL_ON_FILE: ("the person has refused", "本人が断っています"),
    ReasonCode.SCRIPT_DISCLOSURE_MISSING: (
        "the script does not say in time what it must",
        "スクリプトで勧誘前に必要な告知が足りません",
    ),
    ReasonCode.TZDATA_STALE: ("the time zone database is too old", "タイムゾーンのデータが古すぎます"),
}
"""Reason code -> what it means in English and Japanese, without a full stop."""

DUTIES: Mapping[str, tuple[str, str]] = {
    "offer_opt_out": ("Offer a way to opt out.", "配信停止の方法を示してください。"),
    "purpose_of_use_published": (
        "The purpose of use of recordings must be published.",
        "録音の利用目的を公表しておく必要があります。",
    ),
    "announce_recording(recommended)": (
        "Say that the call is recorded (recommended).",
        "録音していることを伝えてください(推奨)。",
    ),
}
"""Duty -> sentence in English and Japanese."""


def explain(verdict: Verdict, language: str) -> list[str]:
    """Return the verdict in sentences, in `ja` or `en`: the decision, each reason with its rule, duties, versions.

    Instants are told on the clocks of the first zone judged in.
    """
    zone = verdict.zones[0] if verdict.zones else "UTC"
    sentences = [_in(language, DECISIONS[verdict.decision])]
    sentences += [_reason(reason, language, zone) for reason in verdict.reasons]
    sentences += [_in(language, DUTIES[duty]) for duty in verdict.obligations]
    if verdict.next_allowed_at is not None:
        at = _clock(verdict.next_allowed_at, zone, language)
        sentences.append(_in(language, (f"Allowed again from {at}.", f"{at} から連絡できます。")))
    versions = ", ".join(f"{name} {value}" for name, value in verdict.versions.items())
    if versions:
        sentences.append(_in(language, (f"Judged on {versions}.", f"判定の根拠: {versions}。")))
    return sentences


def _reason(reason: Reason, language: str, zone: str) -> str:
    en, ja = REASONS[reason.code]
    if reason.until is None:
        return _in(
            language,
            (f"{reason.rule}: {en} ({reason.citation}).", f"{reason.rule}: {ja}({reason.citation})。"),
        )
    at = _clock(reason.until, zone, language)
    return _in(
        language,
        (
            f"{reason.rule}: {en}, until {at} ({reason.citation}).",
            f"{reason.rule}: {at} まで、{ja}({reason.citation})。",
        ),
    )


def _clock(instant: datetime, zone: str, language: str) -> str:
    """Return an instant with date, weekday, seconds only where there are any, and zone."""
    clock = local(instant, zone)
    hour = f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"
    if language == "ja":
        return f"{clock.year}年{clock.month}月{clock.day}日({_WEEKDAYS[clock.weekday()]}) {hour}"
    return f"{clock:%a} {clock.day} {clock:%b} {clock.year} {hour} ({zone})"


def _in(language: str, wordings: tuple[str, str]) -> str:
    return wordings[1] if language == "ja" else wordings[0]
