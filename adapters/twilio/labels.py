"""Labels of legs that an order brought into a room: whose each is, and which order it was."""

import re
from typing import Final

from adapters.twilio import voice

_VISIT: Final = "visit."
_EAR: Final = "ear."
_MOVED: Final = re.compile(r"(.+)\.m([1-9]\d{0,5})")
_TRIP: Final = re.compile(r"(.+)-([1-9]\d{0,5})")


def of_person(attempt: str, move: int) -> str:
    """Return the label of a person's leg that the order number `move` brings into a room."""
    return f"{attempt}.m{move}"


def person(label: str) -> tuple[str, int]:
    """Return which attempt a person's label names, and which move of theirs, 0 for none."""
    found = _MOVED.fullmatch(label)
    return (found[1], int(found[2])) if found else (label, 0)


def of_guest(agent: str, reference: str, trip: int) -> str:
    """Return the label of an agent's leg in a colleague's room."""
    return f"{_VISIT}{agent}.{reference}-{trip}"


def guest(label: str) -> tuple[str, int] | None:
    """Return which agent visits under this label, and on which trip; None for any other leg."""
    if not label.startswith(_VISIT):
        return None
    agent, trip = label.removeprefix(_VISIT).rpartition(".")[0], trip_of(label)
    return (agent, trip) if agent and trip else None


def of_listener(supervisor: str, nonce: str) -> str:
    """Return the label of a supervisor's leg."""
    return f"{_EAR}{supervisor}.{nonce}"


def listener(label: str) -> tuple[str, str] | None:
    """Return which supervisor's leg this is, and of which order; None for any other leg."""
    supervisor, _, nonce = label.removeprefix(_EAR).rpartition(".")
    return (supervisor, nonce) if label.startswith(_EAR) and supervisor and nonce else None


def of_homecoming(agent: str, reference: str, trip: int) -> str:
    """Return the label of an agent's leg in their own room again."""
    return f"{voice.agent_label(agent, reference)}-{trip}"


def trip_of(label: str) -> int:
    """Return which trip brought an agent's leg where it is, 0 for none: they came by themselves."""
    found = _TRIP.fullmatch(label.rpartition(".")[2])
    return int(found[2]) if found else 0


def owner(label: str) -> str | None:
    """Return the agent whose leg this is, at home or not; None for anybody else's."""
    visiting = guest(label)
    return visiting[0] if visiting else voice.agent_of(label)
