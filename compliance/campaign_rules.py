"""The rules that bind a campaign as a whole: what is said, who is shown as calling, how long it rings."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from compliance.fields import Duration, Share
from compliance.problem import Wrong, wording
from compliance.rules import Rule
from compliance.terms import LineType, ReasonCode

Seconds = Annotated[int, Field(ge=1, le=3600)]


class DisclosureRule(Rule):
    """What a script must say: before the pitch (nothing but `greetings` may come earlier), `within_s` of the answer."""

    elements: tuple[str, ...]
    greetings: frozenset[str] = frozenset()
    within_s: Seconds | None = None


class RingRule(Rule):
    """How long a phone must ring at least, and may ring at most."""

    min_s: Seconds | None = None
    max_s: Seconds | None = None
    code: Literal[ReasonCode.RING_TOO_SHORT, ReasonCode.RING_TIME_RANGE]


class CallerIdRule(Rule):
    """Which number is shown: one at all, one we may show, in the country's ranges, that takes opt-outs when called.

    `prefixes` (E.164) are the only ones allowed where any are given; `forbidden` are kinds of line never shown.
    """

    proof: bool = False
    takes_opt_outs: bool = False
    country: str | None = None
    prefixes: tuple[str, ...] = ()
    forbidden: frozenset[LineType] = frozenset()


class NoticeRule(Rule):
    """What is played to who answers when no agent is there, and how soon."""

    elements: frozenset[str]
    within: Duration = Field(gt=timedelta(0))


class ConnectRule(Rule):
    """How soon after the greeting an agent must be there, else the call counts as abandoned."""

    within: float = Field(gt=0, le=10, description="seconds")


class AbandonmentRule(Rule):
    """Which share of answered calls may be abandoned, counted how, over what, by whom.

    `of` is the denominator: live answers (the abandoned among them), or abandoned plus connected. `per` is what is
    counted together; `period` over which: successive runs of so many days from the campaign's first call, every
    stretch of so many days, the local day, the calendar month. Below `min_sample` live answers an upper confidence
    bound takes the place of the share.
    """

    most: Share = Field(gt=0, lt=1)
    of: Literal["live_answers", "abandoned_and_live"] = "live_answers"
    per: tuple[Literal["campaign", "centre"], ...] = ("campaign",)
    period: Literal["successive", "rolling", "day", "month"]
    days: int | None = Field(default=None, ge=1, le=366)
    counts_false_machines: bool = False
    min_sample: int = Field(default=300, ge=1)
    warn_at: Share | None = None
    is_safe_harbour: bool = True

    @model_validator(mode="after")
    def _has_a_length(self) -> "AbandonmentRule":
        if (self.days is None) == (self.period in {"successive", "rolling"}):
            raise Wrong(
                wording(
                    f"days does not go with a period of {self.period}",
                    f"days が期間 {self.period} と合いません",
                ),
                wording(
                    "Write days with successive and rolling, and leave it out with day and month",
                    "successive と rolling には days を書き、day と month には書かないでください",
                ),
                ("days",),
            )
        return self

    @property
    def length(self) -> int:
        """How many days a period of successive or rolling days has."""
        return self.days or 1


class MailRule(Rule):
    """What a sender of mail owes: how long the way out works, one click, how few complaints."""

    unsubscribe_days: int | None = Field(default=None, ge=1)
    one_click_from: int | None = Field(default=None, ge=1, description="mails a day")
    most_complaints: Share | None = None
    elements: frozenset[str] = frozenset()
