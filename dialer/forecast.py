"""What a floor has taught about its calls and its agents: a value that learns from one lesson at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce

from dialer.answers import Answers
from dialer.delays import Delays
from dialer.hazards import Hazard
from dialer.lessons import Lesson, Reached, Resolved, Screened, Talked, WrappedUp
from dialer.outlook import Outlook, outlook
from dialer.situation import Seconds, Situation

_PRIOR_TALK_S, _PRIOR_WRAP_S = 180.0, 30.0
_MEMORY = 0.99


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """A pure fold: the same lessons and refreshes, in the same order, give the same forecast.

    `threshold_s` is how long a person waits for an agent before the call counts as abandoned. The tables in `outlook`
    are those of the last `refreshed`; what changes fast, the share of calls answered, is always that of now.
    """

    threshold_s: float = 2.0
    answers: Answers = field(default=Answers())
    hours: tuple[tuple[int, int], ...] = ((0, 0),) * 24
    """For each hour of the lessons' zone: calls resolved, and of them those that asked for an agent."""
    delays: Delays = field(default_factory=Delays)
    talk: Hazard = field(default_factory=lambda: Hazard(prior_s=_PRIOR_TALK_S))
    wrap: Hazard = field(default_factory=lambda: Hazard(prior_s=_PRIOR_WRAP_S))
    screening_s: float = 0.0
    """How long the detection of machines keeps a person, on average, before an agent is asked for."""
    outlook: Outlook | None = None

    def after(self, lesson: Lesson) -> "Forecast":
        """Return what is known after `lesson`; what says nothing of calls or agents changes nothing."""
        match lesson:
            case Resolved():
                return self._resolved(lesson)
            case Talked():
                return replace(self, talk=self.talk.after(lesson.lasted_s))
            case WrappedUp():
                return replace(self, wrap=self.wrap.after(lesson.lasted_s))
            case Screened():
                return replace(self, screening_s=self.screening_s * _MEMORY + lesson.took_s * (1 - _MEMORY))
            case _:
                return self

    def refreshed(self, situation: Situation) -> "Forecast":
        """Return the forecast with its tables made anew; asked about each 30 s, it takes a few milliseconds."""
        slack = max(0.0, self.threshold_s - self.screening_s)
        tables = outlook(
            self.delays,
            self.talk.cumulative(situation.talking),
            self.wrap.cumulative(situation.wrapping),
            slack,
        )
        return replace(self, outlook=tables)

    def chance_of(self, odds: float | None) -> float:
        """Return the chance of a call with these odds; predictions are corrected by what came of the last ones."""
        if odds is None:
            return self.answers.share
        ratio = odds / (1.0 - odds) * self.answers.correction
        return ratio / (1.0 + ratio)

    def odds_of(self, chances: Seconds) -> Seconds | float:
        """Return p / (1 - p) of each call with such a chance, corrected; of all calls where none is given."""
        if not len(chances):
            return self.answers.share / (1.0 - self.answers.share)
        return chances / (1.0 - chances) * self.answers.correction

    def _resolved(self, lesson: Resolved) -> "Forecast":
        reached, hour = isinstance(lesson, Reached), lesson.at.hour
        calls, answered = self.hours[hour]
        return replace(
            self,
            answers=self.answers.after(lesson.at, lesson.odds, is_reached=reached),
            delays=self.delays.after(lesson.after_s, is_reached=reached),
            hours=(*self.hours[:hour], (calls + 1, answered + reached), *self.hours[hour + 1 :]),
        )


def learned(lessons: Iterable[Lesson], start: Forecast | None = None) -> Forecast:
    """Return the forecast after all of them."""
    return reduce(Forecast.after, lessons, start or Forecast())
