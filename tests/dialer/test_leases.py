from hypothesis import given
from hypothesis import strategies as st

from dialer.leases import Claim, Lease, is_alone, shared_out

CAMPAIGNS = st.sets(st.sampled_from("abcdefghij"), max_size=10)
ENGINES = st.lists(st.sampled_from(["one", "two", "three", "four"]), min_size=1, unique=True)


def held(leases: dict[str, Lease], claim: Claim, owner: str) -> None:
    """Do in memory what the store does with a claim."""
    for name in claim.take:
        before = leases.get(name)
        fence = 1 if before is None else before.fence + (before.owner != owner)
        leases[name] = Lease(name=name, owner=owner, fence=fence)
    for name in claim.leave:
        leases[name] = Lease(name=name, owner=owner, fence=leases[name].fence, is_over=True)


@given(campaigns=CAMPAIGNS, engines=ENGINES)
def test_engines_come_to_share_every_campaign_evenly(campaigns: set[str], engines: list[str]) -> None:
    """After a few rounds each campaign has one engine, and nobody has two more than another."""
    leases: dict[str, Lease] = {}
    plans: dict[str, frozenset[str]] = {}
    for _ in range(3):
        for engine in engines:
            claim = shared_out(campaigns, list(leases.values()), engine)
            held(leases, claim, engine)
            plans[engine] = claim.campaigns
            mine = [lease.name for lease in leases.values() if lease.owner == engine and not lease.is_over]
            assert sorted(mine) == sorted(claim.take)
    assert sorted(one for plan in plans.values() for one in plan) == sorted(campaigns)
    share = -(-len(campaigns) // len(engines))
    assert all(len(plan) <= share for plan in plans.values())


@given(campaigns=CAMPAIGNS, engines=ENGINES)
def test_nobody_takes_what_anothers_lease_covers(campaigns: set[str], engines: list[str]) -> None:
    """However few the other has."""
    leases = [Lease(name=f"campaign:{name}", owner="other", fence=1) for name in sorted(campaigns)]
    assert shared_out(campaigns, leases, engines[0]).campaigns == frozenset()


def test_what_a_dead_engine_lets_lie_is_taken_over() -> None:
    """Its leases are over, its own among them."""
    dead = [
        Lease(name="campaign:a", owner="one", fence=3, is_over=True),
        Lease(name="engine:one", owner="one", fence=1, is_over=True),
    ]
    assert shared_out({"a"}, dead, "two").campaigns == {"a"}
    assert is_alone(dead, "two")
    assert not is_alone([Lease(name="engine:one", owner="one", fence=1)], "two")
    assert is_alone([Lease(name="engine:two", owner="two", fence=1)], "two")
