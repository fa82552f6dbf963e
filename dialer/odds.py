"""How likely a person is to answer at this hour: learned online from every attempt, and calibrated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_PRIOR_CERTAINTY = 4.0
"""How many attempts' worth of evidence each weight's nought has: it keeps rare traits from being believed at once."""
_MEMORY = 1.0 - 1.0 / 20_000
"""What is kept of the evidence after each attempt, so that a list that changes is followed."""
_BANDS = 10


class Line(StrEnum):
    """What kind of number it is."""

    MOBILE = "mobile"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class Last(StrEnum):
    """What came of the attempt before."""

    NONE = "none"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    MACHINE = "machine"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is known before a call: `hour` 0-23 and `weekday` 0-6 (Monday 0) where the person is.

    `answered_share` is of past attempts, None without any; `listed_days` how long the person has been on the list.
    """

    hour: int
    weekday: int
    tries: int = 0
    last: Last = Last.NONE
    answered_share: float | None = None
    line: Line = Line.UNKNOWN
    listed_days: float | None = None


_LINES, _LASTS = tuple(Line), tuple(Last)
_TRIES, _SHARES, _AGES = 6, 5, 6
_SIZES = (1, 24, 7, _TRIES, len(_LASTS), _SHARES, len(_LINES), _AGES, 24 * len(_LINES), 24 * 2)
_STARTS = tuple(sum(_SIZES[:place]) for place in range(len(_SIZES)))
_WEIGHTS = sum(_SIZES)


def _active(traits: Traits) -> list[int]:
    """Return which weights speak for these traits, one of each family."""
    return [start + place for start, place in zip(_STARTS, _places(traits), strict=True)]


def _places(traits: Traits) -> Iterator[int]:
    line, weekend = _LINES.index(traits.line), int(traits.weekday >= 5)  # noqa: PLR2004 - Saturday is 5
    yield 0
    yield traits.hour
    yield traits.weekday
    yield min(traits.tries, _TRIES - 1)
    yield _LASTS.index(traits.last)
    yield 0 if traits.answered_share is None else 1 + min(int(traits.answered_share * 4), _SHARES - 2)
    yield line
    yield 0 if traits.listed_days is None else 1 + min(int(log(1 + traits.listed_days) / 2), _AGES - 2)
    yield traits.hour * len(_LINES) + line
    yield traits.hour * 2 + weekend


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """How many of the calls given a chance in each tenth were answered; what was predicted is in `given`."""

    calls: Array = field(default_factory=lambda: np.zeros(_BANDS))
    given: Array = field(default_factory=lambda: np.zeros(_BANDS))
    answered: Array = field(default_factory=lambda: np.zeros(_BANDS))
    squares: float = 0.0

    def after(self, chance: float, *, is_answered: bool) -> "Calibration":
        """Return the table with one more call that was given this chance before it was made."""
        band = min(int(chance * _BANDS), _BANDS - 1)
        return Calibration(
            calls=_plus(self.calls, band, 1.0),
            given=_plus(self.given, band, chance),
            answered=_plus(self.answered, band, float(is_answered)),
            squares=self.squares + (chance - is_answered) ** 2,
        )

    @property
    def brier(self) -> float:
        """The mean square of what each chance was out by (Brier, Monthly Weather Review 78, 1950); 0 without calls."""
        total = float(self.calls.sum())
        return self.squares / total if total else 0.0

    def rows(self) -> Iterator[tuple[int, float, float]]:
        """Yield for each band with calls: how many, the mean chance given, the share answered."""
        for calls, given, answered in zip(self.calls, self.given, self.answered, strict=True):
            if calls:
                yield int(calls), float(given / calls), float(answered / calls)


def _first_weights() -> Array:
    """Return noughts, but for the one that every call has: at first one call in four is answered."""
    weights = np.zeros(_WEIGHTS)
    weights[0] = log(0.25 / 0.75)
    return weights


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Odds:
    """A logistic regression that learns from one attempt at a time; a pure fold.

    Each weight has its own certainty, so that it moves little once it has seen much (the diagonal Laplace step of
    Chapelle, Manavoglu and Rosales, ACM TIST 5, 2014). `slope` and `shift` correct the chances by what came of earlier
    ones (Platt, 1999): a model too sure of itself is brought back.
    """

    weights: Array = field(default_factory=_first_weights)
    certainty: Array = field(default_factory=lambda: np.full(_WEIGHTS, _PRIOR_CERTAINTY))
    slope: float = 1.0
    shift: float = 0.0
    slope_certainty: float = 300.0
    shift_certainty: float = 60.0

    def of(self, traits: Traits) -> float:
        """Return the chance that a person answers, above 0 and below 1."""
        return _chance(self.slope * self._score(_active(traits)) + self.shift)

    def after(self, traits: Traits, *, is_answered: bool) -> "Odds":
        """Return the odds after an attempt on a person who had such traits before it."""
        active = _active(traits)
        score = self._score(active)
        raw, chance = _chance(score), _chance(self.slope * score + self.shift)
        certainty = self.certainty * _MEMORY + (1.0 - _MEMORY) * _PRIOR_CERTAINTY
        certainty[active] += raw * (1.0 - raw)
        weights = self.weights.copy()
        weights[active] += (is_answered - raw) / certainty[active]
        spread, surprise = chance * (1.0 - chance), is_answered - chance
        slope_certainty = self.slope_certainty * _MEMORY + spread * score * score
        shift_certainty = self.shift_certainty * _MEMORY + spread
        return Odds(
            weights=weights,
            certainty=certainty,
            slope=min(max(self.slope + surprise * score / slope_certainty, 0.2), 2.0),
            shift=self.shift + surprise / shift_certainty,
            slope_certainty=slope_certainty,
            shift_certainty=shift_certainty,
        )

    def _score(self, active: list[int]) -> float:
        return float(self.weights[active].sum())


def _plus(column: Array, place: int, more: float) -> Array:
    column = column.copy()
    column[place] += more
    return column


def _chance(score: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(score, -8.0), 8.0)))
