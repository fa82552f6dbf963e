"""The board's tiles: the ten figures a manager looks at first."""

from collections.abc import Callable
from dataclasses import dataclass

from adapters.web import figures
from adapters.web.language import Words
from campaigns.outcome import TALKED, Outcome
from dialer.reports import Summary

ABANDONED_LIMIT = 0.03
"""The most abandoned calls among those a person answered where no law is known: the strictest there is says that.

16 CFR 310.4(b)(4)(i), 47 CFR 64.1200(a)(7).
"""

_WARN_FROM = 2 / 3
"""Of the limit (facts UK-AB1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure: `note` puts it in proportion, `tone` is good, warn, bad or plain, `meter` a width such as `41.5%`."""

    id: str
    label: str
    value: str
    note: str
    tone: str = "plain"
    meter: str = ""


def tiles_of(summary: Summary, words: Words) -> tuple[Tile, ...]:
    """Return the tiles in reading order."""
    return tuple(make(summary, words) for make in _TILES)


def _tile(words: Words, name: str, value: str, **values: str) -> Tile:
    return Tile(id=name, label=words(f"tile.{name}"), value=value, note=words(f"tile.{name}_note", **values))


def _calls(summary: Summary, words: Words) -> Tile:
    return _tile(words, "calls", figures.count(summary.calls), n=figures.count(summary.live))


def _answered(summary: Summary, words: Words) -> Tile:
    part = figures.ratio(summary.answered, summary.calls)
    return _tile(words, "answered", figures.share(part), n=figures.count(summary.answered))


def _talks(summary: Summary, words: Words) -> Tile:
    talks = _talked(summary)
    mean = figures.span(figures.ratio(summary.talk_s, talks), words.language)
    return _tile(words, "talks", figures.count(talks), mean=mean)


def _sold(summary: Summary, words: Words) -> Tile:
    sold = summary.outcomes.get(Outcome.SOLD, 0)
    part = figures.share(figures.ratio(sold, _talked(summary)))
    return _tile(words, "sold", figures.count(sold), part=part)


def _talked(summary: Summary) -> int:
    return sum(summary.outcomes.get(outcome, 0) for outcome in TALKED)


def _abandoned(summary: Summary, words: Words) -> Tile:
    part, limit = summary.abandoned_share, summary.abandoned_limit or ABANDONED_LIMIT
    return Tile(
        id="abandoned",
        label=words("tile.abandoned"),
        value=figures.share(part),
        note=words(
            "tile.abandoned_note",
            n=figures.count(summary.abandoned),
            limit=figures.share(limit, 0 if limit * 100 == round(limit * 100) else 1),
        ),
        tone=_against_limit(part / limit),
        meter=_meter(part / limit),
    )


def _against_limit(part: float) -> str:
    """Return the tone of what is used up of a limit, 1 being all of it."""
    if part > 1:
        return "bad"
    return "warn" if part >= _WARN_FROM else "good"


def _meter(part: float) -> str:
    return f"{100 * min(1.0, max(0.0, part)):.1f}%"


def _occupancy(summary: Summary, words: Words) -> Tile:
    return Tile(
        id="occupancy",
        label=words("tile.occupancy"),
        value=figures.share(summary.occupancy, 0),
        note=words("tile.occupancy_note"),
        meter=_meter(summary.occupancy),
    )


def _wait(summary: Summary, words: Words) -> Tile:
    language = words.language
    most = figures.seconds(summary.connect_p99_s, language)
    return _tile(words, "wait", figures.seconds(summary.connect_p50_s, language), most=most)


def _mails(summary: Summary, words: Words) -> Tile:
    return _tile(words, "mails", figures.count(summary.mails_sent), n=figures.count(summary.mails_answered))


def _unsubscribed(summary: Summary, words: Words) -> Tile:
    bounced = figures.count(summary.mails_bounced)
    return _tile(words, "unsubscribed", figures.count(summary.mails_unsubscribed), n=bounced)


def _suppressions(summary: Summary, words: Words) -> Tile:
    return _tile(words, "suppressions", figures.count(summary.suppressions))


_TILES: tuple[Callable[[Summary, Words], Tile], ...] = (
    _calls,
    _answered,
    _talks,
    _sold,
    _wait,
    _abandoned,
    _occupancy,
    _mails,
    _unsubscribed,
    _suppressions,
)
