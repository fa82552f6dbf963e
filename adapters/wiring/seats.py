"""Where each agent works: the desk with its token, and the address that tells an agent's line which room is theirs."""

from dataclasses import dataclass
from urllib.parse import quote

from adapters.twilio.urls import Addresses
from dialer.nonce import nonce_for
from dialer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One agent's place. `token` opens the desk; the join address holds its own. Whoever has them is this agent.

    `sign_in_url` opens the desk's page at once: what stands after its # is read by the page and never sent.
    """

    agent: str
    name: str
    desk_url: str
    token: str
    sign_in_url: str
    join_url: str


def seats_of(settings: Settings, secret: str) -> list[Seat]:
    """Return the seats of the settings' agents; they stay the same until the secret or the public URL changes."""
    addresses = Addresses(public_url=settings.public_url)
    return [
        Seat(
            agent=agent.id,
            name=agent.name,
            desk_url=f"{addresses.root}/desk/{agent.id}",
            token=(token := nonce_for(secret, "desk", agent.id)),
            sign_in_url=f"{addresses.root}/desk#{quote(agent.id, safe='')}:{token}",
            join_url=addresses.join(agent.id, nonce_for(secret, "agent", agent.id)),
        )
        for agent in settings.agents
    ]


def supervisors_of(settings: Settings, secret: str) -> list[tuple[str, str, str]]:
    """Return (id, name, the link that signs them in) of each supervisor; who has the link is that supervisor."""
    root = Addresses(public_url=settings.public_url).root
    return [
        (one.id, one.name, f"{root}/floor#{quote(one.id, safe='')}:{nonce_for(secret, 'supervisor', one.id)}")
        for one in settings.supervisors
    ]
