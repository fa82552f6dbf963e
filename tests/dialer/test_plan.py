"""What is opened and what is refused, from one look at the floor."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.contact import Phone
from campaigns.outcome import Ending, LeadState
from compliance.question import Suppression
from compliance.terms import Channel, ReasonCode
from dialer.attempt import AttemptState
from dialer.orders import PlaceCall, SendMail
from dialer.plan import plan
from dialer.settings import CarrierSettings
from dialer.starts import Starts
from dialer.view import View
from tests.support.builders import NOON, a_campaign, a_contact, a_due, a_view, an_agent, rules, the_campaign

RULES = rules(carrier=CarrierSettings(calls_per_second=50))


def test_a_due_lead_and_a_ready_agent_make_a_call() -> None:
    """The attempt is opened, the agent named, the order ready to be given after commit."""
    (opening,) = plan(a_view(a_due()), NOON, RULES).openings
    assert opening.attempt.state is AttemptState.OPENED
    assert opening.agent is not None
    assert (opening.lead.state, opening.lead.tries, opening.lead.step_tries) == (LeadState.TRYING, 1, 1)
    assert isinstance(opening.order, PlaceCall)
    assert opening.order.to == "+819020000001"
    assert opening.order.ring_limit_s == 25
    assert opening.attempt.deadline is not None


def test_no_agent_no_call() -> None:
    """A person who answers must find somebody there."""
    assert not plan(a_view(a_due(), agents=(an_agent(languages=("en",)),)), NOON, RULES).openings


def test_a_person_is_called_in_a_language_an_agent_speaks() -> None:
    """The English speaker waits for the English-speaking agent; the list goes on meanwhile."""
    view = a_view(a_due(1, language="en"), a_due(2), agents=(an_agent(languages=("ja",)),))
    (opening,) = plan(view, NOON, RULES).openings
    assert opening.lead.id == 2


def test_after_closing_a_lead_waits_for_the_morning() -> None:
    """A refusal by the clock says when it ends, and the lead is due then."""
    late = NOON.replace(hour=12)
    (refusal,) = plan(a_view(a_due()), late, RULES).refusals
    assert refusal.lead.state is LeadState.WAITING
    assert refusal.lead.due == NOON.replace(hour=1) + timedelta(days=1)
    assert refusal.rulings[0].verdict.reasons[0].code is ReasonCode.OUTSIDE_HOURS


def test_who_must_not_be_called_is_passed_on_to_mail_and_judged_again() -> None:
    """A number that is denied for good ends the calls, not the campaign: the next step is judged for itself."""
    blocked = Suppression(
        number="+819020000001", channel=Channel.VOICE, reason="asked", source="test", by="test", at=NOON
    )
    (refusal,) = plan(a_view(replace(a_due(), suppressions=(blocked,))), NOON, RULES).refusals
    assert (refusal.lead.step, refusal.lead.due) == (1, NOON)
    on_mail = replace(a_due(lead={"step": 1}), suppressions=(blocked,))
    (opening,) = plan(a_view(on_mail), NOON, RULES).openings
    assert isinstance(opening.order, SendMail)
    assert "/unsubscribe" in opening.order.text


def test_who_is_suppressed_everywhere_is_done() -> None:
    """Nothing is left to try: the lead ends as refused, with the rule on record."""
    blocked = Suppression(person="C00001", reason="refused", source="test", by="test", at=NOON)
    on_mail = replace(a_due(lead={"step": 1}), suppressions=(blocked,))
    (refusal,) = plan(a_view(on_mail), NOON, RULES).refusals
    assert refusal.lead.ending is Ending.REFUSED


def test_a_person_without_any_address_for_the_step_moves_on() -> None:
    """No number: the mail step; no e-mail either: unreachable."""
    (refusal,) = plan(a_view(a_due(phones=())), NOON, RULES).refusals
    assert (refusal.lead.step, refusal.rulings) == (1, ())
    (refusal,) = plan(a_view(a_due(lead={"step": 1}, email=None)), NOON, RULES).refusals
    assert refusal.lead.ending is Ending.UNREACHABLE


def test_each_further_try_begins_with_the_next_number() -> None:
    """A person with two numbers is tried on both."""
    phones = (Phone(number="+819020000001"), Phone(number="+81542550001"))
    tried = [
        plan(a_view(a_due(lead={"step_tries": turn, "tries": turn}, phones=phones)), NOON, RULES).openings[0]
        for turn in range(3)
    ]
    assert [opening.attempt.address for opening in tried] == [
        "+819020000001",
        "+81542550001",
        "+819020000001",
    ]


@pytest.mark.parametrize("busy", ["+819020000001", "C00001"])
def test_a_number_or_person_in_use_is_left_alone(busy: str) -> None:
    """Whoever has a live call, in whichever campaign, is looked at again later, and is in nobody's way till then."""
    planned = plan(a_view(a_due(1), a_due(2), busy=frozenset({busy})), NOON, RULES)
    assert [opening.lead.id for opening in planned.openings] == [2]
    (refusal,) = planned.refusals
    assert (refusal.lead.id, refusal.rulings) == (1, ())
    assert refusal.lead.due is not None
    assert refusal.lead.due > NOON


def test_no_call_is_opened_that_could_ring_past_the_end_of_the_window() -> None:
    """The campaign closes at 19:30: with 25 s of ringing and 10 s of set-up, 19:29:25 is too late."""
    closing = NOON.replace(hour=10, minute=29, second=24)
    assert plan(a_view(a_due()), closing, RULES).openings
    (refusal,) = plan(a_view(a_due()), closing + timedelta(seconds=1), RULES).refusals
    assert refusal.rulings[0].verdict.reasons[0].code is ReasonCode.OUTSIDE_HOURS


def test_campaigns_share_the_agents_there_are() -> None:
    """Two campaigns and six agents: about three each, whichever comes first."""
    other, people = a_campaign(id="other"), [a_due(place) for place in range(12)]
    view = a_view(*people[:6], agents=tuple(an_agent(name) for name in "abcdef"))
    floors = (*view.floors, replace(view.floors[0], campaign=other, due=tuple(people[6:])))
    openings = plan(replace(view, floors=floors), NOON, RULES).openings
    calls = Counter(opening.attempt.campaign for opening in openings)
    assert sorted(calls.values()) in ([3, 3], [2, 4])


def test_the_stop_switch_and_a_closed_carrier_stop_calls() -> None:
    """Stopped: nothing at all. Carrier closed: no calls, and nobody is concluded for it."""
    assert not plan(a_view(a_due(), dialing_enabled=False), NOON, RULES).openings
    assert not plan(a_view(a_due(), carrier_open=False), NOON, RULES).openings
    assert not plan(a_view(a_due(), dialing_enabled=False), NOON, RULES).refusals


def test_before_its_first_and_after_its_last_day_a_campaign_rests() -> None:
    """Days are counted where the campaign calls."""
    first = a_campaign(start=(NOON + timedelta(days=1)).date())
    last = a_campaign(end=(NOON - timedelta(days=1)).date())
    assert not plan(a_view(a_due(), campaign=first), NOON, RULES).openings
    assert not plan(a_view(a_due(), campaign=last), NOON, RULES).openings


_STARTS = st.builds(
    Starts,
    account=st.integers(0, 60),
    own=st.dictionaries(st.just(the_campaign().id), st.integers(0, 9), max_size=1),
)


@st.composite
def views(draw: st.DrawFn) -> View:
    """Return any floor: people, agents, lines in use, starts."""
    people = [
        replace(a_due(place), contact=a_contact(place, language=draw(st.sampled_from(["ja", "en"]))))
        for place in range(draw(st.integers(0, 12)))
    ]
    agents = tuple(
        an_agent(f"a{place}", languages=draw(st.sampled_from([("ja",), ("en",), ("ja", "en")])))
        for place in range(draw(st.integers(1, 6)))
    )
    busy = frozenset(draw(st.lists(st.sampled_from([f"+8190{20000000 + n}" for n in range(12)]), max_size=4)))
    view = a_view(*people, agents=agents, busy=busy, starts=draw(_STARTS))
    lines = draw(st.integers(0, 40))
    return replace(view, floors=tuple(replace(floor, lines=lines) for floor in view.floors))


@given(views())
def test_a_plan_never_passes_a_limit(view: View) -> None:
    """One call per agent, no agent twice, no busy number, no line and no start beyond the limits."""
    openings = [opening for opening in plan(view, NOON, RULES).openings if opening.agent]
    agents = [opening.agent.id for opening in openings if opening.agent]
    numbers = [opening.attempt.address for opening in openings]
    pacing = view.floors[0].campaign.pacing
    assert len(agents) == len(set(agents))
    assert len(numbers) == len(set(numbers))
    assert not view.busy.intersection(numbers)
    assert not openings or view.floors[0].lines + len(openings) <= pacing.max_lines
    assert len(openings) <= view.starts.of(view.floors[0].campaign.id)
    speaks = {agent.id: agent.languages for agent in view.agents}
    assert all(opening.attempt.language in speaks[opening.agent.id] for opening in openings if opening.agent)


@given(views())
def test_the_same_view_gives_the_same_plan(view: View) -> None:
    """A plan is a pure function of what it is given."""
    assert plan(view, NOON, RULES) == plan(view, NOON, RULES)
