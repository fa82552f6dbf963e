"""How long a call takes from the order to dial until it asks for an agent, or until nobody will."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

STEP_S = 0.5
BINS = 140
"""Seventy seconds: longer than any phone rings."""
EDGES: Array = np.linspace(0.0, BINS * STEP_S, BINS + 1)
_MEMORY = 0.5 ** (1 / 1000)


def _prior(low_s: float, high_s: float, calls: float) -> Array:
    """Return `calls` spread evenly over a stretch, and half a call over everything: what is unknown stays possible."""
    middles = EDGES[:-1] + STEP_S / 2
    inside = ((middles >= low_s) & (middles < high_s)).astype(np.float64)
    spread: Array = inside / inside.sum() * calls + 0.5 / BINS
    return spread


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delays:
    """Histograms of the calls that asked for an agent and of those that never did, in steps of half a second."""

    reached: Array = field(default_factory=lambda: _prior(4.0, 22.0, 10.0))
    missed: Array = field(default_factory=lambda: _prior(18.0, 28.0, 10.0))

    def after(self, after_s: float, *, is_reached: bool) -> "Delays":
        """Return what is known after one more call."""
        place = min(int(after_s / STEP_S), BINS - 1)
        if is_reached:
            return Delays(reached=_with(self.reached, place), missed=self.missed)
        return Delays(reached=self.reached, missed=_with(self.missed, place))


def shares(histogram: Array) -> Array:
    """Return the share of calls up to each edge, 0 first and 1 last."""
    total: Array = np.concatenate([[0.0], np.cumsum(histogram)])
    return total / float(total[-1])


def _with(histogram: Array, place: int) -> Array:
    more: Array = histogram * _MEMORY
    more[place] += 1.0
    return more
