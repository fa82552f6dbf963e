"""A scenario's file: how the carrier misbehaves, when, and what the people are like."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from adapters.files import read_text
from adapters.simulator.faults import Faults, Turn
from adapters.simulator.habits import Habits
from campaigns.parts import Document
from compliance.document import build, wording
from compliance.problem import Wrong


class Scenario(Document):
    """One set of conditions to develop or test against."""

    says: str = Field(min_length=1, description="what this scenario is, in one sentence")
    calls_per_second: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="the account's limit, in the double's own seconds"
    )
    faults: Faults = Field(default=Faults(), description="what goes wrong from the beginning on")
    later: tuple[Turn, ...] = Field(default=(), description="what goes wrong from some moment on instead")
    people: Habits = Field(default=Habits(), description="what the people are like")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse turns that are not in the order of time."""
        for place in range(1, len(self.later)):
            if self.later[place].after_s <= self.later[place - 1].after_s:
                raise Wrong(
                    wording(
                        "This comes before or with the turn above it", "上の項目より前か同時になっています"
                    ),
                    wording("Put the turns in the order of time", "時間の順に並べてください"),
                    at=("later", place, "after_s"),
                )
        return self


def load_scenario(path: Path) -> Scenario:
    """Return what a scenario's file says. Raises DocumentInvalid with every problem: file, line, column, remedy."""
    return build(Scenario, read_text(path), str(path))
