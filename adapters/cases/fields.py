"""Reading a written case key by key: what is missing or unreadable is said with its place, what nobody read is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

T = TypeVar("T")


class CaseInvalid(ValueError):
    """A case that cannot be read: the message names the place in it and the remedy."""


class Fields:
    """A mapping of a case at `path`, that remembers which keys were read."""

    def __init__(self, body: object, path: str = "") -> None:
        """Read `body`. Raises CaseInvalid when it is no mapping."""
        if not isinstance(body, Mapping):
            raise CaseInvalid(f'{path or "the case"}: not an object; write {{"key": value}}')
        self._body: Mapping[str, Any] = body
        self._path = path
        self._read: set[str] = set()
        self._below: dict[str, list[Fields]] = {}

    def __contains__(self, name: str) -> bool:
        """Tell whether the key is there, null included."""
        return name in self._body

    def __iter__(self) -> Iterator[str]:
        """Go over the keys."""
        return iter(self._body)

    def place(self, name: str) -> str:
        """Return the path of a key, such as `campaign.technology`."""
        return f"{self._path}.{name}" if self._path else name

    def get(self, *names: str, default: Any = None) -> Any:
        """Return the value of the first of these keys that is there."""
        for name in names:
            if name in self._body:
                self._read.add(name)
                return self._body[name]
        return default

    def skip(self, names: Iterable[str]) -> None:
        """Take these keys for read: they say nothing that is asked."""
        self._read.update(names)

    def text(self, name: str) -> str:
        """Return a text that must be there. Raises CaseInvalid."""
        value = self.get(name)
        if not isinstance(value, str) or not value:
            raise CaseInvalid(f"{self.place(name)}: a text is needed, not {value!r}")
        return value

    def word(self, name: str, words: Mapping[str, T], *, default: str | None = None) -> T:
        """Return what a word means. Raises CaseInvalid, with the words there are."""
        value = self.get(name, default=default)
        if value not in words:
            raise CaseInvalid(
                f"{self.place(name)}: {value!r} is not known; write one of {', '.join(sorted(words))}"
            )
        return words[value]

    def instant(self, *names: str) -> datetime | None:
        """Return an instant; a date means its first moment in UTC. Raises CaseInvalid."""
        value = self.get(*names)
        return None if value is None else instant_of(value, self.place(names[0]))

    def flag(self, *names: str, default: bool) -> bool:
        """Return a yes or no. Raises CaseInvalid for anything else, so that "false" is never taken for a yes."""
        value = self.get(*names, default=default)
        if not isinstance(value, bool):
            raise CaseInvalid(f"{self.place(names[0])}: write true or false, not {value!r}")
        return value

    def number(self, *names: str) -> float | None:
        """Return a figure. Raises CaseInvalid for anything else."""
        value = self.get(*names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise CaseInvalid(f"{self.place(names[0])}: a number is needed, not {value!r}")
        return float(value)

    def below(self, name: str) -> "Fields":
        """Return the mapping under a key; an empty one where there is none."""
        value = self.get(name)
        if name not in self._below:
            self._below[name] = [Fields({} if value is None else value, self.place(name))]
        return self._below[name][0]

    def each(self, name: str) -> "Iterable[Fields]":
        """Return the mappings of a list under a key; none where there is none. Raises CaseInvalid."""
        value = self.get(name, default=())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise CaseInvalid(f"{self.place(name)}: a list is needed")
        if name not in self._below:
            self._below[name] = [Fields(one, f"{self.place(name)}[{at}]") for at, one in enumerate(value)]
        return self._below[name]

    def ignored(self) -> tuple[str, ...]:
        """Return the keys that nobody read, here and below."""
        own = [self.place(name) for name in self._body if name not in self._read]
        return (
            *own,
            *(name for found in self._below.values() for below in found for name in below.ignored()),
        )


def instant_of(value: object, place: str) -> datetime:
    """Return the instant a text says, in UTC. Raises CaseInvalid."""
    try:
        at = datetime.fromisoformat(str(value))
        if len(str(value)) == len("2026-11-24"):
            at = datetime.combine(date.fromisoformat(str(value)), datetime.min.time(), UTC)
    except ValueError:
        raise CaseInvalid(f"{place}: {value!r} is no instant; write such as 2026-11-24T12:00:00Z") from None
    if at.tzinfo is None:
        raise CaseInvalid(f"{place}: {value!r} has no offset from UTC; write such as 2026-11-24T12:00:00Z")
    return at.astimezone(UTC)
