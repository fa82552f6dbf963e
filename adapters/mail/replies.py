"""What a reply of the mail server is about: the message, or us."""

import re
from typing import Final

_ABOUT_US: Final = frozenset({421, 454, 500, 502, 503, 504, 530, 535, 538})
"""Going away, throttled, out of step, not logged in (RFC 5321 §4.2.2, RFC 4954 §6)."""

_STATUS_ABOUT_US: Final = re.compile(r"[45]\.(?:3\.[12]|5\.3|4\.5)\b")
"""RFC 3463: the system is full or takes no mail, too many recipients, congestion.

Not x.3.0: servers say that of a single mailbox too, and taking one for an outage would hold up everybody's mail.
"""

_WORDS_ABOUT_US: Final = re.compile(
    r"too many (?:recipients|messages|e?mails|connections|errors|transactions)"
    r"|throttl|rate limit|maximum sending rate|daily (?:message|sending|user sending) (?:quota|limit)"
    r"|relay(?:ing)? (?:access )?(?:is )?(?:denied|not)|unable to relay"
    r"|(?:client host|sender address|helo command) rejected",
    re.IGNORECASE,
)
"""Limits on what we may send, and refusals of us that servers hold back until they know a recipient."""


def is_about_us(code: int, text: str) -> bool:
    """Tell whether a no before the text says that we may not send, now or at all, whoever the recipient."""
    return code in _ABOUT_US or bool(_STATUS_ABOUT_US.match(text) or _WORDS_ABOUT_US.search(text))


def is_throttle(code: int, text: str) -> bool:
    """Tell whether a no to the whole text is a limit on us; 421 is not: then nobody has looked at the message."""
    return code != 421 and is_about_us(code, text)
