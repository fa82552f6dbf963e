"""The text of dialer.yaml, and of the shifts beside it, becomes settings, or every problem of both at once."""

from collections.abc import Iterator
from typing import TypeVar

from compliance.document import DocumentInvalid, Examined, Problem, Wrong, examine, problem_at, wording
from dialer.settings import Settings
from dialer.shift_checks import look
from dialer.shifts import Shifts

M = TypeVar("M", bound=Shifts)
Text = tuple[str, str]
"""A document's text, and how problems name its file."""

_SECTIONS = ("shifts", "days_off")
_TWICE = Wrong(
    wording("Shifts stand in dialer.yaml as well", "シフトは dialer.yaml にも書かれています"),
    wording("Keep them in one of the two files", "どちらか一方のファイルにまとめてください"),
    is_key=True,
)


def installed(settings: Text | None, shifts: Text | None) -> Settings:
    """Return the settings with the shifts that stand in them or in a file of their own; a document may be missing.

    Raises DocumentInvalid with every problem in both.
    """
    problems: list[Problem] = []
    own = _examined(Settings, settings or ("{}", "dialer.yaml"), problems)
    apart = _examined(Shifts, shifts, problems) if shifts else None
    if own and apart and any((name,) in own.positions for name in _SECTIONS):
        problems.append(problem_at(apart.file, apart.positions, (), _TWICE))
    found = apart or own
    if own and found:
        problems += _between(own, found)
    if problems or own is None or own.document is None:
        raise DocumentInvalid(problems)
    if apart is None or apart.document is None:
        return own.document
    planned = apart.document
    return own.document.model_copy(update={"shifts": planned.shifts, "days_off": planned.days_off})


def _examined(model: type[M], text: Text, problems: list[Problem]) -> Examined[M] | None:
    try:
        found = examine(model, *text)
    except DocumentInvalid as invalid:
        problems += invalid.problems
        return None
    problems += found.problems
    return found


def _between(own: Examined[Settings], found: Examined[Settings] | Examined[Shifts]) -> Iterator[Problem]:
    """Yield what shifts are not to agents, breaks and each other, as far as those are sound by themselves."""
    parts = {**own.sound, **{name: found.sound.get(name) for name in _SECTIONS}}
    shifts, days_off, agents, breaks = (
        parts.get(name) for name in ("shifts", "days_off", "agents", "breaks")
    )
    if shifts is None or days_off is None or agents is None or breaks is None:
        return
    for path, wrong in look(shifts, days_off, [agent.id for agent in agents], breaks):
        yield problem_at(found.file, found.positions, path, wrong)
