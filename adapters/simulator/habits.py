"""What the simulated people are like, as far as a scenario may change it."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from adapters.simulator.faults import Share
from campaigns.outcome import DISPOSABLE, Outcome
from campaigns.parts import Document
from compliance.document import wording
from compliance.problem import Wrong

Times = Annotated[float, Field(ge=0, le=10)]
MeanSeconds = Annotated[float, Field(gt=0, le=3600)]


class Habits(Document):
    """How people take calls. `answers`, `machines` and `patience` are factors, 1 as usual; the rest shares or seconds.

    `ring_s` and `talk_s` are means: of ringing before a person picks up, and of a talk that is not cut short.
    """

    answers: Times = Field(default=1, description="times as many people pick up as usual")
    machines: Times = Field(default=1, description="times as many machines pick up as usual")
    busy: Share = Field(default=0.04, description="share of calls that meet a busy line")
    failed: Share = Field(default=0.015, description="share of calls that fail before they ring")
    gone: Share = Field(default=0.012, description="share of numbers that do not exist any more")
    ring_s: MeanSeconds = Field(default=12, description="mean seconds of ringing before a person picks up")
    talk_s: MeanSeconds = Field(default=110, description="mean seconds of a talk that is not cut short")
    short_s: MeanSeconds = Field(default=20, description="mean seconds of a talk that is cut short")
    says: dict[Outcome, Share] = Field(
        default={}, description="share of talks by what people want, the rest not interested; empty: as usual"
    )
    patience: Times = Field(default=1, description="times as long as usual people bear silence")
    presses_9: Share = Field(
        default=0.08, description="share of people who press 9 when a notice asks for a key"
    )
    presses_1: Share = Field(default=0.12, description="share of people who press 1 when a notice offers it")

    @model_validator(mode="after")
    def _leaves_nobody_over(self) -> Self:
        """Refuse shares that are more than everybody, and wishes that nobody can have."""
        if sum(self.says.values()) > 1 or not set(self.says) <= DISPOSABLE - {Outcome.MACHINE}:
            raise Wrong(
                wording(
                    "These shares are more than everybody, or not what a person can want",
                    "割合の合計が1を超えているか、人の要望ではない項目があります",
                ),
                wording(
                    "Write shares of at most 1 in all, such as sold: 0.1",
                    "sold: 0.1 のように、合計1以下で書いてください",
                ),
                at=("says",),
            )
        return self
