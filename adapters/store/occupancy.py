"""The floor as the board shows it: who does what, and how busy all of them were."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, case, cast, func, select, type_coerce

from adapters.store.columns import to_instant, to_microseconds
from adapters.store.mapping import AGENT_COLUMNS, to_agent
from adapters.store.part import pick
from adapters.store.statement import Runner, Statement
from adapters.store.tables import AGENT, AGENT_SPAN, ATTEMPT, CONTACT, PREVIEW
from dialer.agents import Agent, AgentState
from dialer.previews import PreviewState
from dialer.reports import AgentLine

_AGENTS = Statement(
    select(*pick(AGENT, AGENT_COLUMNS), CONTACT.c.name)
    .select_from(
        AGENT.outerjoin(ATTEMPT, ATTEMPT.c.id == AGENT.c.attempt)
        .outerjoin(PREVIEW, (PREVIEW.c.agent == AGENT.c.id) & (PREVIEW.c.state != PreviewState.OVER.value))
        .outerjoin(CONTACT, CONTACT.c.key == func.coalesce(ATTEMPT.c.contact, PREVIEW.c.contact))
    )
    .order_by(AGENT.c.id)
)
_FROM, _TO = bindparam("from_", type_=BigInteger), bindparam("to", type_=BigInteger)
_SINCE, _UNTIL = type_coerce(AGENT_SPAN.c.since, BigInteger), type_coerce(AGENT_SPAN.c.until, BigInteger)
_SPANS = Statement(
    select(
        AGENT_SPAN.c.state,
        # PostgreSQL's sum of whole numbers is a decimal.
        cast(
            func.sum(case((_UNTIL > _TO, _TO), else_=_UNTIL) - case((_SINCE < _FROM, _FROM), else_=_SINCE)),
            BigInteger,
        ),
    )
    .where(_UNTIL > _FROM, _SINCE < _TO)
    .group_by(AGENT_SPAN.c.state)
)
_TALKS = frozenset({AgentState.TALKING, AgentState.WRAPPING})
_SECOND = timedelta(seconds=1)


def floor_of(run: Runner) -> list[tuple[Agent, str | None]]:
    """Return every agent, by id, with the name of the person whose attempt is theirs, or whom they look at."""
    return [(to_agent(row[:-1]), row[-1]) for row in run.rows(_AGENTS, {})]


def line_of(agent: Agent, name: str | None, now: datetime) -> AgentLine:
    """Return an agent as the board shows them."""
    return AgentLine(
        id=agent.id,
        name=agent.name,
        state=agent.state.value,
        seconds=max(0, (now - agent.since) // _SECOND),
        languages=agent.languages,
        talking_to=name if agent.state in {AgentState.TALKING, AgentState.PREVIEWING} else None,
        is_deaf=agent.leg is None,
    )


def occupancy_of(run: Runner, agents: list[Agent], first: int | None, until: datetime) -> float:
    """Return the share of the time logged in that agents talked or wrapped up, from `first` (microseconds) on.

    Talking counts from the moment the person is in the agent's room; being reserved for a call does not.
    """
    if first is None:
        return 0.0
    end = to_microseconds(until)
    spent: Counter[str] = Counter(dict(run.rows(_SPANS, {"from_": first, "to": end})))
    for agent in agents:
        since = max(agent.since, to_instant(first))
        spent[agent.state.value] += max(0, end - to_microseconds(since))
    logged_in = sum(spent.values()) - spent[AgentState.AWAY.value]
    return sum(spent[state.value] for state in _TALKS) / logged_in if logged_in else 0.0
