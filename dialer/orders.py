"""What we tell the world to do, in the imperative."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCall:
    """Dial `to` once. Attempt and nonce ride in the callback URLs; times are seconds."""

    attempt: str
    nonce: str
    to: str
    caller_id: str
    ring_limit_s: int
    call_limit_s: int
    detect_machine: bool = False
    record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail:
    """Send one message once. `token` names the attempt in unsubscribe and answer links."""

    attempt: str
    token: str
    to: str
    to_name: str
    sender: str
    sender_name: str
    subject: str
    text: str
    language: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call, whatever it is doing."""

    attempt: str
    reference: str


Order = PlaceCall | SendMail | HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRoom:
    """To an answered line: join the agent's room, under a label that names the attempt.

    `announcement`, in `language`, is spoken first: that the call is recorded belongs inside the recording.
    """

    room: str
    label: str
    announcement: str | None = None
    language: str = "ja"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayNotice:
    """To an answered line nobody can serve: say who called and how to say never again, then hang up."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """To an answered line: nothing more to say, hang up."""


Instruction = JoinRoom | PlayNotice | Release
