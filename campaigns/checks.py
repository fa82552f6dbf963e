"""What a check of a campaign is: the sections it reads, and a function that yields places and what is wrong there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from campaigns.outcome import Outcome
from compliance.problem import Path, Wrong, wording

Found = Iterator[tuple[Path, Wrong]]
"""Places in the document and what is wrong there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: which sections (attributes of a campaign) it reads, and the function that takes them by name."""

    needs: tuple[str, ...]
    look: Callable[..., Found]


def wrong_at(
    path: Path, what: tuple[str, str], remedy: tuple[str, str], *, is_key: bool = False
) -> tuple[Path, Wrong]:
    """Return that the value (or the key) at `path` is wrong; each sentence as (English, Japanese)."""
    return path, Wrong(wording(*what), wording(*remedy), is_key=is_key)


def unique(section: str, name: str, values: Iterable[str | None]) -> Found:
    """Yield the entries of a list section whose `name` another entry before them has."""
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if value is None:
            continue
        if value in seen:
            yield wrong_at(
                (section, index, name),
                (
                    f'{name} "{value}" is taken by entry {seen[value] + 1}',
                    f"{name}「{value}」は{seen[value] + 1}番目と同じです",
                ),
                ("Give each entry its own", "項目ごとに別のものにしてください"),
            )
        seen.setdefault(value, index)


def listed(outcomes: Iterable[Outcome]) -> str:
    """Return outcomes as a sentence lists them."""
    return ", ".join(sorted(outcome.value for outcome in outcomes))
