"""The addresses Twilio calls us back at, and how often it is to try."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from adapters.twilio.errors import CarrierMisconfigured


class Door(StrEnum):
    """The last word of a call's callback address: what it is called for."""

    ANSWER = "answer"
    STATUS = "status"
    SCREENED = "screened"
    AFTER = "after"
    NOTICE = "notice"
    KEYED = "keyed"
    RECORDING = "recording"
    FALLBACK = "fallback"
    HOLD = "hold"


# Connection overrides ride in the fragment, which is neither sent nor signed (facts §2.2). Times are milliseconds.
# Without `rp=all` a 500 of ours would be the end of it: by default only failed connections are tried again.
_PATIENT: Final = "rc=3&rp=all&ct=1000&rt=3000&tt=12000"
# A person holds the line: give up early, try again early.
_URGENT: Final = "rc=2&rp=all&ct=1000&rt=2000&tt=6000"
URGENT_DOORS: Final = frozenset({Door.ANSWER, Door.NOTICE, Door.KEYED, Door.AFTER, Door.FALLBACK, Door.HOLD})
PATIENT_DOORS: Final = frozenset({Door.RECORDING, Door.SCREENED})
"""Where nothing hangs on: neither a person nor an agent waits for it."""

CALL_PATH: Final = "/twilio/{attempt}/{nonce}"
AGENT_PATH: Final = "/twilio/agents/{agent}/{nonce}/join"
LEG_PATH: Final = "/twilio/legs/{leg}/{nonce}"
LINE_PATH: Final = "/twilio/line/{nonce}"
ROOMS_PATH: Final = "/twilio/rooms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Builds callback addresses on the configured public URL; raises CarrierMisconfigured when it cannot serve.

    `egress` is the edge that Twilio's requests leave from, None for carriers that have no such thing.
    """

    public_url: str
    egress: str | None = None

    def __post_init__(self) -> None:
        """Refuse what Twilio would refuse, or what no signature could be checked against."""
        parts = urlsplit(self.public_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise CarrierMisconfigured(f"public_url must be http(s)://host[:port][/path]: {self.public_url}")
        if parts.username is not None:
            raise CarrierMisconfigured(
                "public_url must not carry a user name: signatures could not be checked"
            )
        if "_" in parts.hostname:
            raise CarrierMisconfigured(
                f"public_url: Twilio calls no host with an underscore: {parts.hostname}"
            )

    @property
    def root(self) -> str:
        """The public URL without a slash at its end: what every signed path follows."""
        return self.public_url.rstrip("/")

    def call(self, attempt: str, nonce: str, door: Door, *, query: str = "") -> str:
        """Return where Twilio says what happens to this attempt's call."""
        path = CALL_PATH.format(attempt=attempt, nonce=nonce)
        asked = f"?{query}" if query else ""
        return f"{self.root}{path}/{door}{asked}#{self._overrides(urgent=door in URGENT_DOORS)}"

    def leg(self, leg: str, nonce: str, door: Door) -> str:
        """Return where Twilio says what happens to a call to an agent's own telephone."""
        path = LEG_PATH.format(leg=quote(leg, safe=""), nonce=nonce)
        return f"{self.root}{path}/{door}#{self._overrides(urgent=door in URGENT_DOORS)}"

    def line(self, nonce: str) -> str:
        """Return where a browser's call asks what to do: the voice address of the TwiML application."""
        return f"{self.root}{LINE_PATH.format(nonce=nonce)}"

    def rooms(self) -> str:
        """Return where Twilio says who enters and leaves the agents' rooms."""
        return f"{self.root}{ROOMS_PATH}#{self._overrides(urgent=False)}"

    def join(self, agent: str, nonce: str) -> str:
        """Return where an agent's leg learns which room is theirs."""
        return f"{self.root}{AGENT_PATH.format(agent=agent, nonce=nonce)}"

    def _overrides(self, *, urgent: bool) -> str:
        edge = f"e={self.egress}&" if self.egress else ""
        return edge + (_URGENT if urgent else _PATIENT)
