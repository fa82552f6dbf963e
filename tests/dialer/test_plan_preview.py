"""What a plan makes of people whom agents see first: pure, whatever the floor."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.question import Suppression
from dialer.agents import Agent, AgentState
from dialer.orders import PlaceCall
from dialer.plan import plan
from dialer.previews import PreviewState
from dialer.settings import CarrierSettings
from dialer.showing import previewed
from dialer.starts import Starts
from dialer.steps import Plan
from dialer.view import Held, View
from tests.support.builders import NOON, a_due, a_view, an_agent, rules
from tests.support.previews import previewing

RULES = rules(carrier=CarrierSettings(calls_per_second=50))
SECOND = timedelta(seconds=1)


def wanted(place: int, name: str, at_s: int = 5) -> Held:
    """Return a person whom an agent saw some seconds ago and wants to dial."""
    due = a_due(place)
    agent = an_agent(name, state=AgentState.PREVIEWING, since=NOON - at_s * SECOND)
    preview, lead = previewed(previewing(), due, due.contact.phones[0].number, agent, NOON - at_s * SECOND)
    return Held(preview=replace(preview, state=PreviewState.WANTED), due=replace(due, lead=lead), agent=agent)


def a_floor(due: int, ready: int, held: int, **changes: object) -> View:
    """Return a floor: so many people due, agents ready, and agents who want to dial whom they see."""
    people = tuple(a_due(place) for place in range(1, due + 1))
    mine = tuple(wanted(place, f"looks{place}") for place in range(due + 1, due + held + 1))
    agents: tuple[Agent, ...] = (*(an_agent(f"ready{n}") for n in range(ready)), *(one.agent for one in mine))
    names = frozenset(name for one in mine for name in (one.preview.address, one.preview.contact))
    view = a_view(*people, agents=agents or (an_agent(state=AgentState.AWAY),), campaign=previewing())
    (floor,) = view.floors
    return replace(view, floors=(replace(floor, held=mine),), held=names, **changes)  # type: ignore[arg-type]


def of(view: View) -> Plan:
    """Return the plan at noon."""
    return plan(view, NOON, RULES)


@given(
    due=st.integers(0, 6),
    ready=st.integers(0, 4),
    held=st.integers(0, 4),
    starts=st.integers(0, 5),
    lines=st.integers(0, 210),
    enabled=st.booleans(),
)
def test_nobody_is_dialled_whom_no_agent_wanted(
    due: int, ready: int, held: int, starts: int, lines: int, enabled: bool
) -> None:
    """Calls are opened for presses alone, within every cap; each agent sees one person, and nobody is seen by two."""
    view = a_floor(due, ready, held, starts=Starts(account=starts), dialing_enabled=enabled)
    view = replace(view, floors=(replace(view.floors[0], lines=lines),))
    found = of(view)
    pressed = {one.preview.id for one in view.floors[0].held}
    dialled = [opening.preview.id for opening in found.openings if opening.preview]
    assert len(found.openings) == len(dialled) == len(set(dialled))
    assert set(dialled) <= pressed
    assert len(dialled) <= (min(starts, max(0, 200 - lines)) if enabled else 0)
    agents = [showing.agent.id for showing in found.showings]
    people = [showing.preview.contact for showing in found.showings]
    assert len(set(agents)) == len(agents) == len(set(people)) == (min(due, ready) if enabled else 0)
    assert not view.held & {*people, *(showing.preview.address for showing in found.showings)}
    assert all(isinstance(opening.order, PlaceCall) for opening in found.openings)
    assert of(view) == found


@given(due=st.integers(1, 4), ready=st.integers(1, 4))
def test_whoever_is_shown_waits_beyond_the_look(due: int, ready: int) -> None:
    """So the list offers them to nobody else, and gives them back by itself if all else fails."""
    for showing in of(a_floor(due, ready, 0)).showings:
        assert showing.lead.due == showing.preview.held_until
        assert showing.preview.deadline == NOON + 60 * SECOND
        assert showing.preview.held_until > showing.preview.deadline
        assert (showing.lead.tries, showing.lead.state) == (0, a_due(1).lead.state)


def test_those_who_are_on_the_phone_or_refuse_are_not_dialled() -> None:
    """A busy number is looked at again later; a refusal ends the lead. The agents of both are freed by the writer."""
    view = a_floor(0, 0, 2)
    first, other = view.floors[0].held
    entry = Suppression(number=other.preview.address, at=NOON, reason="opted_out", source="t", by="t")
    refused = replace(other, due=replace(other.due, suppressions=(entry,)))
    floor = replace(view.floors[0], held=(first, refused))
    found = of(replace(view, floors=(floor,), busy=frozenset({first.preview.contact})))
    assert found.openings == ()
    busy, never = found.refusals
    assert (busy.held, busy.rulings) == (first, ())
    assert busy.lead.due is not None
    assert busy.lead.due > NOON
    assert never.held == refused
    assert never.rulings[0].verdict.is_allowed is False


def test_the_number_that_was_shown_is_dialled() -> None:
    """Of somebody with two."""
    held = wanted(1, "looks")
    phones = (replace(held.due.contact.phones[0], number="+819099990000"), *held.due.contact.phones)
    due = replace(held.due, contact=replace(held.due.contact, phones=phones))
    view = a_floor(0, 0, 1)
    (opening,) = of(replace(view, floors=(replace(view.floors[0], held=(replace(held, due=due),)),))).openings
    assert opening.attempt.address == held.preview.address
