"""How an agent hears the people on the line: in the browser, or at a telephone or SIP address of their own."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from campaigns.parts import Document
from compliance.fields import E164
from compliance.problem import Wrong, wording
from compliance.remedies import shown

_SIP = re.compile(r"sips?:[A-Za-z0-9._~!$&'()*+,;=%-]+@[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:;[A-Za-z0-9.=_-]+)*")
_APPLICATION = re.compile(r"AP[0-9a-fA-F]{32}")
_LONGEST_SIP = 255


def read_sip(value: Any) -> Any:
    """Return a SIP address, such as sip:aoki@office.sip.twilio.com. Raises Wrong."""
    if isinstance(value, str) and len(value) <= _LONGEST_SIP and _SIP.fullmatch(value):
        return value
    raise Wrong(
        wording(f"{shown(value)} is no SIP address", f"{shown(value)} は SIP アドレスではありません"),
        wording(
            "Write it like sip:aoki@example.sip.twilio.com",
            "sip:aoki@example.sip.twilio.com のように書いてください",
        ),
    )


def read_application(value: Any) -> Any:
    """Return a TwiML application's SID, or "" for none. Raises Wrong."""
    if value == "" or (isinstance(value, str) and _APPLICATION.fullmatch(value)):
        return value
    raise Wrong(
        wording(
            f"{shown(value)} is no application's SID",
            f"{shown(value)} はアプリケーションの SID ではありません",
        ),
        wording(
            "Write AP and 32 hexadecimal digits, as the carrier's console shows it",
            "コンソールにあるとおり AP と32桁の16進数で書いてください",
        ),
    )


Sip = Annotated[
    str, BeforeValidator(read_sip), WithJsonSchema({"type": "string", "pattern": "^sips?:[^@]+@.+$"})
]
"""A SIP address."""
Application = Annotated[
    str,
    BeforeValidator(read_application),
    WithJsonSchema({"type": "string", "pattern": "^(AP[0-9a-fA-F]{32})?$"}),
]
"""The SID of a TwiML application, or nothing."""


_CHOICES = wording(
    'Write browser, {phone: "+81312345678"} or {sip: "sip:aoki@example.sip.twilio.com"}',
    'browser、{phone: "+81312345678"}、{sip: "sip:aoki@example.sip.twilio.com"} のどれかを書いてください',
)

_NOT_ONE = wording("a line is either a telephone or a SIP address", "回線は電話か SIP のどちらか1つです")
_KINDS = {"phone", "sip"}


class OwnLine(Document):
    """A telephone or a SIP address of the agent's own, which we call when they go ready; one of the two."""

    phone: E164 | None = None
    sip: Sip | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.phone is None) is (self.sip is None):
            raise Wrong(_NOT_ONE, _CHOICES)
        return self


def read_line(value: Any) -> Any:
    """Return what may be a line. Raises Wrong for a word that is none."""
    if value == "browser" or isinstance(value, OwnLine):
        return value
    if isinstance(value, dict):
        if value.keys() <= _KINDS and len(value) != 1:
            raise Wrong(_NOT_ONE, _CHOICES)
        return value
    raise Wrong(wording(f"{shown(value)} is no line", f"{shown(value)} という回線はありません"), _CHOICES)


Line = Annotated[Literal["browser"] | OwnLine, BeforeValidator(read_line)]
"""What an agent hears people with."""


def address_of(line: Line) -> str | None:
    """Return the number or SIP address that is called, None where the agent's browser calls us."""
    return (line.phone or line.sip) if isinstance(line, OwnLine) else None
