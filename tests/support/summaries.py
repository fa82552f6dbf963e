"""Builders of what the board shows: a campaign in the middle of its day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from campaigns.outcome import Ending, Outcome
from dialer.reports import AgentLine, Minute, RefusalLine, Summary

NOW = datetime(2026, 11, 24, 4, 42, 7, tzinfo=UTC)
"""A Tuesday, 13:42:07 in Tokyo."""

OUTCOMES: dict[str, int] = {
    Outcome.NO_ANSWER: 412,
    Outcome.MACHINE: 133,
    Outcome.NOT_INTERESTED: 121,
    Outcome.INTERESTED: 74,
    Outcome.SOLD: 58,
    Outcome.SENT: 57,
    Outcome.CALLBACK: 39,
    Outcome.BUSY: 31,
    Outcome.REFUSED: 22,
    Outcome.OPTED_OUT: 12,
    Outcome.WRONG_NUMBER: 9,
    Outcome.FAILED: 7,
    Outcome.ABANDONED: 4,
    Outcome.BOUNCED: 3,
}

REFUSALS = (
    RefusalLine(
        rule="JP-H1",
        code="OUTSIDE_HOURS",
        citation="house rule: 09:00–20:00, local time of the person",
        count=96,
    ),
    RefusalLine(
        rule="JP-R1",
        code="REFUSAL_ON_FILE",
        citation="特定商取引に関する法律 第17条(再勧誘の禁止)",
        count=41,
    ),
    RefusalLine(
        rule="JP-L1", code="INTERNAL_DNC", citation="house rule: internal do-not-contact list", count=23
    ),
    RefusalLine(
        rule="JP-E1",
        code="EMAIL_NO_OPTIN",
        citation="特定電子メールの送信の適正化等に関する法律 第3条",
        count=18,
    ),
    RefusalLine(rule="HOUSE-CAP-DAY", code="ATTEMPT_CAP_DAY", citation="campaign: at most 2 a day", count=7),
)

AGENTS = (
    AgentLine(
        id="a1", name="佐藤 美咲", state="talking", seconds=187, languages=("ja",), talking_to="高橋 健一"
    ),
    AgentLine(
        id="a2",
        name="鈴木 大輔",
        state="talking",
        seconds=42,
        languages=("ja", "en"),
        talking_to="Emma Clarke",
    ),
    AgentLine(id="a3", name="Olivia Grant", state="wrapping", seconds=11, languages=("en", "ja")),
    AgentLine(id="a4", name="田中 陽子", state="reserved", seconds=6, languages=("ja",)),
    AgentLine(id="a5", name="伊藤 翔太", state="ready", seconds=3, languages=("ja",)),
    AgentLine(
        id="a6", name="渡辺 直樹", state="talking", seconds=301, languages=("ja",), talking_to="小林 和子"
    ),
    AgentLine(id="a7", name="中村 彩", state="ready", seconds=19, languages=("ja", "en")),
    AgentLine(id="a8", name="山本 拓海", state="away", seconds=1260, languages=("ja",)),
)


def minutes(number: int = 45, *, start: datetime = NOW - timedelta(minutes=225)) -> tuple[Minute, ...]:
    """A day's slices of five minutes, rising, falling at noon, rising again; the same each time."""
    slices = []
    for index in range(number):
        calls = 12 + (index * 7) % 9 + min(index, 8) - (9 if 22 <= index <= 27 else 0)
        slices.append(
            Minute(
                at=start + index * timedelta(minutes=5),
                attempts=calls,
                answered=calls * 5 // 9,
                talked=calls * 3 // 8 + index % 2,
                mails=index % 4 if index > 20 else 0,
            )
        )
    return tuple(slices)


def a_summary(campaign: str = "winback", **changes: Any) -> Summary:
    """A campaign in the middle of its day; name what shall differ."""
    given: dict[str, Any] = {
        "title": {"ja": "ご無沙汰のお客様 秋の特別ご優待", "en": "Autumn offer for dormant customers"},
        "state": "running",
        "now": NOW,
        "enrolled": 612,
        "rejected": 34,
        "waiting": 148,
        "trying": 14,
        "done": 450,
        "endings": {
            Ending.TALKED: 335,
            Ending.ANSWERED: 11,
            Ending.OPTED_OUT: 34,
            Ending.REFUSED: 41,
            Ending.UNREACHABLE: 16,
            Ending.EXHAUSTED: 13,
        },
        "calls": 1_024,
        "live": 7,
        "answered": 488,
        "outcomes": OUTCOMES,
        "refusals": REFUSALS,
        "mails_sent": 57,
        "mails_answered": 11,
        "mails_unsubscribed": 2,
        "mails_bounced": 3,
        "abandoned": 4,
        "abandoned_share": 4 / 339,
        "occupancy": 0.78,
        "talk_s": 41_200,
        "suppressions": 1_205,
        "connect_p50_s": 0.41,
        "connect_p99_s": 1.2,
        "ledger_rows": 2_391,
        "agents": AGENTS,
        "minutes": minutes(),
    }
    return Summary(campaign=campaign, **{**given, **changes})
