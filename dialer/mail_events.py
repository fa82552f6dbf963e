"""What the world tells us of mails, in our words and in the past tense."""

from dataclasses import dataclass

from dialer.events import AttemptEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccepted(AttemptEvent):
    """The mail server took the message; `reference` is the Message-ID."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRefused(AttemptEvent):
    """The mail server refused: `permanent` for 5xx, otherwise it may be tried later."""

    code: str
    detail: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailNotSent(AttemptEvent):
    """Surely never handed to a mail server."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUnsure(AttemptEvent):
    """The connection was lost after the final dot: perhaps sent, never sent again."""

    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDelivered(AttemptEvent):
    """The person's server took the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBounced(AttemptEvent):
    """The mail came back."""

    code: str
    detail: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailComplained(AttemptEvent):
    """The person told their provider that the mail is spam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUnsubscribed(AttemptEvent):
    """The person asked for no more."""

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAnswered(AttemptEvent):
    """The person asked, on the mail's answer page, to be contacted."""


MailEvent = (
    MailAccepted
    | MailRefused
    | MailNotSent
    | MailUnsure
    | MailDelivered
    | MailBounced
    | MailComplained
    | MailUnsubscribed
    | MailAnswered
)
