"""How many calls to open now when a person is found for an agent before the agent is free."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from compliance.abandonment import Headroom
from dialer.control import Control
from dialer.forecast import Forecast
from dialer.risk import ExactLaw, NormalLaw, law, marginal
from dialer.situation import Situation

COLD_BELOW = 30
"""Calls that must have turned out before anything is predicted."""


class Mode(StrEnum):
    """How the number was found."""

    PREDICTIVE = "predictive"
    RATIO = "ratio"  # as predictive, and no more than the manager wants for each free agent
    PROGRESSIVE = "progressive"


class Bound(StrEnum):
    """What kept the number from being larger."""

    RISK = "risk"  # one more call would be too likely to find nobody
    AGENTS = "agents"  # one line for each free agent
    LINES = "lines"
    CROWD = "crowd"  # calls on their way for each agent
    RAMP = "ramp"  # the same, while the campaign begins
    WAIT = "wait"  # agents wait no longer than the manager finds good enough
    ACCOUNT = "account"
    RATIO = "ratio"  # the manager's lines for each free agent
    NOBODY = "nobody"  # nobody is there who could serve


class Why(StrEnum):
    """Why only one line is opened for each free agent."""

    HALTED = "halted"  # the law's headroom, or the company's, is used up
    SPENT = "spent"  # today's limit will be passed even if nobody else is abandoned
    COLD = "cold"  # too few calls have turned out
    SILENT = "silent"  # nobody has answered for longer than chance explains
    UNREADY = "unready"  # no tables yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many calls to open now, and everything that led to it: enough to say why, and to do it again."""

    calls: int
    mode: Mode
    bound: Bound
    why: Why | None = None
    idle: int
    waiting: int
    in_flight: int
    risk: float | None = None
    """That of the first call which was not opened; None where none was asked about."""
    theta: float
    left: float
    """How many more may be abandoned before risk is cut."""
    share: float
    """Of calls that ask for an agent, at present."""


def pace(
    situation: Situation,
    forecast: Forecast,
    control: Control,
    now: datetime,
    headroom: Headroom | None = None,
) -> Pace:
    """Return how many calls to open now, at least 0 and within every cap. Pure.

    A ratio is one of the caps: what is opened by it has passed the same look at risk, and is never more.
    `headroom` is the law's word on what has been abandoned: halted, it leaves one line for each free agent.
    """
    most, bound = _most(situation)
    why = _why(forecast, control, headroom, now)
    free = max(0, situation.staying - situation.waiting - situation.in_flight)
    calls, risk = min(free, most), None
    theta = control.theta(now)
    if most > 0 and why is None and forecast.outlook is not None:
        calls, risk = _opened(law(situation, forecast, forecast.outlook), theta, (calls, most))
    if calls < most:
        bound = Bound.AGENTS if why else Bound.RISK
    return Pace(
        calls=calls,
        mode=Mode.PROGRESSIVE if why else Mode.PREDICTIVE if situation.ratio is None else Mode.RATIO,
        bound=bound,
        why=why,
        idle=situation.idle,
        waiting=situation.waiting,
        in_flight=situation.in_flight,
        risk=risk,
        theta=theta,
        left=control.left(now),
        share=forecast.answers.share,
    )


def _most(situation: Situation) -> tuple[int, Bound]:
    """Return the caps' number and which cap it is."""
    if situation.agents == 0:
        return 0, Bound.NOBODY
    if situation.ratio is not None and situation.ratio < min(situation.lines, situation.room):
        return max(0, situation.ratio), Bound.RATIO
    if situation.lines <= situation.room:
        return max(0, situation.lines), Bound.LINES
    return max(0, situation.room), Bound.ACCOUNT


def _why(forecast: Forecast, control: Control, headroom: Headroom | None, now: datetime) -> Why | None:
    if headroom is not None and (headroom.is_halted or headroom.calls == 0):
        return Why.HALTED
    if forecast.answers.seen < COLD_BELOW:
        return Why.COLD
    if forecast.answers.is_silent:
        return Why.SILENT
    if control.is_spent(now):
        return Why.SPENT
    return Why.UNREADY if forecast.outlook is None else None


def _opened(law_: ExactLaw | NormalLaw, theta: float, between: tuple[int, int]) -> tuple[int, float]:
    """Return the largest number within bounds whose last call is not too risky, and the risk of one more.

    The first bound is what free agents stand ready for. Risk rises with each call, so the number is bracketed by
    doubling, then found by halving.
    """
    low, most = between
    risk = partial(marginal, law_)
    first = risk(low)
    if low >= most or first > theta:
        return low, first
    top = low + 1
    while top < most and risk(top) <= theta:
        top = min(most, 2 * top - low)
    calls = bisect_right(range(top), theta, lo=low, hi=top, key=risk)
    return calls, risk(calls)
