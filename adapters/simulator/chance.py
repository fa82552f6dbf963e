"""Chance without a state: every draw is a hash of a seed and of what is drawn."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")

_NORMAL = NormalDist()
_EDGE = 1e-12  # the normal distribution has no value at 0 and 1


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws that depend on the seed and the names given, and on nothing drawn before."""

    seed: str

    def draw(self, *names: object) -> float:
        """Return a number in [0, 1) that belongs to these names."""
        text = "\0".join((self.seed, *map(str, names)))
        return int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big") / (1 << 56)

    def happens(self, share: float, *names: object) -> bool:
        """Tell whether something that happens in `share` (0 to 1) of all cases happens in this one."""
        return share > 0 and self.draw(*names) < share

    def between(self, low: float, high: float, *names: object) -> float:
        """Return a number in [low, high), all equally likely."""
        return low + (high - low) * self.draw(*names)

    def lognormal(self, mean: float, sigma: float, *names: object) -> float:
        """Return a positive number with this mean, most of them smaller: how waits and talks are spread."""
        u = min(max(self.draw(*names), _EDGE), 1 - _EDGE)
        return math.exp(math.log(mean) - sigma * sigma / 2 + sigma * _NORMAL.inv_cdf(u))


def pick(u: float, shares: Mapping[T, float], otherwise: T) -> T:
    """Return the value into whose share `u` in [0, 1) falls; what the shares leave over is `otherwise`."""
    for value, share in shares.items():
        if u < share:
            return value
        u -= share
    return otherwise
