"""Whether this process may open calls: what could make it break a promise is looked at before it does."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from dialer.ports import Clock

_log = structlog.get_logger()

Check = Callable[[], str | None]
"""Returns why no call may be opened, in plain words; None when all is well."""
FREE_SHARE, FREE_BYTES = 0.05, 200_000_000
"""With less space left than the larger of these nothing new is begun: what runs needs room to be recorded."""
_LOOK_EVERY_S = 2.0


def fit(checks: Sequence[Check]) -> Check:
    """Return one check that fails when any of them does, and logs each change of what is wrong."""
    said: str | None = None

    def check_all() -> str | None:
        nonlocal said
        why = next((why for check in checks if (why := check())), None)
        if why != said:
            said = why
            _log.error("dialing_unfit", reason=why) if why else _log.info("dialing_fit")
        return why

    return check_all


class Disk:
    """Tells when the disk that a folder is on is nearly full; looks every two real seconds at most."""

    def __init__(
        self, folder: Path, clock: Clock, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage
    ) -> None:
        """Take the folder; `usage` returns total, used and free bytes."""
        self._folder, self._clock, self._usage = folder, clock, usage
        self._looked_at = float("-inf")
        self._said: str | None = None

    def __call__(self) -> str | None:
        """Return what is wrong, if anything."""
        now = self._clock.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at, self._said = now, self._look()
        return self._said

    def _look(self) -> str | None:
        try:
            total, _, free = self._usage(self._folder)
        except OSError as error:
            return f"the disk of {self._folder} cannot be looked at: {error.strerror}"
        if free >= max(total * FREE_SHARE, min(FREE_BYTES, total / 2)):
            return None
        return f"the disk of {self._folder} is nearly full: {free // 1_000_000} MB of {total // 1_000_000} MB free"
