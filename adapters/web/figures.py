"""Numbers, shares, times and spans as people read them in Japanese and English."""

from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def count(number: int) -> str:
    """Return a whole number with its thousands apart, as both languages write it: 12,345."""
    return f"{number:,}"


def share(part: float, digits: int = 1) -> str:
    """Return a share of 0 to 1 in percent: 0.1234 -> 12.3%."""
    return f"{part:.{digits}%}"


def ratio(part: float, whole: float) -> float:
    """Return part / whole, and 0 of nothing."""
    return part / whole if whole else 0.0


def span(seconds: float, language: str) -> str:
    """Return a span of time with its two largest units: 3725 -> 1 h 02 m, 1時間02分."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    h, m, s = ("時間", "分", "秒") if language == "ja" else (" h", " m", " s")
    gap = "" if language == "ja" else " "
    if hours:
        return f"{hours:,}{h}{gap}{minutes:02}{m}"
    if minutes:
        return f"{minutes}{m}{gap}{rest:02}{s}"
    return f"{rest}{s}"


def seconds(value: float | None, language: str) -> str:
    """Return a short wait with its tenths: 0.8 s; a dash when there is none yet."""
    if value is None:
        return "–"
    return f"{value:.1f}{'秒' if language == 'ja' else ' s'}"


def time(at: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in a zone: 10:42."""
    return f"{at.astimezone(zone):%H:%M}"


def time_and_seconds(at: datetime, zone: ZoneInfo) -> str:
    """Return the time of day in a zone, to the second: 10:42:07."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def day(at: datetime, zone: ZoneInfo, language: str) -> str:
    """Return the day in a zone: 11月24日(火), Tue 24 Nov."""
    local = at.astimezone(zone)
    weekday = _DAYS[language][local.weekday()]
    if language == "ja":
        return f"{local.month}月{local.day}日({weekday})"
    return f"{weekday} {local.day} {_MONTHS[local.month - 1]}"
