"""F9: a person over whose data planning breaks is put off, then set aside, and everybody else is called."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from campaigns.outcome import LeadState
from dialer.attempt import AttemptState
from dialer.plan import plan
from dialer.ports import Unit
from dialer.quarantine import ASIDE, SOON
from dialer.settings import CarrierSettings
from tests.support.builders import NOON, a_campaign, a_due, a_view, an_agent, rules, the_campaign
from tests.support.engines import Office, an_office
from tests.support.stores import a_suppression

NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001 - what must never be in the store, and what breaks whoever compares it
POISON = a_suppression(expires_at=NAIVE)


def without_templates() -> Any:
    """Return our campaign with its call first and a mail step whose template is gone."""
    return a_campaign(mails={})


def on_the_mail_step(unit: Unit, *places: int) -> None:
    """Put some people where the campaign cannot write its mail."""
    for place in places:
        lead = unit.lead(place)
        assert lead is not None
        unit.save_lead(replace(lead, step=1), LeadState.WAITING)


async def called(office: Office) -> set[str]:
    """Tick until nobody new is called, each call ending at once; return the numbers dialled."""
    for _ in range(40):
        await office.after(seconds=1)
        for attempt in await office.write(lambda unit: unit.live_attempts()):
            if attempt.state is not AttemptState.OPENED:
                await office.talked(attempt.id)
                await office.disposes(attempt.id, "not-now")
    return set(office.line.numbers)


async def test_f09_everybody_else_is_called() -> None:
    """Two of nine people break the plan each time: the other seven are all called."""
    async with an_office(9, campaign=without_templates()) as office:
        await office.write(lambda unit: on_the_mail_step(unit, 1, 5))
        assert len(await called(office)) == 7
        assert office.post.sent == []


async def test_f09_the_second_failure_sets_the_person_aside() -> None:
    """The first puts them off by half a minute, the second by a day; the ledger has both, without personal data."""
    async with an_office(1, campaign=without_templates()) as office:
        await office.write(lambda unit: on_the_mail_step(unit, 1))
        await office.tick()
        assert (await office.lead()).due == NOON + SOON
        await office.after(seconds=29)
        assert len(await office.ledger("refused")) == 1
        await office.after(seconds=1)
        lead = await office.lead()
        assert (lead.state, lead.tries, lead.due) == (LeadState.WAITING, 0, NOON + SOON + ASIDE)
        first, second = await office.ledger("refused")
        assert '"is_set_aside":false' in first.body.replace(" ", "")
        assert '"is_set_aside":true' in second.body.replace(" ", "")
        assert "KeyError in message.py" in second.body
        assert "guest1" not in second.body


async def test_f09_a_person_set_aside_costs_one_look_a_day() -> None:
    """Ticking on, they come up no more until a day has passed."""
    async with an_office(1, campaign=without_templates()) as office:
        await office.write(lambda unit: on_the_mail_step(unit, 1))
        for _ in range(100):
            await office.after(minutes=10)
        assert len(await office.ledger("refused")) == 2
        await office.after(hours=24)
        assert len(await office.ledger("refused")) == 3


@pytest.mark.parametrize("place", [1, 2, 3])
def test_f09_whichever_of_a_plan_is_broken_the_others_get_their_agents(place: int) -> None:
    """Data no rule can read, at any place of the list: the agents still get the two sound people."""
    people = [replace(a_due(each), suppressions=(POISON,) * (each == place)) for each in (1, 2, 3)]
    view = a_view(*people, agents=tuple(an_agent(name) for name in ("aoki", "baba", "chiba")))
    planned = plan(view, NOON, rules(carrier=CarrierSettings(calls_per_second=50)))
    assert {opening.attempt.lead for opening in planned.openings} == {1, 2, 3} - {place}
    assert {opening.attempt.agent for opening in planned.openings} == {"aoki", "baba"}
    assert [found.lead.id for found in planned.broken] == [place]


async def test_f09_a_campaign_that_is_mended_reaches_the_person() -> None:
    """The template is back: the next look sends the mail."""
    async with an_office(1, campaign=without_templates()) as office:
        await office.write(lambda unit: on_the_mail_step(unit, 1))
        await office.tick()
        office.engine.take_campaigns({the_campaign().id: the_campaign()})
        await office.after(seconds=SOON / timedelta(seconds=1))
        assert len(office.post.sent) == 1
