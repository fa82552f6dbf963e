"""Which faults a double commits, and from when on."""

from typing import Annotated

from pydantic import Field

from campaigns.parts import Document

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]


class Faults(Document):
    """What goes wrong, as shares of all cases (0 never, 1 always), drawn by hash so that a run repeats.

    `…_before_accept` and `status_…` mean that nothing will ring. What is `…_after_accept`, and an answer that is
    garbled or names somebody else's number (`wrong_to`), happens to a call that *was* accepted and will ring; the
    client just never learns of it. `status_401` and `status_503` strike whatever is asked of the API.
    `ring_over_s` is how much longer than `Timeout` it rings: at Twilio up to five seconds in some call flows.
    `hold_…_accept_s` and `hang_s` are real seconds. `hold_answer_s` (accepted at once, dialled so much later),
    `ring_over_s` and `delay_s` are campaign seconds.
    """

    hold_before_accept_s: Seconds = 0
    refuse_before_accept: Share = 0
    error_500_before_accept: Share = 0
    hold_answer_s: Seconds = 0
    hold_after_accept_s: Seconds = 0
    hang_after_accept: Share = 0
    hang_s: Seconds = 30
    reset_after_accept: Share = 0
    error_500_after_accept: Share = 0
    garbled_answer: Share = 0
    wrong_to: Share = 0
    status_429_share: Share = 0
    status_401: Share | bool = 0.0
    status_503: Share | bool = 0.0
    ring_over_s: Annotated[float, Field(ge=0, le=5)] = 0
    drop_callbacks: Share = 0
    duplicate_callbacks: Share = 0
    reorder_callbacks: Share = 0
    delay_callbacks: Share = 0
    delay_s: Seconds = 30


class Turn(Document):
    """Other faults from some moment on: `after_s` campaign seconds after the double began."""

    after_s: Annotated[float, Field(gt=0)]
    faults: Faults
