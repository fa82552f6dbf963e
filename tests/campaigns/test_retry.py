from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.contact import Lead
from campaigns.outcome import RETRIED, TALKED, UNCOUNTED, Ending, LeadState, Outcome
from campaigns.retry import conclude, skip_step
from tests.campaigns.builders import NOW, a_campaign, a_lead

CAMPAIGN = a_campaign()
TOKYO = ZoneInfo("Asia/Tokyo")
MINUTE = timedelta(minutes=1)
ATTEMPTS = sum(step.attempts for step in CAMPAIGN.steps)

OTHER_TIME = a_campaign(("{after: 90m, growth: 1.5}", "{after: 90m, other_time_of_day: true}"))


def waits(lead: Lead) -> timedelta:
    """How long a lead waits from NOW."""
    assert lead.state is LeadState.WAITING
    assert lead.due is not None
    return lead.due - NOW


@pytest.mark.parametrize(
    "outcome", [Outcome.SOLD, Outcome.INTERESTED, Outcome.NOT_INTERESTED, Outcome.NO_DISPOSITION]
)
def test_a_talk_ends_the_lead(outcome: Outcome) -> None:
    """Who was spoken to is not tried again."""
    done = conclude(CAMPAIGN, a_lead(), outcome, NOW)
    assert (done.state, done.ending, done.due) == (LeadState.DONE, Ending.TALKED, None)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.OPTED_OUT])
def test_a_refusal_ends_the_lead_as_opted_out(outcome: Outcome) -> None:
    """A refusal is for good (JP-R1), even when tries are left."""
    assert conclude(CAMPAIGN, a_lead(), outcome, NOW).ending is Ending.OPTED_OUT


def test_no_answer_waits_on_the_same_step_and_longer_each_time() -> None:
    """90 minutes, then half as long again; never less, and a tenth more at most."""
    first = conclude(CAMPAIGN, a_lead(step_tries=1), Outcome.NO_ANSWER, NOW)
    second = conclude(CAMPAIGN, a_lead(step_tries=2), Outcome.NO_ANSWER, NOW)
    assert first.step == second.step == 0
    assert 90 * MINUTE <= waits(first) <= 99 * MINUTE
    assert 135 * MINUTE <= waits(second) <= 148.5 * MINUTE


def test_a_wait_is_capped() -> None:
    """Growth stops at at_most."""
    campaign = a_campaign(("{after: 90m, growth: 1.5}", "{after: 1h, growth: 10, at_most: 2h}"))
    assert waits(conclude(campaign, a_lead(step_tries=2), Outcome.NO_ANSWER, NOW)) <= 132 * MINUTE


def test_when_the_tries_are_used_the_next_step_comes_after_its_delay() -> None:
    """The third call unanswered leads to the mail, two hours later."""
    lead = conclude(CAMPAIGN, a_lead(step_tries=3), Outcome.NO_ANSWER, NOW)
    assert (lead.step, lead.step_tries, waits(lead)) == (1, 0, timedelta(hours=2))


def test_a_rule_may_allow_fewer_tries_than_the_step() -> None:
    """`times: 0` means not again after this outcome."""
    campaign = a_campaign(("busy: {after: 15m}", "busy: {after: 15m, times: 0}"))
    assert conclude(campaign, a_lead(), Outcome.BUSY, NOW).step == 1


def test_an_outcome_without_a_rule_is_tried_again_after_two_hours() -> None:
    """A step's attempts are used even where the file says nothing of an outcome."""
    assert waits(conclude(CAMPAIGN, a_lead(), Outcome.MACHINE, NOW)) >= timedelta(hours=2)


@pytest.mark.parametrize(
    "outcome", [Outcome.WRONG_NUMBER, Outcome.FAILED, Outcome.REJECTED, Outcome.BOUNCED, Outcome.UNKNOWN]
)
def test_a_bad_address_or_a_doubt_is_not_tried_again_by_itself(outcome: Outcome) -> None:
    """The next step follows; after the last one the lead is done."""
    assert conclude(CAMPAIGN, a_lead(), outcome, NOW).step == 1
    ending = conclude(CAMPAIGN, a_lead(step=1), outcome, NOW).ending
    assert ending is (Ending.EXHAUSTED if outcome is Outcome.UNKNOWN else Ending.UNREACHABLE)


def test_a_mail_sent_on_the_last_step_leaves_the_lead_exhausted() -> None:
    """Nobody was spoken to; an answer to the mail may still come, which is the engine's to note."""
    assert conclude(CAMPAIGN, a_lead(step=1, tries=4), Outcome.SENT, NOW).ending is Ending.EXHAUSTED


def test_a_callback_waits_for_the_time_promised_and_takes_no_try() -> None:
    """On the same step, to the second; and at once when that time is past."""
    promised = NOW + timedelta(days=3, minutes=7)
    lead = conclude(CAMPAIGN, a_lead(step_tries=3), Outcome.CALLBACK, NOW, callback_at=promised)
    assert (lead.due, lead.step, lead.step_tries) == (promised, 0, 2)
    assert conclude(CAMPAIGN, a_lead(), Outcome.CALLBACK, NOW, callback_at=NOW - MINUTE).due == NOW
    assert waits(conclude(CAMPAIGN, a_lead(), Outcome.CALLBACK, NOW)) >= timedelta(days=1)


@pytest.mark.parametrize("outcome", [Outcome.NOT_PLACED, Outcome.CANCELED])
def test_a_call_that_never_rang_takes_no_try(outcome: Outcome) -> None:
    """The step's tries are for phones that rang; all attempts stay counted in `tries`."""
    lead = conclude(CAMPAIGN, a_lead(step_tries=3, tries=3), outcome, NOW)
    assert (lead.step, lead.step_tries, lead.tries) == (0, 2, 3)


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        ("2026-04-06T10:30", "afternoon"),  # a Monday morning
        ("2026-04-06T18:30", "morning"),
        ("2026-04-10T18:30", "morning"),  # a Friday evening: Saturday has a morning
        ("2026-04-11T16:00", "morning"),  # a Saturday afternoon: Sunday is closed
    ],
)
def test_another_time_of_day_is_the_other_half_of_a_calling_day(tried: str, expected: str) -> None:
    """Tried in the morning, a lead comes back in an afternoon, and the other way round; never on a closed day."""
    now = datetime.fromisoformat(tried).replace(tzinfo=TOKYO).astimezone(UTC)
    lead = conclude(OTHER_TIME, a_lead(), Outcome.NO_ANSWER, now)
    assert lead.due is not None
    assert lead.due >= now + 90 * MINUTE
    local = lead.due.astimezone(TOKYO)
    last = 17 if local.weekday() == 5 else 19
    assert local.weekday() != 6
    middle = (10 + last) / 2
    hour = local.hour + local.minute / 60
    assert (10 <= hour < middle) if expected == "morning" else (middle <= hour < last)


def test_a_list_does_not_come_back_all_at_once() -> None:
    """A thousand leads tried together are due at many different instants, and the same ones each time."""
    dues = [conclude(OTHER_TIME, a_lead(number=number), Outcome.NO_ANSWER, NOW).due for number in range(1000)]
    assert len(set(dues)) > 900
    assert dues == [
        conclude(OTHER_TIME, a_lead(number=number), Outcome.NO_ANSWER, NOW).due for number in range(1000)
    ]


def test_a_step_that_is_impossible_gives_way_at_once() -> None:
    """A number that may not be called leads to the mail now; without a step left the lead is done."""
    lead = skip_step(CAMPAIGN, a_lead(step_tries=0), NOW, Ending.REFUSED)
    assert (lead.step, lead.step_tries, lead.due, lead.state) == (1, 0, NOW, LeadState.WAITING)
    assert skip_step(CAMPAIGN, lead, NOW, Ending.REFUSED).ending is Ending.REFUSED


def test_a_lead_beyond_the_steps_of_a_newer_file_ends() -> None:
    """A manager may take a step away while leads are on it."""
    assert conclude(CAMPAIGN, a_lead(step=5), Outcome.NO_ANSWER, NOW).state is LeadState.DONE


@given(
    outcomes=st.lists(st.sampled_from(Outcome), min_size=60, max_size=60),
    gaps=st.lists(st.integers(0, 86_400 * 3), min_size=60, max_size=60),
    number=st.integers(0, 10_000),
    is_other_time=st.booleans(),
    zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe"]),
)
def test_every_path_ends_and_no_step_is_tried_too_often(
    outcomes: list[Outcome], gaps: list[int], number: int, is_other_time: bool, zone: str
) -> None:
    """Whatever happens: due is never past, counted tries keep within each step's attempts, and an end comes."""
    campaign = OTHER_TIME if is_other_time else CAMPAIGN
    lead, now = a_lead(number=number, step_tries=0, tries=0, state=LeadState.WAITING), NOW
    counted = dict.fromkeys(range(len(campaign.steps)), 0)
    for outcome, gap in zip(outcomes, gaps, strict=True):
        lead = replace(
            lead, state=LeadState.TRYING, tries=lead.tries + 1, step_tries=lead.step_tries + 1, due=None
        )
        step = lead.step
        assert lead.step_tries <= campaign.steps[step].attempts
        lead = conclude(campaign, lead, outcome, now, zone=zone)
        counted[step] += outcome not in UNCOUNTED
        if lead.state is LeadState.DONE:
            break
        assert outcome in RETRIED or lead.step == step + 1
        assert lead.ending is None
        assert lead.due is not None
        assert lead.due >= now
        now = lead.due + timedelta(seconds=gap)
    assert lead.state is LeadState.DONE
    assert lead.due is None
    assert lead.ending is not None
    assert lead.tries <= 3 * ATTEMPTS + ATTEMPTS
    assert all(count <= campaign.steps[step].attempts for step, count in counted.items())


@given(outcome=st.sampled_from(Outcome), step=st.integers(0, 1), tries=st.integers(1, 3))
def test_who_was_spoken_to_gets_no_mail(outcome: Outcome, step: int, tries: int) -> None:
    """A talk never leads to the next step; a wrong number was somebody else."""
    after = conclude(CAMPAIGN, a_lead(step=step, step_tries=tries), outcome, NOW)
    if outcome in TALKED - {Outcome.WRONG_NUMBER}:
        assert after.step == step
