"""Agents' own telephones: what happens when the dialer calls one, as the double's control API says."""

from dataclasses import dataclass
from enum import StrEnum

from adapters.simulator.people import NEVER_PICKED_UP_S, Kind, Reaction
from campaigns.campaign import Document
from campaigns.outcome import Outcome

_SETUP_S, _RING_S, _MAILBOX_S = 0.5, 2.0, 6.0
_FOR_EVER_S = 1e6


class Does(StrEnum):
    """What becomes of a call: the agent comes and presses a key, only a mailbox does, nobody does, or it is busy."""

    ANSWER = "answer"
    MAILBOX = "mailbox"
    IGNORE = "ignore"
    BUSY = "busy"


class Telephone(Document):
    """One telephone: whose it is, and what becomes of a call to it."""

    address: str
    agent: str
    does: Does = Does.ANSWER


class Desktop(Document):
    """The telephones that there are from now on: the body of `POST /double/telephones`."""

    telephones: tuple[Telephone, ...]


_KINDS = {
    Does.ANSWER: Kind.ANSWER,
    Does.MAILBOX: Kind.MACHINE,
    Does.IGNORE: Kind.NO_ANSWER,
    Does.BUSY: Kind.BUSY,
}
_RINGS_S = {Does.ANSWER: _RING_S, Does.MAILBOX: _MAILBOX_S}


@dataclass(slots=True)
class Telephones:
    """The telephones of agents, by number or SIP address; every other number is one of the population's."""

    known: dict[str, Telephone]

    def put(self, telephones: Desktop) -> None:
        """Add telephones, or let known ones do something else from the next call on."""
        self.known |= {one.address: one for one in telephones.telephones}

    def reaction(self, address: str) -> Reaction | None:
        """Return what a call to an agent's telephone meets, None for any other number."""
        found = self.known.get(address)
        if found is None:
            return None
        return Reaction(
            kind=_KINDS[found.does],
            setup_s=_SETUP_S,
            ring_s=_RINGS_S.get(found.does, NEVER_PICKED_UP_S),
            talk_s=_FOR_EVER_S,
            says=Outcome.NOT_INTERESTED,
            patience_s=_FOR_EVER_S,
            language="ja",
            presses_9=found.does is Does.ANSWER,
            agent=found.agent if found.does is Does.ANSWER else None,
        )
