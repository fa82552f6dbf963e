"""Simulated people for tests over real programs, whose clock is the wall's: a test runs at any hour."""

from datetime import datetime
from typing import Any

from adapters.simulator.people import Population, answer_rate

BY_DAY = 0.33
"""The share of calls to mobiles that a person picks up around noon."""


def as_by_day(now: datetime, **more: Any) -> dict[str, Any]:
    """Return habits, as a scenario writes them, of people who pick up about as by day, though it may be night."""
    hour = Population("").local(now).hour
    return {"answers": min(10.0, BY_DAY / answer_rate(hour, mobile=True)), **more}
