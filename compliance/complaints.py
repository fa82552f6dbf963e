"""How many who got our mail called it unwanted, against what mailbox providers bear."""

from collections.abc import Iterable

from compliance.campaign_rules import MailRule
from compliance.finding import against
from compliance.question import Reason
from compliance.terms import ReasonCode


def complaints(share: float, rules: Iterable[MailRule]) -> tuple[Reason, ...]:
    """Return the reasons to stop mailing when `share` (0 to 1) of delivered mail was complained of.

    A limit is already reached where the share equals it: providers want less (MBX-1).
    """
    return tuple(
        against(ReasonCode.EMAIL_COMPLAINT_RATE, rule)
        for rule in rules
        if rule.most_complaints is not None and share >= rule.most_complaints
    )
