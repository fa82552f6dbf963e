"""Agents, and the log of how long each was in which state."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, case, insert, select

from adapters.store.columns import Instant
from adapters.store.mapping import AGENT_COLUMNS, agent_to_row, to_agent
from adapters.store.part import Part, moving, pick
from adapters.store.statement import Statement, names_of
from adapters.store.tables import AGENT, AGENT_SPAN
from dialer.agents import Agent, AgentState

_ALL = Statement(select(*pick(AGENT, AGENT_COLUMNS)).order_by(AGENT.c.id))
# Not locked: an agent moves with the call that is theirs, which is, and by guarded changes alone.
_ONE = Statement(select(*pick(AGENT, AGENT_COLUMNS)).where(AGENT.c.id == bindparam("id")))
# Locked, since several calls that are answered at once want the same agent; whoever is being taken is passed over.
_READY = Statement(
    select(*pick(AGENT, AGENT_COLUMNS))
    .where(
        AGENT.c.id == bindparam("id"),
        AGENT.c.state == AgentState.READY.value,
        AGENT.c.leg.is_not(None),
    )
    .with_for_update(skip_locked=True)
)
# A room is left alone while somebody may be in it. A line that is in another room is none.
_PUT = Statement(
    lambda insert: (put := insert(AGENT)).on_conflict_do_update(
        index_elements=[AGENT.c.id],
        set_={
            "name": put.excluded.name,
            "languages": put.excluded.languages,
            "skills": put.excluded.skills,
            "room": case((AGENT.c.state == AgentState.AWAY.value, put.excluded.room), else_=AGENT.c.room),
            "leg": case(
                (and_(AGENT.c.state == AgentState.AWAY.value, AGENT.c.room != put.excluded.room), None),
                else_=AGENT.c.leg,
            ),
        },
    ),
    names_of(AGENT),
)
_MOVED = ("state", "since", "attempt", "deadline", "reason")
_MOVE = moving(AGENT, _MOVED)
_UNTIL = bindparam("until", type_=Instant)
_LOG = Statement(
    insert(AGENT_SPAN).from_select(
        ["agent", "state", "since", "until", "attempt"],
        select(AGENT.c.id, AGENT.c.state, AGENT.c.since, _UNTIL, AGENT.c.attempt).where(
            AGENT.c.id == bindparam("is_id"), AGENT.c.state == bindparam("expected"), AGENT.c.since < _UNTIL
        ),
    )
)


class Agents(Part):
    """The floor."""

    def agents(self) -> Sequence[Agent]:
        """Return every agent, by id."""
        return [to_agent(row) for row in self._run.rows(_ALL, {})]

    def agent(self, agent: str) -> Agent | None:
        """Return one agent."""
        row = self._run.row(_ONE, {"id": agent})
        return None if row is None else to_agent(row)

    def ready_agent(self, agent: str) -> Agent | None:
        """Return an agent who is free and whom nobody else is just taking; theirs until the end of the transaction."""
        row = self._run.row(_READY, {"id": agent})
        return None if row is None else to_agent(row)

    def put_agent(self, agent: Agent) -> None:
        """Add an agent, or refresh name, languages and skills of a known one, leaving its state alone."""
        self._run.change(_PUT, agent_to_row(agent))

    def save_agent(self, agent: Agent, expected: AgentState) -> None:
        """Write an agent's new state, and log the one that ends. Raises StaleState when it is not the one expected."""
        where = {"is_id": agent.id, "expected": expected.value}
        self._run.change(_LOG, {**where, "until": agent.since})
        change = {**where, **{name: getattr(agent, name) for name in _MOVED}}
        self._move(_MOVE, change, f"agent {agent.id}")
