"""The life of an attempt, whatever order the world tells it in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcome import Outcome
from compliance.terms import Channel
from dialer.attempt import Attempt, AttemptState
from dialer.events import (
    AnsweredBy,
    AttemptEvent,
    CallAnswered,
    CallConnected,
    CallEnded,
    CallEnding,
    CallNotPlaced,
    CallOptedOut,
    CallPlaced,
    CallPriced,
    CallRecorded,
    CallRejected,
    CallRinging,
    CallScreened,
    CallThrottled,
    CallUnsure,
)
from dialer.mail_events import (
    MailAccepted,
    MailAnswered,
    MailBounced,
    MailRefused,
    MailUnsubscribed,
    MailUnsure,
)
from dialer.mail_progress import MAIL
from dialer.progress import CALL, advance

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def an_attempt(**changes: object) -> Attempt:
    """Return a call just opened."""
    attempt = Attempt(
        id="c-1-1",
        campaign="c",
        version="v",
        lead=1,
        contact="k",
        channel=Channel.VOICE,
        ordinal=1,
        address="+819012345678",
        nonce="n",
        state=AttemptState.OPENED,
        opened_at=AT,
    )
    return replace(attempt, **changes)  # type: ignore[arg-type]


def after(attempt: Attempt, *events: AttemptEvent) -> Attempt:
    """Return the attempt after the events, those that change nothing passed over."""
    for event in events:
        attempt = advance(attempt, event) or attempt
    return attempt


def head(second: int) -> dict[str, object]:
    """Return the fields every event has."""
    return {"key": str(second), "at": AT + timedelta(seconds=second), "attempt": "c-1-1"}


PLACED = CallPlaced(reference="CA1", **head(1))  # type: ignore[arg-type]
RINGING = CallRinging(reference="CA1", **head(3))  # type: ignore[arg-type]
ANSWERED = CallAnswered(reference="CA1", **head(9))  # type: ignore[arg-type]
CONNECTED = CallConnected(reference="CA1", **head(10))  # type: ignore[arg-type]
MACHINE = CallScreened(reference="CA1", answered_by=AnsweredBy.MACHINE, **head(12))  # type: ignore[arg-type]


def ended(ending: CallEnding = CallEnding.COMPLETED, talk_s: int = 60) -> CallEnded:
    """Return the end of a call."""
    return CallEnded(reference="CA1", ending=ending, talk_s=talk_s, **head(70))  # type: ignore[arg-type]


def test_a_connected_call_waits_for_its_agents_word() -> None:
    """The end of a talk gives no outcome: the agent does."""
    over = after(an_attempt(), PLACED, RINGING, ANSWERED, CONNECTED, ended())
    assert (over.state, over.outcome, over.talk_s, over.reference) == (AttemptState.OVER, None, 60, "CA1")


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (CallEnding.BUSY, Outcome.BUSY),
        (CallEnding.NO_ANSWER, Outcome.NO_ANSWER),
        (CallEnding.FAILED, Outcome.FAILED),
        (CallEnding.CANCELED, Outcome.CANCELED),
        (CallEnding.COMPLETED, Outcome.ABANDONED),
    ],
)
def test_a_call_nobody_joined_ends_as_the_carrier_says(ending: CallEnding, outcome: Outcome) -> None:
    """Without an agent the carrier's word is the outcome, and an answer we did not serve is an abandonment."""
    assert after(an_attempt(), PLACED, RINGING, ended(ending, 0)).outcome is outcome


def test_a_machine_is_a_machine_even_when_an_agent_was_joined() -> None:
    """Detection that comes after the agent was connected still decides."""
    assert after(an_attempt(), PLACED, ANSWERED, CONNECTED, MACHINE, ended()).outcome is Outcome.MACHINE


def test_a_lost_answer_is_healed_by_any_callback() -> None:
    """The carrier's reference is adopted from whatever names the attempt first."""
    unsure = after(an_attempt(), CallUnsure(detail="timeout", **head(1)))  # type: ignore[arg-type]
    assert unsure.state is AttemptState.UNSURE
    assert after(unsure, RINGING).reference == "CA1"
    assert after(unsure, RINGING).state is AttemptState.RINGING


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        (CallRejected(code="21211", detail="", permanent=True, **head(1)), Outcome.REJECTED),  # type: ignore[arg-type]
        (CallRejected(code="21214", detail="", **head(1)), Outcome.NOT_PLACED),  # type: ignore[arg-type]
        (CallThrottled(detail="429", **head(1)), Outcome.NOT_PLACED),  # type: ignore[arg-type]
        (CallNotPlaced(detail="no trace", **head(1)), Outcome.NOT_PLACED),  # type: ignore[arg-type]
    ],
)
def test_an_order_that_was_not_taken_is_over(event: AttemptEvent, outcome: Outcome) -> None:
    """What surely never rang frees the number."""
    over = after(an_attempt(), event)
    assert (over.state, over.outcome) == (AttemptState.OVER, outcome)


def test_every_order_of_the_callbacks_of_one_call_ends_alike() -> None:
    """Whatever crosses, doubles or comes late: the call is over, and it is known that an agent spoke."""
    for order in permutations([PLACED, RINGING, ANSWERED, CONNECTED, ended()]):
        final = after(an_attempt(), *order, *order)
        assert final.state is AttemptState.OVER
        assert final.outcome in {None, Outcome.NO_DISPOSITION}
        assert final.connected_at is not None


def test_a_key_pressed_during_the_notice_outlives_the_call() -> None:
    """Who opts out by key has opted out, however the call is counted."""
    press = CallOptedOut(reference="CA1", **head(12))  # type: ignore[arg-type]
    assert after(an_attempt(), PLACED, ANSWERED, press, ended()).outcome is Outcome.OPTED_OUT
    assert after(an_attempt(), PLACED, ANSWERED, ended(), press).outcome is Outcome.OPTED_OUT


def test_a_mail_is_sent_once_the_server_took_it_and_may_still_come_back() -> None:
    """A bounce after acceptance replaces the outcome, a click does not."""
    mail = an_attempt(channel=Channel.EMAIL, address="a@example.jp")
    sent = after(mail, MailAccepted(reference="<1@x>", **head(1)))  # type: ignore[arg-type]
    assert (sent.state, sent.outcome) == (AttemptState.ACCEPTED, Outcome.SENT)
    bounced = after(sent, MailBounced(code="5.1.1", detail="", permanent=True, **head(9)))  # type: ignore[arg-type]
    assert bounced.outcome is Outcome.BOUNCED
    assert after(sent, MailUnsubscribed(how="one-click", **head(9))).outcome is Outcome.SENT  # type: ignore[arg-type]
    assert after(sent, MailAnswered(**head(9))).state is AttemptState.ACCEPTED  # type: ignore[arg-type]


def test_a_mail_lost_after_its_final_dot_is_never_sent_again() -> None:
    """Nobody knows whether it went out, so it counts as neither sent nor failed."""
    mail = an_attempt(channel=Channel.EMAIL)
    assert after(mail, MailUnsure(detail="reset", **head(1))).outcome is Outcome.UNKNOWN  # type: ignore[arg-type]
    late = MailRefused(code="450", detail="", permanent=False, **head(1))  # type: ignore[arg-type]
    assert after(mail, late).outcome is Outcome.UNDELIVERED


EVENTS = st.lists(
    st.sampled_from([PLACED, RINGING, ANSWERED, CONNECTED, MACHINE, ended(), ended(CallEnding.BUSY)])
)


@given(EVENTS)
def test_a_call_that_is_over_stays_over(events: list[AttemptEvent]) -> None:
    """No sequence of events brings a call back to life, and its reference never changes once known."""
    attempt, was_over = an_attempt(), False
    for event in events:
        attempt = after(attempt, event)
        assert not was_over or attempt.state is AttemptState.OVER
        was_over = attempt.state is AttemptState.OVER
    assert attempt.reference in {None, "CA1"}


def test_every_state_that_waits_has_a_way_out() -> None:
    """From each live state some event leads to the end, so that no attempt can be stuck by design."""
    for table in (CALL, MAIL):
        live = {state for state, _ in table} - {AttemptState.OVER}
        ended_by_an_event = {state for (state, _), new in table.items() if new is AttemptState.OVER}
        assert live <= ended_by_an_event


@pytest.mark.parametrize("state", [AttemptState.ANSWERED, AttemptState.CONNECTED, AttemptState.OVER])
def test_a_recording_changes_nothing_of_the_call(state: AttemptState) -> None:
    """It is attached when it comes, hours after the end if need be: state and outcome stay."""
    attempt = an_attempt(state=state)
    recorded = CallRecorded(
        key="r", at=AT, attempt="c-1-1", reference="CA", recording="RE", url="", seconds=9, status="completed"
    )
    assert advance(attempt, recorded) == attempt


def test_a_price_is_taken_after_the_end_and_of_this_call_alone() -> None:
    """It changes no state and no outcome; before the end, and for mails, there is none."""
    over = an_attempt(state=AttemptState.OVER, reference="CA1", outcome=Outcome.SOLD)
    priced = CallPriced(reference="CA1", price=Decimal("0.0140"), currency="USD", **head(90))  # type: ignore[arg-type]
    assert advance(over, priced) == replace(over, price=Decimal("0.0140"), currency="USD")
    assert advance(over, replace(priced, reference="CA2")) == over
    for state in set(AttemptState) - {AttemptState.OVER}:
        assert advance(replace(over, state=state), priced) is None
    assert CallPriced not in {event for _, event in MAIL}


@pytest.mark.parametrize("state", [AttemptState.OPENED, AttemptState.PLACED, AttemptState.RINGING])
def test_nobody_is_recorded_before_they_answer(state: AttemptState) -> None:
    """Such news is stored and passed over."""
    assert (state, CallRecorded) not in CALL
