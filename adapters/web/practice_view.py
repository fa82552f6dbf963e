"""A reviewed call as the review's page shows it."""

from adapters.practice_words import Reviewed, sentence
from adapters.web import figures
from adapters.web.language import Words

_TONES = {"right": "good", "acceptable": "warn", "wrong": "bad"}


def card_of(place: int, call: Reviewed, words: Words) -> dict[str, object]:
    """Return one call: its place from 1, who and when, what was wanted and chosen, and each finding with its mark."""
    return {
        "place": place,
        "name": call.name,
        "at": figures.time(call.at, call.zone),
        "wanted": words.of("outcome", call.wanted),
        "chosen": words.of("outcome", call.chosen) if call.chosen else words("practice.nothing"),
        "score": call.review.score,
        "findings": [
            {
                "mark": words(f"practice.mark_{one.mark.value}"),
                "tone": _TONES[one.mark.value],
                "text": sentence(one, words, call.zone),
                "points": f"{one.points:.0f} / {one.of:.0f}",
            }
            for one in call.review.findings
        ],
    }
