"""Whoever the API calls into a room: how they enter it, and what such an order is refused for."""

import re
from collections.abc import Mapping

from adapters.simulator import refusals
from adapters.simulator.refusals import Refusal
from adapters.simulator.verbs import Conference

PICKED_UP_AFTER_S = 2.0
"""Campaign seconds that a line of the house's own rings."""
_LINE = re.compile(r"\+[1-9]\d{6,14}|sip:[^\s@]+@[^\s@]+|client:\w{1,121}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def wrong_line(form: Mapping[str, str]) -> Refusal | None:
    """Return what an order to call somebody in is refused for, by whom it calls and from which number."""
    if not form.get("To"):
        return refusals.NO_TO
    if not form.get("From"):
        return refusals.NO_FROM
    if not _LINE.fullmatch(form["To"]):
        return refusals.BAD_TO
    return None if _NUMBER.fullmatch(form["From"]) else refusals.BAD_FROM


def terms_of(form: Mapping[str, str], room: str) -> Conference:
    """Return how somebody called in enters the room."""
    return Conference(
        name=room,
        label=form.get("Label"),
        starts=form.get("StartConferenceOnEnter", "true") == "true",
        ends=form.get("EndConferenceOnExit", "false") == "true",
        beep=form.get("Beep", "true"),
        wait_url=form.get("WaitUrl"),
        status_callback=form.get("ConferenceStatusCallback"),
        status_events=frozenset(form.get("ConferenceStatusCallbackEvent", "start end").split()),
        muted=form.get("Muted") == "true",
        jitter=form.get("JitterBufferSize", "large"),
        coaches=form.get("CallSidToCoach") if form.get("Coaching") == "true" else None,
    )
