"""Who sits where at the double: the body that seats the agents of an installation."""

from collections.abc import Mapping

from pydantic import Field

from campaigns.campaign import Document
from campaigns.outcome import Outcome


class Seat(Document):
    """Where one agent works; without `presses` the softphone is a line and no more: a person sits at the desk."""

    id: str
    join_url: str
    desk_url: str
    token: str
    presses: bool = True


class Meaning(Document):
    """One disposition of a campaign and the outcome it means."""

    id: str
    means: Outcome


class Shift(Document):
    """Who works, and what they may say happened, by campaign: the body of `POST /double/agents`."""

    agents: tuple[Seat, ...]
    dispositions: Mapping[str, tuple[Meaning, ...]] = Field(min_length=1)
