"""What the double is told of agents: where each works, and what they may say happened."""

from collections.abc import Mapping

from pydantic import Field

from campaigns.campaign import Document
from campaigns.outcome import Outcome


class Seat(Document):
    """Where one agent works: the webhook that joins their room, the desk's address and its token.

    Without `presses` the softphone is a line and no more: a person sits at the desk.
    """

    id: str
    join_url: str
    desk_url: str
    token: str
    presses: bool = True


class Line(Document):
    """A line alone: the agent, and the webhook that joins their room."""

    id: str
    join_url: str


class Meaning(Document):
    """One disposition of a campaign and the outcome it means."""

    id: str
    means: Outcome


class Shift(Document):
    """Who works, and what they may say happened, by campaign: the body of `POST /double/agents`."""

    agents: tuple[Seat, ...]
    dispositions: Mapping[str, tuple[Meaning, ...]] = Field(min_length=1)
