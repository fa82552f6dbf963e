from datetime import timedelta

from dialer.halts import Halt
from dialer.leases import TTL, Lease
from dialer.ports import Store, Unit
from tests.support.builders import NOON

NOTHING = timedelta(0)


def held(unit: Unit, owner: str, ttl: timedelta, *names: str) -> None:
    """Hold leases in one's turn."""
    unit.take_turn(owner)
    unit.hold(names, owner, ttl)


async def test_a_lease_is_held_renewed_left_and_taken_over(store: Store) -> None:
    """By the database's own clock; each new owner has a higher fence, and renewing leaves it as it is."""
    await store.transact(lambda unit: held(unit, "one", TTL, "campaign:a", "campaign:b"))
    await store.transact(lambda unit: held(unit, "one", TTL, "campaign:a"))
    first = [
        Lease(name="campaign:a", owner="one", fence=1),
        Lease(name="campaign:b", owner="one", fence=1),
    ]
    assert await store.transact(lambda unit: unit.leases()) == first
    await store.transact(lambda unit: unit.leave(("campaign:a", "campaign:b"), "two"))
    assert await store.transact(lambda unit: unit.leases()) == first
    await store.transact(lambda unit: unit.leave(("campaign:b",), "one"))
    await store.transact(lambda unit: held(unit, "two", TTL, "campaign:b"))
    assert await store.transact(lambda unit: unit.leases()) == [
        first[0],
        Lease(name="campaign:b", owner="two", fence=2),
    ]


async def test_a_lease_that_is_not_renewed_is_over(store: Store) -> None:
    """Nobody has to take it away."""
    await store.transact(lambda unit: held(unit, "one", NOTHING, "campaign:a"))
    assert await store.transact(lambda unit: unit.leases()) == [
        Lease(name="campaign:a", owner="one", fence=1, is_over=True)
    ]


async def test_a_halt_holds_as_long_as_the_longest_word(store: Store) -> None:
    """A shorter one does not undo it, one without an end beats all, and lifting is told apart from nothing to lift."""
    minute = timedelta(minutes=1)

    def halted(until: int | None) -> Halt:
        return Halt(
            name="carrier",
            since=NOON,
            until=None if until is None else NOON + until * minute,
            reason=f"{until}",
        )

    for said, holds in ((5, 5), (3, 5), (8, 8), (None, None), (60, None)):
        await store.transact(lambda unit, said=said: unit.halt(halted(said)))  # type: ignore[misc]
        assert list(await store.transact(lambda unit: unit.halts())) == [halted(holds)]
    assert await store.transact(lambda unit: unit.lift_halt("carrier"))
    assert not await store.transact(lambda unit: unit.lift_halt("carrier"))
    assert not await store.transact(lambda unit: unit.halts())
