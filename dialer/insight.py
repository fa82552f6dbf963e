"""When a person is likely to answer the next call, after one that is over."""

from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.hourly import Habits
from campaigns.outcome import Outcome
from dialer.attempt import Attempt
from dialer.foresight import Foresight
from dialer.traits import from_text, last_of, zone_of


def habits_after(attempt: Attempt, outcome: Outcome, known: Foresight) -> Habits | None:
    """Return when the person of a call that is over answers, None where no odds are used or nothing was known."""
    before = from_text(attempt.traits) if attempt.traits else None
    insight = known.insight(attempt.campaign) if before else None
    if before is None or insight is None:
        return None
    is_answered = attempt.answered_at is not None and outcome is not Outcome.MACHINE
    traits, zone = before.after(last_of(outcome, is_answered=is_answered)), zone_of(attempt.address)
    place = ZoneInfo(zone)

    def likely(at: datetime) -> float:
        return insight.of(traits.at(at.astimezone(place)))

    return Habits(zone=zone, likely=likely)
