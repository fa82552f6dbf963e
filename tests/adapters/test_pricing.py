"""What calls cost is asked for after their end, and takes the estimate's place."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from structlog.testing import capture_logs

from adapters.pricing import AT_ONCE, Pricing
from adapters.simulator.people import PICKED_UP, Kind
from campaigns.budget import Budget
from dialer.attempt import AttemptState
from dialer.events import CallEnding
from dialer.ports import Unit
from tests.faults.installation import an_installation, people_who
from tests.support.builders import NOON, a_campaign
from tests.support.engines import Office, an_office, reference_of
from tests.support.stores import CAMPAIGN, concluded_call

FIRST = f"{CAMPAIGN}-1-1"
COST = (Decimal("0.0140"), "USD")


def pricing_of(office: Office) -> Pricing:
    """The job, over an office."""
    return Pricing(office.store, office.line, office.engine, clock=office.clock)


async def answered(office: Office) -> None:
    """The first person is called, speaks, and hangs up."""
    await office.engine.tick()
    await office.engine.settle()
    await office.talked(FIRST)


def cheap() -> Budget:
    """A budget whose estimate is far above what calls cost."""
    return Budget(amount=Decimal(40), currency="USD", per_call=Decimal(12), per_mail=Decimal(0))


async def test_a_price_takes_the_estimates_place() -> None:
    """Not before two minutes have passed, once, and the budget counts it from then on."""
    async with an_office(1, agents=("aoki",), campaign=a_campaign(budget=cheap())) as office:
        await answered(office)
        pricing, reference = pricing_of(office), reference_of(FIRST)
        office.line.prices = {reference: COST}
        await pricing.run()
        assert office.line.asked == []
        office.go(minutes=2)
        await pricing.run()
        await pricing.run()
        assert office.line.asked == [reference]
        attempt = await office.attempt(FIRST)
        assert (attempt.state, attempt.price, attempt.currency) == (AttemptState.OVER, *COST)
        (cost,) = await office.write(lambda unit: unit.spent(CAMPAIGN))
        assert (cost.amount, cost.currency) == COST


async def test_what_is_not_priced_yet_is_asked_again_for_a_week() -> None:
    """And no longer; a call that nobody answered costs nothing to ask about."""
    async with an_office(2) as office:
        await answered(office)
        await office.ends(f"{CAMPAIGN}-2-1", CallEnding.BUSY)
        pricing = pricing_of(office)
        for count in (1, 2, 3):
            office.go(days=2)
            await pricing.run()
            assert office.line.asked == [reference_of(FIRST)] * count
        office.go(days=2)
        await pricing.run()
        assert len(office.line.asked) == 3


async def test_a_silent_carrier_is_left_alone_ever_longer() -> None:
    """One question a run, and runs further apart, four hours at most; then it is asked as before."""
    async with an_office(1) as office:
        await answered(office)
        pricing = pricing_of(office)
        office.line.is_reachable = False
        office.go(minutes=2)
        asked: list[int] = []
        with capture_logs() as logs:
            for run in range(100):
                before = len(office.line.asked)
                await pricing.run()
                asked += [run] * (len(office.line.asked) - before)
                office.go(minutes=10)
        assert asked[:5] == [0, 2, 6, 14, 30]
        assert {later - earlier for earlier, later in pairwise(asked[4:])} == {24}
        assert len(logs) == len(asked)
        office.line.is_reachable, office.line.prices = True, {reference_of(FIRST): COST}
        office.go(hours=4)
        await pricing.run()
        assert (await office.attempt(FIRST)).price == COST[0]


async def test_calls_that_never_get_a_price_do_not_stand_before_others() -> None:
    """Two hundred a run, oldest first; the next run goes on where this one ended, and then begins anew."""
    count = AT_ONCE + 3
    async with an_office(count, agents=()) as office:

        def calls(unit: Unit) -> None:
            for place in range(1, count + 1):
                over = NOON + timedelta(seconds=place)
                concluded_call(unit, place, answered_at=NOON, over_at=over, reference=f"CA{place}")

        await office.write(calls)
        pricing = pricing_of(office)
        office.go(hours=1)
        for _ in range(3):
            await pricing.run()
        names = [f"CA{place}" for place in range(1, count + 1)]
        assert office.line.asked == [*names, *names[:AT_ONCE]]


async def test_the_double_names_prices_some_time_after_the_end(tmp_path: Path) -> None:
    """Through the real adapter: none when the call has just ended, and minutes later what it cost."""
    called = people_who(lambda each: each.kind in PICKED_UP and each.kind is not Kind.MACHINE, 1)
    async with an_installation(tmp_path, called) as installation:
        house = installation.house
        pricing = Pricing(house.store, house.carrier, house.engine, clock=house.clock)

        async def is_priced() -> bool:
            await pricing.run()
            (attempt,) = await installation.attempts(1)
            return attempt.price is not None

        await installation.until(lambda: installation.are_over(1))
        (attempt,) = await installation.attempts(1)
        assert (attempt.answered_at is not None, attempt.price) == (True, None)
        await installation.until(is_priced)
        (attempt,) = await installation.attempts(1)
        assert attempt.currency == "USD"
        assert attempt.price
        assert attempt.price > 0
