"""A verdict in sentences, for people, in Japanese and English."""

from datetime import datetime

from compliance.openings import local
from compliance.question import Reason, Saying, Verdict
from compliance.sentences import DECISIONS, DUTIES, REASONS, SAYINGS

_WEEKDAYS = "月火水木金土日"


def explain(verdict: Verdict, language: str) -> list[str]:
    """Return the verdict in sentences, in `ja` or `en`: the decision, each reason with its rule, duties, versions.

    Instants are told on the clocks of the first zone judged in.
    """
    sentences = [_in(language, DECISIONS[verdict.decision]), *explain_refusal(verdict, language)]
    if verdict.is_allowed:
        sentences += [_in(language, DUTIES[duty]) for duty in verdict.obligations]
        sentences += [_saying(saying, language) for saying in verdict.sayings]
    versions = ", ".join(f"{name} {value}" for name, value in verdict.versions.items())
    if versions:
        sentences.append(_in(language, (f"Judged on {versions}.", f"判定の根拠: {versions}。")))
    return sentences


def explain_refusal(verdict: Verdict, language: str) -> list[str]:
    """Return what speaks against a contact, each reason with its rule, and from when on nothing does; [] of a yes."""
    zone = verdict.zones[0] if verdict.zones else "UTC"
    sentences = [_reason(reason, language, zone) for reason in verdict.reasons]
    if verdict.next_allowed_at is not None:
        at = _clock(verdict.next_allowed_at, zone, language)
        sentences.append(_in(language, (f"Allowed again from {at}.", f"{at} から連絡できます。")))
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


def _saying(saying: Saying, language: str) -> str:
    en, ja = SAYINGS.get(saying.element, (saying.element, saying.element))
    if saying.within_s is None:
        return _in(
            language,
            (f"{saying.rule}: say {en} before selling.", f"{saying.rule}: 勧誘の前に{ja}を告げてください。"),
        )
    limit = saying.within_s
    return _in(
        language,
        (
            f"{saying.rule}: say {en} within {limit} seconds.",
            f"{saying.rule}: {limit}秒以内に{ja}を告げてください。",
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
