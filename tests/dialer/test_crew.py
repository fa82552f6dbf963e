"""The floor as a campaign's people of one language would find it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campaigns.campaign import Campaign
from compliance.terms import Technology
from dialer.agents import Agent, AgentState
from dialer.attempt import Attempt, AttemptState
from dialer.crew import Crew
from dialer.situation import Situation
from tests.support.builders import NOON, an_agent, the_campaign
from tests.support.stores import CAMPAIGN, an_attempt

SECOND = timedelta(seconds=1)
CALL: dict[str, Any] = {"state": AttemptState.RINGING, "opened_at": NOON - 8 * SECOND}
PICKED_UP: dict[str, Any] = {"state": AttemptState.ANSWERED, "answered_at": NOON - SECOND}


def predictive(**changes: Any) -> Campaign:
    """Our campaign, dialled predictively."""
    pacing = the_campaign().pacing.model_copy(update={"mode": Technology.PREDICTIVE, **changes})
    return the_campaign().model_copy(update={"pacing": pacing})


def seen(agents: list[Agent], calls: list[Attempt], language: str = "ja", **changes: Any) -> Situation:
    """What pacing is asked about at noon."""
    campaign = predictive(**changes)
    crew = Crew(agents=tuple(agents), calls=tuple(calls), campaigns={CAMPAIGN: campaign}, now=NOON)
    per_agent = campaign.pacing.max_lines_per_agent
    return crew.situation(campaign, language, patience=2 * SECOND, per_agent=per_agent, lines=100, room=50)


def test_everybody_is_where_their_state_says() -> None:
    """Ages in seconds; who is away is nowhere, and whoever is given a call that was answered is as good as talking."""
    agents = [
        an_agent("aoki"),
        an_agent("baba", state=AgentState.TALKING, since=NOON - 30 * SECOND, attempt="at-7"),
        an_agent(
            "chiba",
            state=AgentState.WRAPPING,
            since=NOON - 5 * SECOND,
            deadline=NOON + 55 * SECOND,
            attempt="at-8",
        ),
        an_agent("doi", state=AgentState.AWAY),
        an_agent("endo", state=AgentState.RESERVED, since=NOON - SECOND, attempt="at-2"),
        an_agent("fujita", state=AgentState.RESERVED, since=NOON - SECOND, attempt="elsewhere"),
    ]
    calls = [an_attempt(1, **CALL), an_attempt(2, **PICKED_UP, agent="endo"), an_attempt(3, **PICKED_UP)]
    found = seen(agents, calls)
    assert (found.idle, found.waiting, found.in_flight) == (1, 1, 1)
    assert list(found.talking) == [30.0, 1.0]
    assert (list(found.wrapping), list(found.wrapping_leaving)) == ([5.0], [55.0])
    assert list(found.ringing) == [8.0]


def test_only_those_who_speak_the_language_serve_and_only_their_calls_count() -> None:
    """A call in another language counts where one of its agents may have to take it."""
    both, japanese = an_agent("aoki"), an_agent("baba", languages=("ja",))
    english, other = an_attempt(1, **CALL, language="en"), an_attempt(2, **CALL)
    assert seen([both, japanese], [english, other], "ja").idle == 2
    assert seen([both, japanese], [english, other], "ja").in_flight == 2
    assert seen([both, japanese], [english, other], "en").idle == 1
    assert seen([japanese], [english, other], "ja").in_flight == 1
    assert seen([japanese], [english], "en").agents == 0


def test_whoever_waited_too_long_waits_no_more_and_a_lost_call_is_forgotten() -> None:
    """They hear the notice; a call of which nobody knows would have rung out."""
    late = an_attempt(1, state=AttemptState.ANSWERED, answered_at=NOON - 3 * SECOND)
    lost = an_attempt(2, state=AttemptState.UNSURE, opened_at=NOON - timedelta(minutes=5))
    found = seen([an_agent()], [late, lost])
    assert (found.waiting, found.in_flight) == (0, 0)


def test_lines_are_bounded_by_the_agents_who_are_there() -> None:
    """So many for each who is not away, less those on their way."""
    agents = [an_agent("aoki"), an_agent("baba", state=AgentState.TALKING, attempt="at-7"), an_agent("doi")]
    away = [replace(agents[2], state=AgentState.AWAY)]
    calls = [an_attempt(place, **CALL) for place in (1, 2, 3)]
    assert seen([*agents[:2], *away], calls, max_lines_per_agent=2.0).lines == 1
    assert seen([*agents[:2], *away], calls, max_lines_per_agent=1.0).lines == 0
    assert seen(agents, [], max_lines_per_agent=4.0).lines == 12
    assert seen(agents, [], max_lines_per_agent=4.0).room == 50


def test_each_call_has_the_odds_it_was_given() -> None:
    """One that was given none is taken for one like the others; where none has any, nothing is known."""
    calls = [an_attempt(1, **CALL, odds=0.2), an_attempt(2, **CALL), an_attempt(3, **CALL, odds=0.4)]
    found = seen([an_agent()], calls)
    assert list(found.odds) == [0.2, pytest.approx(0.3), 0.4]
    assert found.next_odds is None
    assert len(seen([an_agent()], [an_attempt(1, **CALL)]).odds) == 0


def test_the_next_calls_have_the_odds_of_whoever_is_next() -> None:
    """By campaign and language."""
    campaign = predictive()
    crew = Crew(
        agents=(an_agent(),),
        calls=(),
        campaigns={CAMPAIGN: campaign},
        now=NOON,
        coming={(CAMPAIGN, "ja"): 0.31},
    )
    odds = [
        crew.situation(campaign, language, patience=2 * SECOND, lines=100, room=50).next_odds
        for language in ("ja", "en")
    ]
    assert odds == [0.31, None]
