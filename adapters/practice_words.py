"""A practice call as reviewed, in sentences for the page and the terminal and as values for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.words import Words
from compliance.sentences import DUTIES, SAYINGS
from dialer.review import Finding, Review, average


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One call of a practice: who, when, what they wanted and what the agent chose (outcomes), and the review."""

    attempt: str
    name: str
    at: datetime
    zone: ZoneInfo
    wanted: str
    chosen: str
    review: Review


def sentence(finding: Finding, words: Words, zone: ZoneInfo) -> str:
    """Return a finding in words, with the rule it rests on."""
    values = {name: _said(name, value, words, zone) for name, value in finding.values.items()}
    return words(f"practice.{finding.code}", **values)


def _said(name: str, value: object, words: Words, zone: ZoneInfo) -> str:
    """Return one value of a finding as people read it."""
    text = str(value)
    match name:
        case "wanted" | "chosen":
            return words.of("outcome", text) if text else words("practice.nothing")
        case "duty":
            known = SAYINGS.get(text) or DUTIES.get(text) or (text, text)
            return known[1 if words.language == "ja" else 0].rstrip(".。")
        case "rule":
            return text or words("practice.recommended")
        case "wished" | "at":
            return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}" if text else "–"
        case "said" | "missing":
            return ", ".join(words.of("opinion", one) for one in text.split(",") if one) or "–"
        case _:
            return text


def as_values(calls: Sequence[Reviewed], words: Words, **head: object) -> Mapping[str, object]:
    """Return a whole practice as JSON values; `head` comes first."""
    return {
        **head,
        "score": average([one.review for one in calls]),
        "calls": [
            {
                "attempt": one.attempt,
                "name": one.name,
                "at": one.at.isoformat(),
                "wanted": one.wanted,
                "chosen": one.chosen or None,
                "score": one.review.score,
                "findings": [
                    {
                        "code": each.code,
                        "mark": each.mark.value,
                        "points": round(each.points, 2),
                        "of": round(each.of, 2),
                        "text": sentence(each, words, one.zone),
                        **({"values": dict(each.values)} if each.values else {}),
                    }
                    for each in one.review.findings
                ],
            }
            for one in calls
        ],
    }
