"""What the odds of one campaign are worth: taught by earlier calls, held against later ones, beside the hourly rate."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialer.foresight import Foresight, Tried, Why, in_order
from dialer.odds import Calibration

HELD_OUT = 0.25
"""The share of a campaign's calls, the last ones, that teach nothing and are judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What calls that taught nothing came to, against the chances given to them.

    `taught` counts the calls that taught, of all campaigns; `judged` those held out, of this one. `why` is why an
    engine that has learnt from all of them does not use the odds, None when it does.
    """

    taught: int
    judged: int
    model: Calibration
    hourly: Calibration
    why: Why | None

    @property
    def is_better(self) -> bool:
        """Whether the model was out by less than the hourly rate."""
        return self.judged > 0 and self.model.brier < self.hourly.brier


def assess(calls: Sequence[Tried], campaign: str, held_out: float = HELD_OUT) -> Assessment:
    """Return how well a campaign's last calls (a share of them) are foretold by all that were over before. Pure."""
    known = [call for call in in_order(calls) if call.is_answered is not None]
    own = [call for call in known if call.campaign == campaign]
    judged = own[len(own) - round(held_out * len(own)) :]
    earlier = known[: known.index(judged[0])] if judged else known
    before = Foresight().taught(earlier)
    insight = before.model(campaign)
    school = before.campaigns.get(campaign, before.shared)
    model, hourly = Calibration(), Calibration()
    for call in judged:
        is_answered = bool(call.is_answered)
        model = model.after(insight.of(call.traits), is_answered=is_answered)
        hourly = hourly.after(school.hourly(call.traits), is_answered=is_answered)
    return Assessment(
        taught=len(earlier),
        judged=len(judged),
        model=model,
        hourly=hourly,
        why=before.taught(known[len(earlier) :]).why(campaign),
    )
