"""Whether a campaign's figures are possible: times, hours, dates, numbers shown, retries."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce

import phonenumbers

from campaigns.callers import Callers, Pool, placed_in, shown_to
from campaigns.checks import Check, Found, listed, wrong_at
from campaigns.dialing import Pacing
from campaigns.outcome import RETRIED, Outcome
from campaigns.parts import Audience, Retry
from compliance.fields import write_duration
from compliance.hours import parse_hours
from compliance.problem import Wrong

_LIMITS = {
    ("ring_limit",): (timedelta(seconds=15), timedelta(seconds=60)),
    ("call_limit",): (timedelta(minutes=1), timedelta(hours=4)),
    ("wrap_up",): (timedelta(0), timedelta(minutes=30)),
    ("ramp",): (timedelta(0), timedelta(hours=2)),
    ("wait_target",): (timedelta(0), timedelta(minutes=10)),
    ("abandonment", "threshold"): (timedelta(0), timedelta(seconds=2)),
}
"""Pacing's times. Under 15 s most people cannot reach the phone (16 CFR 310.4(b)(4)(ii)); carriers stop near 60 s."""


def _pacing(pacing: Pacing) -> Found:
    for path, (least, most) in _LIMITS.items():
        value: timedelta = reduce(getattr, path, pacing)  # type: ignore[assignment]
        low, high = write_duration(least), write_duration(most)
        if not least <= value <= most:
            word = write_duration(value)
            yield wrong_at(
                ("pacing", *path),
                (
                    f"{word} is too {'short' if value < least else 'long'}",
                    f"{word} は{'短' if value < least else '長'}すぎます",
                ),
                (f"Write {low} to {high}", f"{low} から {high} までで書いてください"),
            )


def _retry(retry: Mapping[Outcome, Retry]) -> Found:
    for outcome, rule in retry.items():
        if outcome not in RETRIED:
            yield wrong_at(
                ("retry", outcome.value),
                (f"Nobody is tried again after {outcome.value}", f"{outcome.value} の後に再発信はしません"),
                (
                    f"Remove it; rules are for: {listed(RETRIED)}",
                    f"消してください。再発信できる結果: {listed(RETRIED)}",
                ),
                is_key=True,
            )
        if rule.after > rule.at_most:
            most = write_duration(rule.at_most)
            yield wrong_at(
                ("retry", outcome.value, "after"),
                (
                    f"{write_duration(rule.after)} is longer than at_most, {most}",
                    f"{write_duration(rule.after)} は at_most の {most} を超えています",
                ),
                (
                    f"Write {most} or less, or raise at_most",
                    f"{most} 以下にするか、at_most を長くしてください",
                ),
            )


def _hours(hours: Mapping[str, tuple[str, ...]]) -> Found:
    """Ask window by window, then day by day, then as a whole: so that every mistake is told, not the first alone."""
    windows = [(key, index, window) for key, texts in hours.items() for index, window in enumerate(texts)]
    broken = [
        (("hours", key, index), wrong)
        for key, index, window in windows
        if (wrong := _refused({key: [window]}))
    ]
    # A key that is no weekday is refused with each of its windows: once is enough.
    keys = {path[1] for path, wrong in broken if wrong.is_key}
    yield from ((path, Wrong(wrong.what, wrong.remedy)) for path, wrong in broken if path[1] not in keys)
    sound = {key: texts for key, texts in hours.items() if not any(path[1] == key for path, _ in broken)}
    days = {
        key: wrong
        for key, texts in hours.items()
        if key in sound or key in keys
        if (wrong := _refused({key: texts}))
    }
    yield from ((("hours",), wrong) for wrong in days.values())
    if not broken and not days and (wrong := _refused(hours)):
        yield ("hours",), wrong


def _refused(hours: Mapping[str, Iterable[str]]) -> Wrong | None:
    try:
        parse_hours(hours)
    except Wrong as wrong:
        return wrong
    return None


def _dates(start: date | None, end: date | None) -> Found:
    if start and end and end < start:
        yield wrong_at(
            ("end",),
            (f"{end} is before the start, {start}", f"{end} は開始日 {start} より前です"),
            (f"Write {start} or later", f"{start} 以降の日付を書いてください"),
        )


def _caller_ids(caller_ids: Callers) -> Found:
    seen: set[str] = set()
    for path, number, _ in placed_in(caller_ids):
        if number in seen:
            yield wrong_at(
                path,
                (f"{number} stands here twice", f"{number} が二度書かれています"),
                ("Remove one of the two", "どちらか一つを消してください"),
            )
        seen.add(number)


def _pools(caller_ids: Callers, audience: Audience) -> Found:
    for index, entry in enumerate(caller_ids):
        if isinstance(entry, Pool) and entry.country and entry.country not in phonenumbers.SUPPORTED_REGIONS:
            yield wrong_at(
                ("caller_ids", index, "country"),
                (f"{entry.country} is no country", f"{entry.country} という国はありません"),
                (
                    "Write two capital letters of ISO 3166, such as JP",
                    "JP のようにISO 3166の2文字で書いてください",
                ),
            )
    if not shown_to(caller_ids, audience.region):
        yield wrong_at(
            ("caller_ids",),
            (
                f"No number is there for people in {audience.region}",
                f"{audience.region} の顧客に表示する番号がありません",
            ),
            (
                f"Add a pool with country: {audience.region}, or one without country",
                f"country: {audience.region} の組か、country のない組を加えてください",
            ),
        )


LIMIT_CHECKS = (
    Check(needs=("pacing",), look=_pacing),
    Check(needs=("retry",), look=_retry),
    Check(needs=("hours",), look=_hours),
    Check(needs=("start", "end"), look=_dates),
    Check(needs=("caller_ids",), look=_caller_ids),
    Check(needs=("caller_ids", "audience"), look=_pools),
)
"""Every check of a campaign's figures."""
