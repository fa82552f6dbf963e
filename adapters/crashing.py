"""For tests: the program ends itself, without a word, when it passes a named point of the attempt protocol."""

import os
import signal
from collections.abc import Callable

from dialer.crashpoints import Point
from dialer.errors import DialerError

VARIABLE = "DIALER_CRASHPOINT"
"""`POINT` or `POINT:N`: the program kills itself the N-th time that it passes there."""


def crash_at(where: str, kill: Callable[[], None]) -> Callable[[Point], None]:
    """Return what to call at each point; `kill` is called when the named one is passed for the N-th time."""
    name, _, times = where.partition(":")
    if name not in set(Point) or not (times or "1").isdecimal():
        raise DialerError(f"{VARIABLE}={where}: write one of {', '.join(Point)}, with :N for the N-th time")
    left = int(times or "1")

    def passing(point: Point) -> None:
        nonlocal left
        if point == name:
            left -= 1
            if left == 0:
                kill()

    return passing


def from_environment() -> Callable[[Point], None]:
    """Return what the environment asks for; nothing, as a rule."""
    where = os.environ.get(VARIABLE, "")
    return crash_at(where, lambda: os.kill(os.getpid(), signal.SIGKILL)) if where else lambda _: None
