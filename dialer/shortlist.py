"""Whoever of a long list is worth calling now: found page by page, so that no look takes long."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PAGE = 100
"""Due leads that are read and compared at one look."""
EACH = timedelta(seconds=3)
"""How often that is done."""
DEPTH = 10_000
"""Due leads that are compared in all: those after them wait until the list has come to them."""
KEPT = 300
_FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A due lead of somebody (`contact`), as it was found at an instant; the higher the index, the rather.

    `chance` is that of an answer then.
    """

    lead: int
    contact: str
    language: str
    index: float
    chance: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """The best of the pages so far, best first; a fold over pages.

    `cursor` is the rank after which the next page begins, None at the head of the list; `swept` counts the leads
    passed since then, `usual` is the mean chance of a lead's best hour to come.
    """

    entries: tuple[Entry, ...] = ()
    cursor: int | None = None
    swept: int = 0
    usual: float = 0.0
    paged: datetime | None = None

    def is_hungry(self, now: datetime) -> bool:
        """Tell whether it is time for the next page."""
        return self.paged is None or not self.paged <= now < self.paged + EACH

    def after(self, page: Iterable[Entry], last: int | None, now: datetime, usual: float) -> "Shortlist":
        """Return the same after a page; `last` is the rank of its last lead, None when the list ends there.

        What was found in another hour says nothing of this one, and what is old may be wrong.
        """
        found = {entry.lead: entry for entry in (*self.entries, *page) if _is_fresh(entry, now)}
        swept = self.swept + PAGE
        is_over = last is None or swept >= DEPTH
        best = sorted(found.values(), key=lambda entry: (-entry.index, entry.lead))
        return Shortlist(
            entries=tuple(best[:KEPT]),
            cursor=None if is_over else last,
            swept=0 if is_over else swept,
            usual=usual,
            paged=now,
        )

    def first(self, count: int, languages: Collection[str], now: datetime) -> tuple[Entry, ...]:
        """Return the first so many who speak one of these languages."""
        return tuple(entry for entry, _ in zip(self._spoken(languages, now), range(count), strict=False))

    def _spoken(self, languages: Collection[str], now: datetime) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.language in languages and _is_fresh(entry, now))

    def without(self, gone: Collection[int]) -> "Shortlist":
        """Return the same without leads that wait no more."""
        return (
            replace(self, entries=tuple(entry for entry in self.entries if entry.lead not in gone))
            if gone
            else self
        )


EMPTY = Shortlist()
"""Nothing was looked at yet."""


def _is_fresh(entry: Entry, now: datetime) -> bool:
    return now - entry.at < _FRESH and entry.at.hour == now.hour
