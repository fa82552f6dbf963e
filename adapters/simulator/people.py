"""One seeded population: who answers when, for how long, and what they say; the same in rehearsal and double."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from adapters.simulator.chance import Chance, pick
from adapters.simulator.habits import Habits
from campaigns.outcome import Outcome


class Kind(StrEnum):
    """What comes of a call, before anybody has said a word."""

    ANSWER = "answer"
    MACHINE = "machine"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    GONE = "gone"


PICKED_UP = frozenset({Kind.ANSWER, Kind.MACHINE})


class MailKind(StrEnum):
    """What a person does about a mail."""

    IGNORE = "ignore"
    ANSWER = "answer"
    UNSUBSCRIBE = "unsubscribe"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What one call meets. `says` is what an agent would conclude; `agent` is whose own telephone it is, if any's.

    All times are seconds: `setup_s` to the first ring, `ring_s` until somebody picks up, `talk_s` in the
    agent's room, `patience_s` in silence.
    """

    kind: Kind
    setup_s: float
    ring_s: float
    talk_s: float
    says: Outcome
    patience_s: float
    language: str
    presses_9: bool
    presses_1: bool = False
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReaction:
    """What one mail meets, `delay_s` seconds after it came."""

    kind: MailKind
    delay_s: float


# Mobiles are answered less often than landlines by day, everybody most often in the evening (3 hours a row).
_MOBILE = (0.02, 0.01, 0.10, 0.33, 0.36, 0.34, 0.41, 0.30)
_FIXED = (0.02, 0.01, 0.12, 0.42, 0.40, 0.36, 0.44, 0.28)
_MACHINE = {True: 0.14, False: 0.09}

_SAYS: Mapping[Outcome, float] = MappingProxyType(
    {
        Outcome.SOLD: 0.06,
        Outcome.INTERESTED: 0.11,
        Outcome.CALLBACK: 0.09,
        Outcome.REFUSED: 0.08,
        Outcome.OPTED_OUT: 0.02,
        Outcome.WRONG_NUMBER: 0.02,
    }
)
_SHORT = frozenset({Outcome.REFUSED, Outcome.OPTED_OUT, Outcome.WRONG_NUMBER})
_SHORT_NO = 0.21  # of the plainly not interested: with _SHORT that makes a quarter of all talks short
_MAIL: Mapping[MailKind, float] = MappingProxyType({MailKind.ANSWER: 0.0825, MailKind.UNSUBSCRIBE: 0.031})
_MAIL_BOUNCE = 0.03
_MOBILE_PREFIXES = ("+8160", "+8170", "+8180", "+8190")
NEVER_PICKED_UP_S = 3600.0


def is_mobile(number: str) -> bool:
    """Tell whether an E.164 number is treated as a mobile; numbers abroad are, for want of knowing better."""
    return number.startswith(_MOBILE_PREFIXES) or not number.startswith("+81")


def answer_rate(hour: int, *, mobile: bool) -> float:
    """Return the share of calls that a person picks up at this local hour (0 to 23)."""
    return (_MOBILE if mobile else _FIXED)[hour // 3]


class Population:
    """Everybody who can be reached. What X does on the n-th call depends on seed, X, n and the local hour alone."""

    def __init__(self, seed: str, zone: str = "Asia/Tokyo", habits: Habits | None = None) -> None:
        """Take a seed, the zone everybody lives in, and what they are like."""
        self.seed, self._chance, self._zone = seed, Chance(seed), ZoneInfo(zone)
        self._habits = habits or Habits()

    def local(self, now: datetime) -> datetime:
        """Return an instant as the clocks of these people show it."""
        return now.astimezone(self._zone)

    def reaction(self, number: str, local: datetime, nth: int) -> Reaction:
        """Return what the n-th call (from 1) to this number meets at this local time."""
        chance, call = self._chance, (number, nth)
        kind = self._kind(number, local.hour, nth)
        says = pick(chance.draw("says", *call), self._habits.says or _SAYS, Outcome.NOT_INTERESTED)
        return Reaction(
            kind=kind,
            setup_s=chance.between(1.0, 3.0, "setup", *call),
            ring_s=self._ring_s(kind, number, nth),
            talk_s=self._talk_s(says, number, nth),
            says=Outcome.MACHINE if kind is Kind.MACHINE else says,
            patience_s=chance.between(3.0, 9.0, "patience", *call) * self._habits.patience,
            language="ja" if chance.draw("language", number) < 0.9 else "en",
            presses_9=kind is Kind.ANSWER and chance.happens(self._habits.presses_9, "nine", *call),
            presses_1=kind is Kind.ANSWER and chance.happens(self._habits.presses_1, "one", *call),
        )

    def mail_reaction(self, email: str, nth: int) -> MailReaction:
        """Return what the n-th mail (from 1) to this address meets; an address that bounces always bounces."""
        chance, address = self._chance, email.lower()
        kind = pick(chance.draw("mail", address, nth), _MAIL, MailKind.IGNORE)
        if chance.happens(_MAIL_BOUNCE, "bounce", address):
            kind = MailKind.BOUNCE
        return MailReaction(kind=kind, delay_s=chance.lognormal(2400.0, 1.0, "read", address, nth))

    def callback_at(self, number: str, nth: int, now: datetime) -> datetime:
        """Return when this person asks to be called again: 1 to 26 hours from `now`, on a quarter of an hour."""
        at = now + timedelta(hours=self._chance.between(1.0, 26.0, "callback", number, nth))
        return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)

    def wrap_s(self, agent: str, attempt: str) -> float:
        """Return how many seconds this agent writes after this call: 12 on average, 3 to 27."""
        return min(max(self._chance.lognormal(12.0, 0.5, "wrap", agent, attempt), 3.0), 27.0)

    def look(self, contact: str, preview: str) -> tuple[float, bool]:
        """Return how many seconds an agent looks at a person before they decide (3 to 40, 10 on average); do they skip?

        One in twelve is skipped.
        """
        looks_s = min(max(self._chance.lognormal(10.0, 0.5, "looks", contact, preview), 3.0), 40.0)
        return looks_s, self._chance.happens(1 / 12, "skips", contact, preview)

    def bridge_s(self, number: str, nth: int) -> float:
        """Return the seconds from answer to the agent's room: webhook, join, small jitter buffer (twilio.md §1)."""
        return self._chance.between(0.25, 0.6, "bridge", number, nth)

    def listens_to_machine_s(self, number: str, nth: int) -> float:
        """Return after how many seconds an agent knows a machine for one and hangs up."""
        return self._chance.between(5.0, 10.0, "listens", number, nth)

    def detection_s(self, reaction: Reaction, number: str, nth: int) -> float:
        """Return how long machine detection takes: about 4 s for a machine, less for a person (twilio.md §3.3)."""
        if reaction.kind is Kind.MACHINE:
            return self._chance.between(3.4, 4.6, "detects", number, nth)
        return self._chance.between(1.7, 3.0, "detects", number, nth)

    def _kind(self, number: str, hour: int, nth: int) -> Kind:
        """Draw what comes of the call; some people hardly ever pick up, some nearly always."""
        if self._chance.happens(self._habits.gone, "gone", number):
            return Kind.GONE
        mobile = is_mobile(number)
        eager = self._chance.between(0.4, 1.6, "eager", number)
        shares = {
            Kind.FAILED: self._habits.failed,
            Kind.BUSY: self._habits.busy,
            Kind.MACHINE: _MACHINE[mobile] * self._habits.machines,
            Kind.ANSWER: answer_rate(hour, mobile=mobile) * eager * self._habits.answers,
        }
        return pick(self._chance.draw("kind", number, nth, hour), shares, Kind.NO_ANSWER)

    def _ring_s(self, kind: Kind, number: str, nth: int) -> float:
        """Draw how long it rings: people 12 s on average, machines pick up between 12 s and 22 s."""
        if kind is Kind.ANSWER:
            return min(max(self._chance.lognormal(self._habits.ring_s, 0.45, "ring", number, nth), 2.0), 60.0)
        if kind is Kind.MACHINE:
            return self._chance.between(12.0, 22.0, "ring", number, nth)
        return NEVER_PICKED_UP_S

    def _talk_s(self, says: Outcome, number: str, nth: int) -> float:
        """Draw how long they talk: a quarter about 20 s, the others 110 s on average, unless the habits say else."""
        short_no = says is Outcome.NOT_INTERESTED and self._chance.happens(_SHORT_NO, "short", number, nth)
        if says in _SHORT or short_no:
            return self._chance.lognormal(self._habits.short_s, 0.35, "talk", number, nth)
        return min(self._chance.lognormal(self._habits.talk_s, 0.7, "talk", number, nth), 1500.0)
