"""F4: the order's answer is lost and no call was made: after the grace it was never placed, and is planned anew."""

from datetime import timedelta

from campaigns.outcome import LeadState, Outcome
from dialer.attempt import AttemptState
from dialer.recovery import GRACE
from dialer.settings import CarrierSettings
from tests.support.builders import NOON
from tests.support.engines import Office, an_office
from tests.support.stores import CAMPAIGN

LIMIT = timedelta(minutes=30)
QUICK = CarrierSettings(calls_per_second=50, accept_limit=LIMIT)
PEOPLE = 12


async def lose_every_order(office: Office) -> None:
    """Order everybody once, a few at a time; no answer ever comes, and the carrier knows of no call."""
    office.line.mode = "unsure"
    while len(office.line.placed) < PEOPLE:
        await office.after(seconds=31)
    office.line.mode = "placed"


async def outcomes(office: Office) -> list[Outcome | None]:
    """Return what the first try of each person came to."""
    names = [f"{CAMPAIGN}-{place}-1" for place in range(1, PEOPLE + 1)]
    return [(await office.attempt(name)).outcome for name in names]


async def test_f04_within_the_grace_nobody_is_dialled_again() -> None:
    """Up to the carrier's longest delay and a quarter of an hour, each number stays locked."""
    async with an_office(PEOPLE, carrier=QUICK) as office:
        await lose_every_order(office)
        while office.clock.now() < NOON + LIMIT + GRACE - timedelta(minutes=1):
            await office.after(seconds=30)
        assert sorted(office.line.numbers) == sorted(set(office.line.numbers))
        assert await outcomes(office) == [None] * PEOPLE


async def test_f04_after_the_grace_nobody_is_stranded() -> None:
    """Each is never placed, takes nothing from the person's tries, and is dialled a second time in the end."""
    async with an_office(PEOPLE, carrier=QUICK) as office:
        await lose_every_order(office)
        for _ in range(60 * 2):
            await office.after(minutes=1)
            for attempt in await office.write(lambda unit: unit.live_attempts()):
                if attempt.state is AttemptState.PLACED:
                    await office.ends(attempt.id)
        assert await outcomes(office) == [Outcome.NOT_PLACED] * PEOPLE
        assert set(map(office.line.numbers.count, set(office.line.numbers))) == {2}
        leads = [await office.lead(place) for place in range(1, PEOPLE + 1)]
        assert {lead.state for lead in leads} == {LeadState.WAITING}
        assert {lead.step_tries for lead in leads} == {1}
