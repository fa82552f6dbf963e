"""What the desk's page is told of an agent's own line, and the port behind which the carrier is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from aiohttp import web

from dialer.errors import DialerError


class LineKind(StrEnum):
    """How an agent's line comes into their room.

    `browser`: the page calls the carrier. `simulated`: a double opens it when the page asks. `telephone`: we call the
    agent's own telephone. `called_in`: the agent calls a number of ours, and nothing here can do it for them.
    """

    BROWSER = "browser"
    SIMULATED = "simulated"
    TELEPHONE = "telephone"
    CALLED_IN = "called_in"


class LineFailed(DialerError):
    """A line could not be opened; the text says why, for the log."""


class Lines(Protocol):
    """The carrier as the desk's page needs it."""

    sources: tuple[str, ...]
    """Where a browser must be let connect to for its line, as sources of a content policy."""

    def kind(self, agent: str) -> LineKind:
        """Return how an agent's line comes."""
        ...

    def pass_for(self, agent: str) -> Mapping[str, object]:
        """Return what the page needs to call: `token`, `life_s`, `edge`. Raises LineFailed."""
        ...

    async def open(self, agent: str) -> None:
        """Open a simulated line, once. Raises LineFailed."""
        ...

    async def close(self, agent: str) -> None:
        """Hang up a simulated line; anything else ends itself. Raises nothing."""
        ...


class CalledIn:
    """Where nobody can open a line: agents call in."""

    sources: tuple[str, ...] = ()

    def kind(self, agent: str) -> LineKind:  # noqa: ARG002
        """Return that agents call in."""
        return LineKind.CALLED_IN

    def pass_for(self, agent: str) -> Mapping[str, object]:
        """There is none. Raises LineFailed."""
        raise LineFailed(f"agent {agent} calls in")

    async def open(self, agent: str) -> None:
        """Nobody can. Raises LineFailed."""
        raise LineFailed(f"agent {agent} calls in")

    async def close(self, agent: str) -> None:
        """There is nothing to close."""


LINES: web.AppKey[Lines] = web.AppKey("lines")
"""Set by whoever knows the carrier; until then agents call in."""
