"""What we tell the world to do, in the imperative."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.speech import Utterance
from dialer.line_orders import EarWork, LineWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How a machine is told from a person: times in ms, `timeout_s` in seconds, None for the carrier's own.

    `to_the_end` waits for the end of a machine's greeting, so that a message can be left.
    """

    to_the_end: bool = False
    speech_threshold: int | None = None
    speech_end_threshold: int | None = None
    silence_timeout: int | None = None
    timeout_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCall:
    """Dial `to` once. Attempt and nonce ride in the callback URLs; times are seconds.

    `reason` (50 letters at most) is shown where phones can; `fallback_url` is asked when we do not answer.
    """

    attempt: str
    nonce: str
    to: str
    caller_id: str
    ring_limit_s: int
    call_limit_s: int
    detect_machine: bool = False
    hearing: Hearing = Hearing()
    record: bool = False
    reason: str | None = None
    fallback_url: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAgent:
    """Call an agent's own telephone (E.164) or SIP address once. Leg and nonce ride in the callback URLs.

    Times are seconds: how long it rings, how long the line may stay.
    """

    leg: str
    agent: str
    nonce: str
    to: str
    caller_id: str
    ring_limit_s: int
    call_limit_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveMessage:
    """Say this to a line that a machine answered, whose greeting is over; then hang up."""

    attempt: str
    reference: str
    message: Utterance


Order = PlaceCall | SendMail | HangUp | LeaveMessage | LineWork | EarWork


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRoom:
    """To an answered line: join the agent's room, under a label that names the attempt.

    `announcement` is heard first: that the call is recorded belongs inside the recording. `music` (https) is played
    while nobody else is in the room.
    """

    room: str
    label: str
    announcement: Utterance | None = None
    music: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """To an answered line for which an agent may be free in a moment: ask again after so many seconds."""

    seconds: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayNotice(Utterance):
    """To an answered line nobody can serve: say who called and how to say never again, then hang up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayMessage(Utterance):
    """To an answered line of a campaign without agents: play its message and wait for a key, then hang up.

    `announcement` is heard first.
    """

    announcement: Utterance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCallback:
    """To a line whose person asked to be called: say that somebody will, then hang up."""

    language: str
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """To an agent's own telephone that was picked up: wait for any key, which no mailbox presses; else hang up."""

    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterRoom:
    """To an agent's own telephone: stay in their room, from call to call."""

    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOptOut:
    """To a line whose person said never again: say that it is so, then hang up."""

    language: str
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """To an answered line: nothing more to say, hang up."""


Instruction = (
    JoinRoom
    | Wait
    | PlayNotice
    | PlayMessage
    | PromiseCallback
    | ConfirmOptOut
    | Release
    | Invite
    | EnterRoom
)
