"""How large a share may really be, going by a small sample."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

DOUBT = 0.05
"""How often the bound may lie below the true share: one-sided 95 %."""
_HALVINGS = 40
_NEGLIGIBLE = 1e-17


@lru_cache(maxsize=1 << 12)
def upper(hits: int, tries: int) -> float:
    """Return the upper end of the one-sided 95 % Clopper-Pearson interval (Biometrika 26, 1934) of a share, 0 to 1.

    It is exact: whatever the true share, a sample hides it below this bound in at most 5 % of cases. Wilson's shorter
    interval does so in up to 7 % where shares are small, which is not good enough for a limit of 3 %.
    Without tries nothing is known: 1. Raises ValueError for more hits than tries.
    """
    if not 0 <= hits <= tries:
        raise ValueError(f"{hits} of {tries} is no share")
    if hits == tries:
        return 1.0
    low, high = hits / tries, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(hits, tries, middle) > DOUBT else (low, middle)
    return high


def at_most(hits: int, tries: int, share: float) -> float:
    """Return the chance of so few hits or fewer in so many tries, each a hit with the chance `share`.

    `share` is in (0, 1) and `hits` below `tries`.
    """
    last = (
        lgamma(tries + 1)
        - lgamma(hits + 1)
        - lgamma(tries - hits + 1)
        + hits * log(share)
        + (tries - hits) * log1p(-share)
    )
    # From the last term down, each as a part of the last: nothing runs out of the range of floats.
    odds, term, total = (1 - share) / share, 1.0, 1.0
    for hit in range(hits, 0, -1):
        term *= hit / (tries - hit + 1) * odds
        total += term
        if term < _NEGLIGIBLE * total:
            break
    return exp(last) * total
