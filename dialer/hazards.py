"""How soon something that has lasted so long ends: a hazard by age, learned from ends and from what still runs."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

EDGES: Array = np.concatenate(
    [
        np.arange(0.0, 30.0),
        np.arange(30.0, 60.0, 3.0),
        np.arange(60.0, 120.0, 6.0),
        np.arange(120.0, 240.0, 15.0),
        np.arange(240.0, 600.0, 45.0),
        np.array([600.0, 750.0, 1000.0, 1400.0]),
    ]
)
"""Ages in seconds at which a bin begins: fine where short refusals and write-ups end, coarse where little is seen."""
EDGES.setflags(write=False)
_WIDTHS: Array = np.append(np.diff(EDGES), 4000.0)
_BIN_OF_SECOND = np.searchsorted(EDGES, np.arange(1401), side="right") - 1
MIDDLES: Array = EDGES + np.minimum(_WIDTHS, 200.0) / 2
_MEMORY = 0.5 ** (1 / 600)
"""Half of what was learned is forgotten after 600 ends: a floor of twenty in about an hour."""
_SHRINKAGE = 1.0
"""How many ends at the pooled hazard each bin begins with."""


def bins_of(ages: Array) -> npt.NDArray[np.intp]:
    """Return the bin of each age in seconds; shape (n,) to (n,)."""
    return _BIN_OF_SECOND[np.minimum(ages, 1400.0).astype(np.intp)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hazard:
    """Ends and seconds at risk by age; `prior_s` is the mean assumed at first, with the weight of two ends."""

    prior_s: float
    ends: Array = field(default_factory=lambda: np.zeros(len(EDGES)))
    at_risk: Array = field(default_factory=lambda: np.zeros(len(EDGES)))

    def after(self, lasted_s: float) -> "Hazard":
        """Return what is known after something ended that lasted so long."""
        ends = self.ends * _MEMORY
        ends[_BIN_OF_SECOND[min(int(lasted_s), 1400)]] += 1.0
        return Hazard(
            prior_s=self.prior_s,
            ends=ends,
            at_risk=self.at_risk * _MEMORY + _spent(lasted_s),
        )

    def cumulative(self, running: Array) -> Array:
        """Return the cumulative hazard at each edge, 0 first; `running` are the ages of what has not ended.

        What still runs has shown that it did not end so far: without it long talks would be missing.
        """
        at_risk = self.at_risk + np.minimum(np.maximum(running[:, None] - EDGES, 0.0), _WIDTHS).sum(axis=0)
        pooled = (self.ends.sum() + 2.0) / (at_risk.sum() + 2.0 * self.prior_s)
        rates = (self.ends + _SHRINKAGE) / (at_risk + _SHRINKAGE / pooled)
        return np.concatenate([[0.0], np.cumsum(rates * _WIDTHS)])

    @property
    def mean_s(self) -> float:
        """How long it lasts on average, as far as is known."""
        return float((self.at_risk.sum() + 2.0 * self.prior_s) / (self.ends.sum() + 2.0))


def ended(cumulative: Array, ages: Array, within: Array) -> Array:
    """Return the chance that what has each age ends within each time: shapes (n,), (m,) to (n, m)."""
    knots = np.append(EDGES, EDGES[-1] + _WIDTHS[-1])
    now = np.interp(ages, knots, cumulative)
    then = np.interp(ages[:, None] + within, knots, cumulative)
    return -np.expm1(now[:, None] - then)


def _spent(lasted_s: float) -> Array:
    return np.minimum(np.maximum(lasted_s - EDGES, 0.0), _WIDTHS)
