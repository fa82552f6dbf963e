"""One look at agents' lines inside a transaction: whom to ring, of which calls to ask, which to end."""

from dataclasses import dataclass, replace
from datetime import datetime

from dialer.agents import Agent
from dialer.halts import in_force
from dialer.legs import (
    LEG_LIMIT,
    RING_LIMIT,
    Leg,
    deadline_of,
    is_wanted,
    open_leg,
    postpone,
    to_ring,
    unwanted,
)
from dialer.orders import HangUp, RingAgent
from dialer.pacing import account_window, at_once
from dialer.ports import Unit
from dialer.questions import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """What one look led to: agents to ring (written already), calls that fell silent, calls nobody waits for."""

    orders: tuple[RingAgent, ...] = ()
    silent: tuple[Leg, ...] = ()
    ended: tuple[HangUp, ...] = ()


def has_work(unit: Unit, rules: Rules) -> bool:
    """Tell whether there is a call to an agent under way, or somebody to ring."""
    live = unit.live_legs()
    return bool(live or to_ring(unit.agents(), live, rules.settings.telephones))


def look(unit: Unit, rules: Rules, now: datetime) -> Rings:
    """Write the intent to ring whoever is to be rung, and put off the questions that are about to be asked.

    Nobody is rung while the stop switch or a pause of the carrier's holds, nor beyond the account's rate. Raises
    StaleState when another process was faster.
    """
    agents, live, silence = unit.agents(), unit.live_legs(), rules.settings.silence
    wanted = to_ring(agents, live, rules.settings.telephones)
    opened = [_opened(unit, agent, rules, now) for agent in wanted[: _room(unit, rules, now)]]
    silent = [leg for leg in live if leg.deadline and leg.deadline <= now]
    for leg in silent:
        unit.save_leg(postpone(leg, silence, now), leg.state)
    return Rings(
        orders=tuple(_order(leg) for leg in opened),
        silent=tuple(silent),
        ended=tuple(
            HangUp(attempt=f"line {leg.id}", reference=leg.reference or "") for leg in unwanted(agents, live)
        ),
    )


def may_ring(unit: Unit, leg: str) -> bool:
    """Tell whether an agent who is about to be rung still waits for it."""
    found = unit.leg(leg)
    return found is not None and is_wanted(found, unit.agent(found.agent)) and unit.is_dialing_enabled()


def others_of(unit: Unit, leg: Leg) -> frozenset[str]:
    """Return the references of earlier calls to the same agent: none of those is this one."""
    return frozenset(one.reference for one in unit.legs_of(leg.agent) if one.reference and one.id != leg.id)


def _room(unit: Unit, rules: Rules, now: datetime) -> int:
    """Return how many agents may be rung now."""
    if not unit.is_dialing_enabled() or in_force(unit.halts(), now):
        return 0
    rate = rules.settings.carrier.calls_per_second
    window, count = account_window(rate)
    started = unit.calls_opened_since(now - window) + unit.legs_opened_since(now - window)
    return max(0, min(at_once(rate), count - started))


def _opened(unit: Unit, agent: Agent, rules: Rules, now: datetime) -> Leg:
    settings = rules.settings
    intent = open_leg(
        agent,
        settings.telephones[agent.id],
        settings.carrier.line_caller_id or "",
        ordinal=unit.count_legs(agent.id) + 1,
        secret=rules.secret,
        now=now,
    )
    leg = replace(intent, deadline=deadline_of(intent, settings.silence, now))
    unit.open_leg(leg)
    return leg


def _order(leg: Leg) -> RingAgent:
    return RingAgent(
        leg=leg.id,
        agent=leg.agent,
        nonce=leg.nonce,
        to=leg.address,
        caller_id=leg.caller_id,
        ring_limit_s=int(RING_LIMIT.total_seconds()),
        call_limit_s=int(LEG_LIMIT.total_seconds()),
    )
