"""How many calls to open now."""

import math
from datetime import timedelta

from campaigns.campaign import Pacing

_BELOW = 0.9
"""Of the account's rate; it is held on average, and single seconds pass it (facts: pacing at Twilio, F18)."""

_PART = 8
"""Of a second's starts, begun in one look: what is heard meanwhile must not wait until sixty are judged and written."""


def calls_to_open(pacing: Pacing, *, ready: int, lines: int, account_room: int) -> int:
    """Return how many calls may be opened now, at least 0.

    `ready` agents wait for a call (an agent reserved for a call in flight is not ready), `lines` calls of this
    campaign are alive, and `account_room` more may start on the carrier's account
    without passing its rate: what is above it would be queued there, and ring late. Progressive dialling
    opens one line for each free agent, reserved before the call, so that whoever answers is served at once.
    """
    if pacing.is_agentless:  # nobody is kept waiting by more calls than agents
        return max(0, min(pacing.max_lines - lines, account_room))
    wanted = math.floor(ready * min(pacing.lines_per_agent, 1.0))
    return max(0, min(wanted, pacing.max_lines - lines, account_room))


def ratio_left(pacing: Pacing, *, free: int, on_their_way: int) -> int | None:
    """Return how many calls the manager's ratio leaves, at least 0; None where there is no ratio.

    `free` agents wait for whom nobody who answered is waiting, and calls `on_their_way` may want them.
    """
    if not pacing.is_ratio:
        return None
    return max(0, math.floor(max(0, free) * pacing.lines_per_agent) - on_their_way)


def at_once(calls_per_second: float) -> int:
    """Return how many calls are begun in one look at most on an account of this rate; the next look follows at once."""
    return max(_PART, math.ceil(calls_per_second / _PART))


def account_window(calls_per_second: float) -> tuple[timedelta, int]:
    """Return the same for the carrier's account, a tenth below its rate: what is above it queues, and rings late."""
    return rate_window(calls_per_second * _BELOW)


def rate_window(calls_per_second: float) -> tuple[timedelta, int]:
    """Return over which time to count starts, and how many may be in it: one in two seconds for a rate of 0.5."""
    if calls_per_second >= 1:
        return timedelta(seconds=1), math.floor(calls_per_second)
    return timedelta(seconds=1 / calls_per_second), 1
