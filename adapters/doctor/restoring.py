"""Does anything keep every engine from calling, above all a database that came back from a backup?"""

from collections.abc import Iterable
from datetime import datetime

from adapters.doctor.finding import Finding, fail, ok, warning
from dialer.halts import Halt, in_force


def check_restoring(halts: Iterable[Halt], now: datetime, *, second_place: str, failure: str = "") -> Finding:
    """Tell what is in force, and whether a restored backup would be noticed however it was made.

    `second_place` is where else checkpoints are kept, `failure` why the database could not be asked; "" for neither.
    """
    if failure:
        return warning("restoring", "unknown", failure=failure)
    held = in_force(halts, now)
    for halt in held:
        if halt.until is None:
            return fail("restoring", "held", reason=halt.reason)
    for halt in held:
        return warning("restoring", "paused", reason=halt.reason, until=halt.until)
    return ok("restoring") if second_place else warning("restoring", "one_place")
