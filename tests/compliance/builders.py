"""Builders of the law's questions: a sound one, and whatever a test wants changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from compliance.caps import ATTEMPTED
from compliance.judge import judge
from compliance.question import PastContact, Question, Subject, Suppression, Verdict
from compliance.rulebook import packaged_law
from compliance.terms import Channel, Profile, Purpose, Technology

TOKYO = ZoneInfo("Asia/Tokyo")
MOBILE = "+819012345678"
MAILBOX = "taro@example.jp"
ELEMENTS = frozenset({"sender_name", "sender_address", "optout_notice", "optout_url", "complaint_contact"})


def tokyo(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant as the clocks of Tokyo show it, in UTC."""
    return datetime(year, month, day, hour, minute, second, tzinfo=TOKYO).astimezone(UTC)


TUESDAY = tokyo(2026, 11, 24, 11)


def a_question(**changed: Any) -> Question:
    """A sales call to a mobile on a Tuesday at 11 in Tokyo, of which nothing is known that speaks against it."""
    plain = Question(
        now=TUESDAY,
        channel=Channel.VOICE,
        subject=Subject(person="C-1", number=MOBILE, email=MAILBOX),
        campaign="winback",
        purpose=Purpose.SALES,
        technology=Technology.PROGRESSIVE,
        seller="S1",
        product="P1",
        profile=Profile.RECOMMENDED,
        email_elements=ELEMENTS,
    )
    return replace(plain, **changed)


def a_suppression(**changed: Any) -> Suppression:
    """An entry of our own list; it names nobody until told whom."""
    plain = Suppression(reason="opted_out", source="test", by="customer", at=TUESDAY - timedelta(days=1))
    return replace(plain, **changed)


def past(event: str, at: datetime, **changed: Any) -> PastContact:
    """One thing that happened before."""
    return PastContact(**{"at": at, "event": event, **changed})


def tries(*instants: datetime, campaign: str = "winback") -> tuple[PastContact, ...]:
    """Calls tried at those instants."""
    return tuple(past(ATTEMPTED, at, campaign=campaign) for at in instants)


def judged(question: Question) -> Verdict:
    """What the packaged law answers."""
    return judge(question, packaged_law())


def codes(question: Question) -> list[str]:
    """The reasons the packaged law gives, in its order."""
    return [reason.code for reason in judged(question).reasons]
