"""A call as the double keeps it: how it stands, and how Twilio writes that down."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.clock import SystemClock
from adapters.simulator.naming import rfc2822
from adapters.simulator.orders import CallRequest
from adapters.simulator.people import Reaction

API = "2010-04-01"
TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_DOLLARS_A_MINUTE, _PRICED_AFTER_S = 0.014, 5  # campaign seconds, and up to fifty more
_SIDES = ("From", "To", "Caller", "Called")


class LineCut(Exception):
    """Somebody ended the call; `status` is what it ends as."""

    def __init__(self, status: str) -> None:
        """Keep the terminal status."""
        super().__init__(status)
        self.status = status


class LineRedirected(Exception):
    """The API gave the call another document: its text, or the address to fetch it from."""

    def __init__(self, *, twiml: str | None, url: str | None) -> None:
        """Keep the document or its address."""
        super().__init__(url or "twiml")
        self.twiml, self.url = twiml, url


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """One call, from accepted to over. `sequence` counts the status callbacks fired.

    `answered_by` is who did pick up, `verdict` what machine detection took them for.
    """

    sid: str
    account_sid: str
    request: CallRequest
    created: datetime
    clock: SystemClock
    reaction: Reaction
    nth: int
    status: str = "queued"
    queue_ms: int = 0
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    verdict: str | None = None
    talked_to: str | None = None
    talk_s: int = 0
    sip_code: int = 200
    sequence: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    _news: LineCut | LineRedirected | None = None

    @property
    def is_over(self) -> bool:
        """Whether the call has reached a terminal status."""
        return self.status in TERMINAL

    @property
    def duration_s(self) -> int:
        """Seconds from answer to end, 0 when never answered."""
        if self.answered is None or self.ended is None:
            return 0
        return round((self.ended - self.answered).total_seconds())

    def _price(self) -> str | None:
        """Return what the call cost in dollars, None until that is known, and for calls that nobody answered."""
        if self.status != "completed" or self.ended is None:
            return None
        worked_out = self.ended + timedelta(seconds=_PRICED_AFTER_S + int(self.sid[-2:], 16) % 50)
        if self.clock.now() < worked_out:
            return None
        return f"-{_DOLLARS_A_MINUTE * -(-max(self.duration_s, 1) // 60):.4f}"

    def interrupt(self, news: LineCut | LineRedirected) -> None:
        """Stop whatever the call is waiting for; a cut beats a redirect."""
        if not isinstance(self._news, LineCut):
            self._news = news
        self.stirred.set()

    async def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Wait that many campaign seconds, or until something holds (looked at whenever the call is stirred).

        Return whether it came to hold; raise LineCut or LineRedirected when somebody intervened.
        """
        try:
            async with asyncio.timeout(max(seconds, 0.0) / self.clock.factor):
                while not self._interrupted() and not until():
                    self.stirred.clear()
                    await self.stirred.wait()
        except TimeoutError:
            self._interrupted()
        return until()

    def _interrupted(self) -> bool:
        """Raise what somebody did to the call meanwhile; a cut stays, a redirect is done with."""
        news = self._news
        if news is None:
            return False
        if isinstance(news, LineRedirected):
            self._news = None
        raise news

    def fields(self, status: str | None = None) -> dict[str, str]:
        """Return what every webhook about the call carries; places are blank, as Twilio has them for Japan."""
        sender, to = self.request.sender, self.request.to
        places = {f"{side}{part}": "" for side in _SIDES for part in ("City", "State", "Zip", "Country")}
        return {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": sender,
            "To": to,
            "Caller": sender,
            "Called": to,
            "CallStatus": status or self.status,
            "ApiVersion": API,
            "Direction": "outbound-api",
            **places,
        }

    def resource(self) -> dict[str, object]:
        """Return the call as the API shows it (keys: twilio.md §1.1)."""
        root = f"/{API}/Accounts/{self.account_sid}/Calls/{self.sid}"
        parts = ("events", "notifications", "recordings", "payments", "siprec", "streams", "transcriptions")
        never_talked = self.status in {"busy", "failed", "no-answer", "canceled"}
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "to": self.request.to,
            "to_formatted": self.request.to,
            "from": self.request.sender,
            "from_formatted": self.request.sender,
            "status": self.status,
            "direction": "outbound-api",
            "api_version": API,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.ended or self.answered or self.started or self.created),
            "start_time": rfc2822(self.started) if self.started else None,
            "end_time": rfc2822(self.ended) if self.ended else None,
            "duration": None if self.ended is None or never_talked else str(self.duration_s),
            "price": self._price(),
            "price_unit": "USD",
            "answered_by": self.verdict,
            "queue_time": str(self.queue_ms),
            "annotation": None,
            "caller_name": "",
            "forwarded_from": None,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "trunk_sid": "",
            "uri": f"{root}.json",
            "subresource_uris": {part: f"{root}/{part.capitalize()}.json" for part in parts},
        }
