"""Our own policy on the bench's floor: lessons in, calls out, exactly as the engine does it."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bench.pacing_fates import Scenario
from bench.pacing_floor import Floor
from dialer import lessons
from dialer.control import Control, Target
from dialer.forecast import Forecast
from dialer.pace import pace
from dialer.situation import NONE, Situation

OPENING = datetime(2026, 11, 24, 0, tzinfo=UTC)
REFRESH_S = 30.0


class Ours:
    """Predictive pacing. Everything is learned on the day: the forecast begins as it is made."""

    period_s, is_prompt = 1.0, True

    def __init__(self, scenario: Scenario) -> None:
        """Begin the day."""
        self.forecast = Forecast(threshold_s=scenario.patience_s)
        self.control = Control(
            target=Target(share=scenario.limit, counts_misjudged=False),
            opens=OPENING,
            closes=OPENING + timedelta(seconds=scenario.seconds),
        )
        self._refreshed = -REFRESH_S

    def calls(self, floor: Floor) -> int:
        """Return how many calls to open now."""
        seen = self._seen(floor)
        if floor.now - self._refreshed >= REFRESH_S:
            self.forecast, self._refreshed = self.forecast.refreshed(seen), floor.now
        return pace(seen, self.forecast, self.control, OPENING + timedelta(seconds=floor.now)).calls

    def saw(self, floor: Floor, what: str, seconds: float) -> None:
        """Learn."""
        at = OPENING + timedelta(seconds=floor.now)
        match what:
            case "served":
                self.control = self.control.after(lessons.Served(at=at))
            case "abandoned":
                self.control = self.control.after(lessons.Abandoned(at=at))
            case "misjudged":
                self.control = self.control.after(lessons.Misjudged(at=at))
            case "reached":
                self.forecast = self.forecast.after(lessons.Reached(at=at, after_s=seconds))
            case "missed":
                self.forecast = self.forecast.after(lessons.Missed(at=at, after_s=seconds))
            case "screened":
                self.forecast = self.forecast.after(lessons.Screened(at=at, took_s=seconds))
            case "talked":
                self.forecast = self.forecast.after(lessons.Talked(at=at, lasted_s=seconds))
            case _:
                self.forecast = self.forecast.after(lessons.WrappedUp(at=at, lasted_s=seconds))

    def _seen(self, floor: Floor) -> Situation:
        def leaving(agents: dict[int, float]) -> np.ndarray:
            if not floor.has_shifts:
                return NONE
            return np.fromiter(map(floor.leaves_in, agents), float, len(agents))

        return Situation(
            idle=len(floor.idle),
            waiting=len(floor.waiting),
            talking=_ages(floor.talking, floor.now),
            wrapping=_ages(floor.wrapping, floor.now),
            idle_leaving=leaving(floor.idle),
            talking_leaving=leaving(floor.talking),
            wrapping_leaving=leaving(floor.wrapping),
            ringing=_ages(floor.ringing, floor.now),
            room=floor.room(),
        )


def _ages(since: dict[int, float], now: float) -> np.ndarray:
    return now - np.fromiter(since.values(), float, len(since))
