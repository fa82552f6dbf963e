"""What one transaction can read of the leads whose time has come, as a protocol."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from campaigns.contact import Contact, Lead
from dialer.traits import Past
from dialer.view import Due


class Paging(Protocol):
    """What is read of a long list."""

    def next_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], after: int | None
    ) -> Sequence[tuple[Lead, Contact]]:
        """Return the first leads of the list that wait and are due, whose rank is above `after` (None: of all)."""
        ...

    def calls_to(
        self, campaign: str, now: datetime, people: Sequence[str], *, steps: Sequence[int]
    ) -> Sequence[tuple[Lead, Contact]]:
        """Return those of these people's leads, by key, that wait and are due, in no order."""
        ...

    def pasts(self, people: Sequence[Contact]) -> Mapping[str, Past]:
        """Return by key what calls these people had, of every campaign; who had none is not there."""
        ...


class Claiming(Paging, Protocol):
    """Part of what a transaction can read."""

    def waiting_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], languages: Sequence[str]
    ) -> Sequence[tuple[Lead, Contact]]:
        """Return the waiting, not held-out leads on these steps, of people who speak one of these languages.

        Their due time has come; they come by rank.
        """
        ...

    def due_calls(
        self, campaign: str, now: datetime, limit: int, *, steps: Sequence[int], languages: Sequence[str]
    ) -> Sequence[Due]:
        """Return the waiting, not held-out leads on these steps, of people who speak one of these languages.

        Their due time has come; they come by rank, with history and suppressions.
        """
        ...

    def in_full(self, pairs: Sequence[tuple[Lead, Contact]]) -> Sequence[Due]:
        """Return these leads of people, in the same order, with history and suppressions."""
        ...
