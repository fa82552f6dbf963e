"""What a desk needs to see at once: the agent, the call that is theirs, the person, and what is on record of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from campaigns.contact import Contact
from dialer.agents import Agent
from dialer.attempt import Attempt
from dialer.handling import Handling
from dialer.legs import Leg
from dialer.listening import Listening
from dialer.previews import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk. `permit` and `said` are bodies of the ledger's rows about the call: why it was allowed, what was noted.

    `tries` are the newest attempts on the person in any campaign, the newest first, without the call itself. `attempt`
    may also be a call that is on its way to the agent, or in which they are a guest: `handling` says so. `others` are
    the agents who are ready, and `listeners` who listens to this one. `preview` is the last person that the agent saw
    before a call; while it is not over, `permit` is what was sealed then. `leg` is the last call that we made to the
    agent.
    """

    agent: Agent
    attempt: Attempt | None = None
    contact: Contact | None = None
    permit: Mapping[str, Any] | None = None
    said: tuple[Mapping[str, Any], ...] = ()
    tries: tuple[Attempt, ...] = ()
    handling: Handling | None = None
    others: tuple[Agent, ...] = ()
    listeners: tuple[Listening, ...] = ()
    preview: Preview | None = None
    leg: Leg | None = None

    @property
    def is_own(self) -> bool:
        """Whether the call is the agent's: theirs to speak in, and to say what came of it."""
        return self.attempt is not None and self.agent.attempt == self.attempt.id


class Desks(Protocol):
    """Looks at desks that lock nothing: a part of `dialer.ports.Reports`."""

    def agents(self) -> Sequence[Agent]:
        """Return every agent, by id."""
        ...

    def desk(self, agent: str) -> Desk | None:
        """Return one agent's desk, None for an agent nobody knows."""
        ...


def done_duties(said: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the codes of the duties that are ticked after all that was noted, oldest first."""
    ticks = {row["duty"]: row["is_done"] for row in said if row.get("what") == "duty"}
    return frozenset(duty for duty, is_done in ticks.items() if is_done)


def duties_of(permit: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the codes of the duties that came with a permit: its conditions, and what must be said."""
    verdict = permit["verdict"] if permit else {}
    sayings = (saying["element"] for saying in verdict.get("sayings", ()))
    return frozenset((*verdict.get("obligations", ()), *sayings))
