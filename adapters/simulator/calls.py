"""A call as the double keeps it: what was asked for, how it stands, and how Twilio writes that down."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from adapters.clock import SystemClock
from adapters.simulator import refusals
from adapters.simulator.people import Reaction
from adapters.simulator.refusals import Refusal

API = "2010-04-01"
TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """What a client asked for when it created the call."""

    to: str
    sender: str
    url: str | None = None
    method: str = "POST"
    fallback_url: str | None = None
    twiml: str | None = None
    status_callback: str | None = None
    status_events: tuple[str, ...] = ("completed",)
    timeout_s: int = 60
    time_limit_s: int = 14400
    machine_detection: bool = False
    to_the_end: bool = False
    async_amd_callback: str | None = None


def read_request(form: Mapping[str, list[str]]) -> CallRequest | Refusal:
    """Return what a form asks for, or Twilio's error for it (twilio.md §1.1, §1.6)."""
    one = {name: values[-1] for name, values in form.items()}
    wrong = _wrong_numbers(one) or _wrong_instructions(one)
    if wrong is not None:
        return wrong
    timeout, limit = one.get("Timeout", "60"), one.get("TimeLimit", "14400")
    if not timeout.isdecimal() or not 1 <= int(timeout) <= 600:
        return refusals.BAD_TIMEOUT
    events = tuple(
        name for values in form.get("StatusCallbackEvent", ["completed"]) for name in values.split()
    )
    if not set(events) <= _EVENTS or not limit.isdecimal():
        return refusals.BAD_PARAMETER
    is_async = one.get("AsyncAmd") == "true"
    return CallRequest(
        to=one["To"],
        sender=one["From"],
        url=one.get("Url"),
        method=one.get("Method", "POST"),
        fallback_url=one.get("FallbackUrl"),
        twiml=None if "Url" in one else one.get("Twiml"),
        status_callback=one.get("StatusCallback"),
        status_events=events,
        timeout_s=int(timeout),
        time_limit_s=int(limit),
        machine_detection="MachineDetection" in one,
        to_the_end=one.get("MachineDetection") == "DetectMessageEnd",
        async_amd_callback=one.get("AsyncAmdStatusCallback") if is_async else None,
    )


def _wrong_numbers(one: Mapping[str, str]) -> Refusal | None:
    """Return the error for To and From, if any."""
    to, sender = one.get("To", ""), one.get("From", "")
    if not to:
        return refusals.NO_TO
    if not sender:
        return refusals.NO_FROM
    if to in refusals.MAGIC_TO:
        return refusals.MAGIC_TO[to]
    if not _E164.fullmatch(to) or to == sender:
        return refusals.BAD_TO
    return refusals.MAGIC_FROM.get(sender) or (None if _E164.fullmatch(sender) else refusals.BAD_FROM)


def _wrong_instructions(one: Mapping[str, str]) -> Refusal | None:
    """Return the error for the source of instructions, if any."""
    if "ApplicationSid" in one:
        return refusals.BAD_APPLICATION
    if one.get("Method", "POST") not in {"GET", "POST"}:
        return refusals.BAD_METHOD
    url = one.get("Url")
    if url is None:
        return None if one.get("Twiml") else refusals.BAD_URL
    return None if url.startswith(("http://", "https://")) else refusals.BAD_URL


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """One call, from accepted to over. `sequence` counts the status callbacks fired."""

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
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.ended or self.answered or self.started or self.created),
            "start_time": format_datetime(self.started) if self.started else None,
            "end_time": format_datetime(self.ended) if self.ended else None,
            "duration": None if self.ended is None or never_talked else str(self.duration_s),
            "price": None,
            "price_unit": "USD",
            "answered_by": self.answered_by,
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
