"""How a campaign's numbers are dialled: how many at once, how fast, how long they ring, who is told from a machine."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from campaigns.parts import Document
from campaigns.previewing import Preview
from compliance.fields import Duration, Share
from compliance.terms import Technology

Mode = Annotated[
    Technology,
    BeforeValidator(lambda value: Technology.PRERECORDED if value == "agentless" else value),
    WithJsonSchema({"type": "string", "enum": [*(mode.value for mode in Technology), "agentless"]}),
]
"""How numbers are dialled; `agentless` is what managers call what the law calls prerecorded."""


class Detection(Document):
    """How an answering machine is told from a person. Left out, a figure is the carrier's own."""

    mode: Literal["Enable", "DetectMessageEnd"] = Field(
        default="Enable", description="Enable: who answered, at once; DetectMessageEnd: waits for the beep"
    )
    speech_threshold: int | None = Field(
        default=None, ge=1000, le=6000, description="ms of speech from which on it is a machine (2400)"
    )
    speech_end_threshold: int | None = Field(
        default=None, ge=500, le=5000, description="ms of silence that end a greeting (1200)"
    )
    silence_timeout: int | None = Field(
        default=None, ge=2000, le=10_000, description="ms of silence at first that end the search (5000)"
    )
    timeout: int | None = Field(default=None, ge=3, le=59, description="s until the search is given up (30)")
    false_machines: Share | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="share of those taken for machines who are people, by your own test",
        examples=["2%"],
    )


class Abandonment(Document):
    """How many people may answer and find no agent: it can only narrow the law."""

    target: Share | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="share of answered calls; left out, the law's limit",
        examples=["1%"],
    )
    threshold: Duration = Field(
        default="2s",
        validate_default=True,
        description="how long whoever answers may wait for an agent: 0s to 2s",
    )


class Pacing(Document):
    """How many calls at once, how fast, how long they ring."""

    mode: Mode = Field(
        default=Technology.PROGRESSIVE,
        description="preview: an agent sees each person, and dials or skips; progressive: one line for each free "
        "agent; ratio: as many as you say, and never more than "
        "predictive would; predictive: as many as find an agent when they answer; agentless: a message is played "
        "(`broadcast`)",
    )
    lines_per_agent: float = Field(
        default=1.0,
        gt=0,
        le=20,
        description="lines opened for each free agent: progressive 1 at most, ratio more than 1",
    )
    max_lines_per_agent: float = Field(
        default=4.0, ge=1, le=20, description="predictive, ratio: calls on their way for each agent, at most"
    )
    ramp: Duration = Field(
        default="0s",
        validate_default=True,
        description="predictive, ratio: how long until `max_lines_per_agent` is reached after a beginning: up to 2h",
    )
    wait_target: Duration = Field(
        default="0s",
        validate_default=True,
        description="predictive, ratio: how long agents may wait; where they wait less, less is risked; 0s: none",
    )
    abandonment: Abandonment = Field(
        default=Abandonment(), description="predictive, ratio: how many may answer and find no agent"
    )
    priority: int = Field(
        default=3, ge=1, le=5, description="who is served first where agents or lines are short; 5 before all"
    )
    weight: int = Field(default=10, ge=1, le=100, description="its share beside campaigns of its priority")
    preview: Preview | None = Field(
        default=None, description="preview: how an agent looks at a person before they dial"
    )
    order: Literal["likely", "list"] = Field(
        default="likely",
        description="who of those who are due is called first: likely, whoever answers rather now than later, "
        "with each fourth call by the list; list, as the list has it",
    )
    max_lines: int = Field(default=20, ge=1, le=10_000, description="calls alive at once, at most")
    calls_per_second: float = Field(
        default=1.0, gt=0, le=1_000, description="calls started in a second, at most"
    )
    ring_limit: Duration = Field(
        default="25s", validate_default=True, description="how long a phone rings: 15s to 60s"
    )
    call_limit: Duration = Field(
        default="30m", validate_default=True, description="how long a call may last: 1m to 4h"
    )
    wrap_up: Duration = Field(
        default="30s", validate_default=True, description="how long an agent may write up a call: up to 30m"
    )
    machine_detection: Literal["off", "async"] = Field(
        default="off", description="async: connect first, drop an answering machine afterwards"
    )
    detection: Detection = Field(default=Detection(), description="how a machine is told from a person")

    @property
    def is_agentless(self) -> bool:
        """Whether nobody is reserved for a call: a message is played to whoever answers."""
        return self.mode is Technology.PRERECORDED

    @property
    def is_reserving(self) -> bool:
        """Whether an agent is reserved for each call before it is dialled."""
        return not self.is_agentless and not self.is_predictive

    @property
    def is_predictive(self) -> bool:
        """Whether an agent is found for a call when it is answered, and not before it is dialled.

        A ratio is dialled so too: the prediction decides, and the ratio is one more bound.
        """
        return self.mode is Technology.PREDICTIVE or self.is_ratio

    @property
    def is_previewing(self) -> bool:
        """Whether an agent sees each person before the call, and dials by their own press."""
        return self.mode is Technology.PREVIEW

    @property
    def previewing(self) -> Preview:
        """How an agent looks at a person before they dial."""
        return self.preview or Preview()

    @property
    def technology(self) -> Technology:
        """What the law takes it for: where the program dials in the agent's place, it is no preview any more."""
        dials_alone = self.is_previewing and self.previewing.on_timeout == "dial"
        return Technology.PROGRESSIVE if dials_alone else self.mode

    @property
    def is_ratio(self) -> bool:
        """Whether no more lines are opened than the manager wants for each free agent."""
        return self.mode is Technology.RATIO
