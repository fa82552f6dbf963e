"""The board's bars: how far the list is, what came of attempts, and what the rules did not allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.web import figures
from adapters.web.language import Words
from dialer.reports import RefusalLine, Summary

TONES = {
    "sold": "good",
    "interested": "good",
    "callback": "talk",
    "not_interested": "talk",
    "wrong_number": "talk",
    "no_disposition": "talk",
    "refused": "bad",
    "opted_out": "bad",
    "abandoned": "bad",
    "failed": "dim",
    "rejected": "dim",
    "not_placed": "dim",
    "bounced": "dim",
    "undelivered": "dim",
    "unknown": "dim",
    "sent": "mail",
}
"""How an outcome is coloured: red where people were bothered, dim where technology failed, else quiet."""

_ENDINGS = {
    "talked": "good",
    "answered": "mail",
    "opted_out": "bad",
    "refused": "stop",
    "unreachable": "dim",
    "exhausted": "quiet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A named amount. `x` and `width` are percentages of the track, written for SVG."""

    id: str
    word: str
    count: str
    share: str
    tone: str
    width: str
    x: str = "0%"
    rule: str = ""
    citation: str = ""


def parts_of(summary: Summary, words: Words) -> tuple[Bar, ...]:
    """Return the list's parts side by side, those done first; together they fill the track."""
    amounts = [
        (name, words(f"ending.{name}"), summary.endings.get(name, 0), tone) for name, tone in _ENDINGS.items()
    ]
    amounts += [(name, words(f"lead.{name}"), getattr(summary, name), name) for name in ("trying", "waiting")]
    whole = sum(amount for _, _, amount, _ in amounts)
    bars, at = [], 0.0
    for name, word, amount, tone in amounts:
        part = figures.ratio(amount, whole)
        bar = Bar(
            id=name,
            word=word,
            count=figures.count(amount),
            share=figures.share(part),
            tone=tone,
            x=_percent(at),
            width=_percent(part),
        )
        bars.append(bar)
        at += part
    return tuple(bars)


def _percent(part: float) -> str:
    return f"{100 * part:.3f}%"


def outcomes_of(summary: Summary, words: Words) -> tuple[Bar, ...]:
    """Return the outcomes that occurred, the most frequent first; the longest fills the track."""
    seen = {name: amount for name, amount in summary.outcomes.items() if amount}
    whole, most = sum(seen.values()), max(seen.values(), default=1)
    return tuple(
        Bar(
            id=name,
            word=words.of("outcome", name),
            count=figures.count(amount),
            share=figures.share(figures.ratio(amount, whole)),
            tone=TONES.get(name, "quiet"),
            width=_percent(amount / most),
        )
        for name, amount in sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    )


def refusals_of(lines: Sequence[RefusalLine], words: Words) -> tuple[Bar, ...]:
    """Return what was not allowed and under which rule, the most frequent first."""
    whole, most = sum(line.count for line in lines), max((line.count for line in lines), default=1)
    return tuple(
        Bar(
            id=f"{line.code}/{line.rule}",
            word=words.of("reason", line.code),
            count=figures.count(line.count),
            share=figures.share(figures.ratio(line.count, whole)),
            tone="stop",
            width=_percent(line.count / most),
            rule=line.rule,
            citation=line.citation,
        )
        for line in sorted(lines, key=lambda line: (-line.count, line.rule, line.code))
    )
