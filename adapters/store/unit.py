"""One transaction, as the engine sees it."""

from typing import TypeVar

from adapters.store.agents import Agents
from adapters.store.attempts import Attempts
from adapters.store.controls import Controls
from adapters.store.costs import Costs
from adapters.store.desks import Notes
from adapters.store.handlings import LiveCalls
from adapters.store.heads import Heads
from adapters.store.intake import Intake
from adapters.store.legs import Legs
from adapters.store.officer import Officer
from adapters.store.previews import Previews
from adapters.store.records import Records
from adapters.store.resting import Resting
from adapters.store.standings import Standings
from adapters.store.statement import Runner, Session
from adapters.store.turns import Turns
from adapters.store.workload import Comings

T = TypeVar("T")


class SqlUnit(
    Controls,
    Turns,
    Agents,
    Previews,
    Attempts,
    Costs,
    Intake,
    Legs,
    Officer,
    Notes,
    LiveCalls,
    Records,
    Resting,
    Standings,
    Heads,
    Comings,
):
    """A unit of work on one connection, inside the transaction that it is in; it begins and ends none itself."""

    def __init__(self, session: Session) -> None:
        """Take a connection whose transaction has begun."""
        super().__init__(Runner(session))

    def finished(self, result: T) -> T:
        """Write what had to wait for the end of the work, and return what the work returned."""
        self.seal()
        return result
