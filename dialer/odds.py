"""How likely a person is to answer at this hour: learned online from every attempt, and calibrated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, log

import numpy as np
import numpy.typing as npt

from dialer.traits import Last, Line, Traits

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_MEMORY = 1.0 - 1.0 / 20_000
"""What is kept of the evidence after each attempt, so that a list that changes is followed."""
_BANDS = 10


_LINES, _LASTS = tuple(Line), tuple(Last)
_TRIES, _SHARES, _AGES, _RESTS = 6, 5, 6, 5
_SIZES = (1, _TRIES, len(_LASTS), _SHARES, len(_LINES), _AGES, _RESTS, 24, 7, 24 * len(_LINES), 24 * 2)
_CERTAINTY = (8.0, 40.0, 40.0, 40.0, 40.0, 80.0, 80.0, 16.0, 120.0, 40.0, 120.0)
"""How much evidence, in attempts times p (1 - p), each family's noughts have: what is fine is believed late.

With less the model learns of a list without habits that it has some, and does worse than the hourly rate for long.
"""
_LEANING = (8.0, *(300.0,) * 10)
"""The same for what is special about one campaign: its own rate is soon believed, its own habits late."""
_STARTS = tuple(sum(_SIZES[:place]) for place in range(len(_SIZES)))
_WEIGHTS = sum(_SIZES)


_OF_THE_HOUR = 4
"""How many families, the last ones, speak of the hour and the day."""


@lru_cache(maxsize=1 << 14)
def _active(traits: Traits) -> Places:
    """Return which weights speak for these traits, one of each family."""
    return np.array(
        [start + place for start, place in zip(_STARTS, _places(traits), strict=True)], dtype=np.intp
    )


def _places(traits: Traits) -> Iterator[int]:
    line, weekend = _LINES.index(traits.line), int(traits.weekday >= 5)  # noqa: PLR2004 - Saturday is 5
    yield 0
    yield min(traits.tries, _TRIES - 1)
    yield _LASTS.index(traits.last)
    yield 0 if traits.answered_share is None else 1 + min(int(traits.answered_share * 4), _SHARES - 2)
    yield line
    yield 0 if traits.listed_days is None else 1 + min(int(log(1 + traits.listed_days) / 2), _AGES - 2)
    yield (
        0 if traits.rested_days is None else 1 + min(int(log(1 + 24 * traits.rested_days) / 1.6), _RESTS - 2)
    )
    yield traits.hour
    yield traits.weekday
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
        for _, calls, given, answered in self.bands():
            yield calls, given, answered

    def bands(self) -> Iterator[tuple[int, int, float, float]]:
        """Yield the same with the band before it, from 0."""
        columns = zip(self.calls, self.given, self.answered, strict=True)
        for band, (calls, given, answered) in enumerate(columns):
            if calls:
                yield band, int(calls), float(given / calls), float(answered / calls)


def _spread(certainty: tuple[float, ...]) -> Array:
    """Return the certainty of each weight's nought, given that of its family."""
    spread = np.concatenate([np.full(size, one) for size, one in zip(_SIZES, certainty, strict=True)])
    spread.setflags(write=False)
    return spread


_PRIOR = _spread(_CERTAINTY)
_PRIOR_LEANING = _spread(_LEANING)


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
    certainty: Array = field(default_factory=lambda: _PRIOR)
    prior: Array = field(default_factory=lambda: _PRIOR)
    slope: float = 1.0
    shift: float = 0.0
    slope_certainty: float = 300.0
    shift_certainty: float = 60.0

    def of(self, traits: Traits, *, offset: float = 0.0) -> float:
        """Return the chance that a person answers, above 0 and below 1; `offset` is added to the score."""
        return self.chance(offset + self.score(traits))

    def chance(self, score: float) -> float:
        """Return the chance that a score stands for, as far as earlier ones held what they promised."""
        return _chance(self.slope * score + self.shift)

    def score(self, traits: Traits) -> float:
        """Return the sum of the weights that speak for these traits."""
        return float(self.weights[_active(traits)].sum())

    def after(self, traits: Traits, *, is_answered: bool, offset: float = 0.0) -> "Odds":
        """Return the odds after an attempt on a person who had such traits before it.

        With an `offset`, what others know, the weights learn what is left to explain.
        """
        active = _active(traits)
        score = offset + float(self.weights[active].sum())
        raw, chance = _chance(score), self.chance(score)
        certainty = self.certainty * _MEMORY
        certainty += (1.0 - _MEMORY) * self.prior
        certainty[active] += raw * (1.0 - raw)
        weights = self.weights.copy()
        weights[active] += (is_answered - raw) / certainty[active]
        spread, surprise = chance * (1.0 - chance), is_answered - chance
        slope_certainty = self.slope_certainty * _MEMORY + spread * score * score
        shift_certainty = self.shift_certainty * _MEMORY + spread
        return Odds(
            weights=weights,
            certainty=certainty,
            prior=self.prior,
            slope=min(max(self.slope + surprise * score / slope_certainty, 0.2), 2.0),
            shift=self.shift + surprise / shift_certainty,
            slope_certainty=slope_certainty,
            shift_certainty=shift_certainty,
        )


def leaning() -> Odds:
    """Return odds that know nothing, to be taught with what others know as offset."""
    return Odds(weights=np.zeros(_WEIGHTS), certainty=_PRIOR_LEANING, prior=_PRIOR_LEANING)


def by_the_hour(weights: Array) -> Array:
    """Return what weights say of each kind of line, weekday and hour, shape (3, 7, 24)."""
    hours, days, lines, ends = (
        weights[start : start + size]
        for start, size in zip(_STARTS[-_OF_THE_HOUR:], _SIZES[-_OF_THE_HOUR:], strict=True)
    )
    weekend = (np.arange(7) >= 5).astype(np.intp)  # noqa: PLR2004 - Saturday is 5
    found: Array = (
        hours[None, None, :]
        + days[None, :, None]
        + lines.reshape(24, len(_LINES)).T[:, None, :]
        + ends.reshape(24, 2).T[weekend][None, :, :]
    )
    return found


def line_place(line: Line) -> int:
    """Return where a kind of line stands in `by_the_hour`."""
    return _LINES.index(line)


def _plus(column: Array, place: int, more: float) -> Array:
    column = column.copy()
    column[place] += more
    return column


def _chance(score: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(score, -8.0), 8.0)))
