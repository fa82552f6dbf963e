"""The running engine learns who answers when, and calls them then."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from campaigns.campaign import Campaign, Retry
from campaigns.contact import Contact, Phone
from campaigns.outcome import Ending, LeadState, Outcome
from campaigns.promise import is_promised
from compliance.terms import Technology
from dialer.events import CallEnding
from dialer.ports import Unit
from dialer.settings import CarrierSettings
from dialer.traits import Line, Traits, from_text, to_text
from tests.support.builders import NOON, a_campaign, a_contact
from tests.support.engines import Office, an_office, opened
from tests.support.stores import CAMPAIGN, concluded_call, lead_of

TAUGHT, FRESH = 320, 12
TOKYO_9 = timedelta(hours=9)


def a_person(place: int) -> Contact:
    """Return somebody on the list: every other has a mobile, the others a landline."""
    number = f"+8190{20000000 + place}" if place % 2 else f"+813{30000000 + place}"
    return a_contact(place, phones=(Phone(number=number),), language="ja")


def teach(unit: Unit) -> None:
    """Write down that landlines were answered at noon and mobiles in the evening, and nothing else ever."""
    for place in range(1, TAUGHT + 1):
        is_evening, is_mobile = place // 2 % 2 == 0, place % 2 == 1
        traits = Traits(
            hour=18 if is_evening else 12,
            weekday=place % 5,
            line=Line.MOBILE if is_mobile else Line.FIXED,
        )
        is_answered = is_evening == is_mobile and place % 9 > 0
        at = NOON - timedelta(days=2) + timedelta(minutes=place)
        concluded_call(
            unit,
            place,
            opened_at=at,
            address=a_person(place).phones[0].number,
            outcome=Outcome.SOLD if is_answered else Outcome.NO_ANSWER,
            answered_at=at if is_answered else None,
            over_at=at + timedelta(minutes=1),
            traits=to_text(traits),
        )
        done = replace(lead_of(unit, place), state=LeadState.DONE, due=None, ending=Ending.EXHAUSTED)
        unit.save_lead(done, LeadState.WAITING)


async def taught(office: Office) -> None:
    """Let the engine read what was written down: no agent is there yet, so nobody is called meanwhile."""
    await office.write(teach)
    for _ in range(2):
        await office.engine.learner.learn(office.store, office.clock.now())


def dialled(campaign: Campaign | None = None, **pacing: Any) -> Campaign:
    """Our campaign for people who speak Japanese, dialled as the test says."""
    one = campaign or a_campaign()
    return one.model_copy(update={"pacing": one.pacing.model_copy(update=pacing)})


async def permits(office: Office) -> dict[int, dict[str, Any]]:
    """Why each lead was called, as sealed; by lead."""
    found = {}
    for entry in await office.ledger("permitted"):
        attempt = await office.attempt(entry.attempt or "")
        found[attempt.lead] = json.loads(entry.body)["odds"]
    return found


PEOPLE = [a_person(place) for place in range(1, TAUGHT + FRESH + 1)]
FAST = CarrierSettings(calls_per_second=50)
AGENTS = ("aoki", "baba", "chiba", "doi")


async def test_a_call_says_what_was_known_before_it() -> None:
    """Nothing was learnt yet: the list decides, the permit says so, and the traits stand with the attempt."""
    async with an_office(2, agents=("aoki",)) as office:
        await office.tick()
        (lead, odds), *_ = (await permits(office)).items()
        assert (lead, odds["turn"], odds["why"]) == (1, "list", "cold")
        attempt = await office.attempt(f"{CAMPAIGN}-1-1")
        assert attempt.odds is None
        assert attempt.traits == odds["traits"]
        traits = from_text(attempt.traits or "")
        assert traits is not None
        assert (traits.hour, traits.weekday, traits.line) == (12, 1, Line.MOBILE)


async def test_people_are_called_when_they_answer() -> None:
    """At noon the landlines: three calls of four go to them, one by the list; each permit says why this person now."""
    async with an_office(PEOPLE, agents=AGENTS, campaign=dialled()) as office:
        await taught(office)
        await office.tick()
        found = await permits(office)
        assert len(found) == len(AGENTS)
        turns = [odds["turn"] for odds in found.values()]
        assert turns.count("list") == 1
        for lead, odds in found.items():
            attempt = await office.attempt(f"{CAMPAIGN}-{lead}-1")
            assert attempt.odds is not None
            assert round(attempt.odds, 4) == odds["chance"]
            if odds["turn"] == "likely":
                assert attempt.address.startswith("+813")
                assert odds["chance"] > 0.5
                assert odds["later_at"] > "2026-11-24"


async def test_a_manager_may_keep_to_the_list() -> None:
    """`order: list`; the chances are known all the same, since pacing goes by them."""
    async with an_office(PEOPLE, agents=AGENTS, campaign=dialled(order="list")) as office:
        await taught(office)
        await office.tick()
        found = await permits(office)
        assert list(found) == [TAUGHT + place for place in range(1, len(AGENTS) + 1)]
        assert {odds["turn"] for odds in found.values()} == {"list"}
        assert all(0 < odds["chance"] < 1 for odds in found.values())


async def test_another_engine_learns_the_same_from_the_record() -> None:
    """A restart loses nothing: what is known is read from the attempts, a bounded number of them."""
    chances = []
    for is_restarted in (False, True):
        async with an_office(PEOPLE, agents=AGENTS, campaign=dialled()) as office:
            await taught(office)
            after = (
                opened(office.clock, office.store, campaigns=[dialled()], carrier=FAST)
                if is_restarted
                else office
            )
            for _ in range(2):
                await after.engine.learner.learn(after.store, after.clock.now())
            await after.tick()
            chances.append({lead: odds["chance"] for lead, odds in (await permits(after)).items()})
    assert chances[0] == chances[1]
    assert len(chances[0]) == len(AGENTS)


async def test_calls_on_their_way_carry_their_odds_to_pacing() -> None:
    """Predictive dialling: each call is paced by its own chance, and the next ones by theirs."""
    campaign = dialled(mode=Technology.PREDICTIVE, calls_per_second=20.0, max_lines=50)
    async with an_office(PEOPLE, agents=AGENTS, campaign=campaign) as office:
        await taught(office)
        for _ in range(3):
            await office.after(seconds=1)
        calls = await office.write(lambda unit: list(unit.live_attempts()))
        assert calls
        assert all(call.odds for call in calls)
        assert len({round(call.odds or 0, 3) for call in calls}) > 1


async def test_a_promised_call_comes_before_all_others() -> None:
    """Whoever stands in front of them on the list, and however likely; once kept, they stand where they stood."""
    async with an_office(PEOPLE[: TAUGHT + 4], agents=("aoki",), campaign=dialled()) as office:
        await taught(office)
        await office.tick()
        (lead, _), *_ = (await permits(office)).items()
        name, rank = f"{CAMPAIGN}-{lead}-1", (await office.lead(lead)).rank
        await office.talked(name)
        again = office.clock.now() + timedelta(hours=1)
        await office.disposes(name, "callback", again_at=again)
        assert is_promised(await office.lead(lead))
        await office.write(lambda unit: _ready(unit, office))
        await office.after(hours=1, minutes=1)
        attempt = await office.attempt(f"{CAMPAIGN}-{lead}-2")
        assert (await permits(office))[lead]["turn"] == "promised"
        assert attempt.odds is not None
        await office.rings(attempt.id)
        await office.ends(attempt.id, CallEnding.NO_ANSWER)
        kept = await office.lead(lead)
        assert (is_promised(kept), kept.rank) == (False, rank)


def _ready(unit: Unit, office: Office) -> None:
    agent = unit.agent("aoki")
    assert agent is not None
    unit.save_agent(
        replace(agent, state=type(agent.state).READY, since=office.clock.now(), attempt=None, deadline=None),
        agent.state,
    )


async def test_a_retry_waits_for_the_likely_hour_where_the_manager_wants_it() -> None:
    """A mobile that nobody answered at noon is called in the evening, and a landline by the rule alone."""
    rule = Retry(after=timedelta(hours=2), at_most=timedelta(hours=8), likely_hour=True)
    campaign = a_campaign(retry={Outcome.NO_ANSWER: rule}, hours={"mon-fri": ("10:00-19:30",)})
    people = [*PEOPLE[:TAUGHT], a_person(TAUGHT + 1)]
    async with an_office(people, agents=("aoki",), campaign=campaign) as office:
        await taught(office)
        await office.tick()
        name = f"{CAMPAIGN}-{TAUGHT + 1}-1"
        await office.rings(name)
        await office.ends(name, CallEnding.NO_ANSWER)
        due = (await office.lead(TAUGHT + 1)).due
        assert due is not None
        local = due + TOKYO_9
        assert (local.date(), local.hour) == ((NOON + TOKYO_9).date(), 18)


async def test_whoever_is_likely_is_found_however_far_behind_on_the_list() -> None:
    """Behind a hundred mobiles at noon: pages of the list are read, and nobody reads all of it at once."""
    far = TAUGHT + 120
    people = [
        *PEOPLE[:TAUGHT],
        *(a_contact(place, language="ja") for place in range(TAUGHT + 1, far + 1)),
        *(a_person(place) for place in range(far + 2, far + 10, 2)),
    ]
    async with an_office(people, agents=AGENTS, campaign=dialled()) as office:
        await taught(office)
        await office.tick()
        first = [number.startswith("+813") for number in office.line.numbers]
        for lead in list(await permits(office)):
            name = f"{CAMPAIGN}-{lead}-1"
            await office.rings(name)
            await office.ends(name, CallEnding.NO_ANSWER)
        await office.after(seconds=4)
        assert first == [False] * len(AGENTS)
        assert sum(number.startswith("+813") for number in office.line.numbers) == 3
        assert len(office.line.numbers) == 2 * len(AGENTS)
