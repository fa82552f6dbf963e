"""The account is asked whether it lets us in, and which numbers it may show; nothing is changed there."""

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx

from adapters.clock import SystemClock
from adapters.facts import Account, AccountNumber, Reply, VoiceApplication
from adapters.twilio.carrier import Credentials
from dialer.settings import CarrierSettings

PROBE_LIMIT_S: Final = 5.0
_PAGES: Final = 20
# One host for each region that has credentials of its own.
_REGIONS: Final = (
    "api.twilio.com",
    "api.tokyo.jp1.twilio.com",
    "api.dublin.ie1.twilio.com",
    "api.sydney.au1.twilio.com",
)


class Probe:
    """Asks an account's API, each request once and for five seconds at most. `wire` stands in for the network."""

    def __init__(
        self,
        settings: CarrierSettings,
        credentials: Credentials,
        *,
        clock: SystemClock,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Open nothing yet."""
        self._base = settings.base_url.rstrip("/")
        self._account = f"/2010-04-01/Accounts/{settings.account_sid}"
        self._clock, self._application = clock, settings.application_sid
        self._http = httpx.AsyncClient(
            auth=(credentials.key_sid, credentials.key_secret),
            transport=wire,
            timeout=PROBE_LIMIT_S,
            follow_redirects=False,
            trust_env=False,
        )

    async def ask(self) -> Account:
        """Return what the account says. A failure is a fact like any other: nothing is raised."""
        async with self._http:
            calls, _ = await self._get(f"{self._base}{self._account}/Calls.json?PageSize=1")
            if calls.status == httpx.codes.UNAUTHORIZED:
                return Account(calls=calls, accepted_at=await self._elsewhere())
            if calls.status != httpx.codes.OK:
                return Account(calls=calls)
            (numbers, listing), (callers, _), application = await asyncio.gather(
                self._listed("IncomingPhoneNumbers", "incoming_phone_numbers"),
                self._listed("OutgoingCallerIds", "outgoing_caller_ids"),
                self._voice_application(),
            )
        if numbers is None:
            return Account(calls=calls, listing=listing, application=application)
        verified = (AccountNumber(number=each.number, is_owned=False) for each in callers or ())
        owned = {each.number for each in numbers}
        known = (*numbers, *(each for each in verified if each.number not in owned))
        return Account(calls=calls, numbers=known, listing=listing, application=application)

    async def _elsewhere(self) -> tuple[str, ...]:
        """Return the hosts of other regions that take the credentials: only Twilio's own are tried."""
        own = urlsplit(self._base).hostname or ""
        others = [host for host in _REGIONS if host != own] if own.endswith(".twilio.com") else []
        asked = await asyncio.gather(
            *(self._get(f"https://{host}{self._account}/Calls.json?PageSize=1") for host in others)
        )
        return tuple(
            host for host, (reply, _) in zip(others, asked, strict=True) if reply.status == httpx.codes.OK
        )

    async def _voice_application(self) -> VoiceApplication | None:
        """Return the application that agents' browsers call, None where none is named."""
        if not self._application:
            return None
        reply, body = await self._get(f"{self._base}{self._account}/Applications/{self._application}.json")
        url, method = body.get("voice_url"), body.get("voice_method")
        return VoiceApplication(reply=reply, voice_url=str(url or ""), voice_method=str(method or "POST"))

    async def _listed(self, name: str, key: str) -> tuple[tuple[AccountNumber, ...] | None, Reply]:
        """Return every number of one list, None when it could not be read to its end."""
        numbers: list[AccountNumber] = []
        path, reply = f"{self._account}/{name}.json?PageSize=1000", Reply()
        for _ in range(_PAGES):
            # The next page is named without a host; whatever names one must not lead our keys elsewhere.
            url = urljoin(f"{self._base}/", path)
            if urlsplit(url).netloc != urlsplit(self._base).netloc:
                return None, Reply(failure="the next page is on another host")
            reply, body = await self._get(url)
            if reply.status != httpx.codes.OK or not isinstance(body.get(key), list):
                return None, reply
            numbers += [_number(each) for each in body[key] if isinstance(each, dict)]
            path = body.get("next_page_uri") or ""
            if not path:
                return tuple(numbers), reply
        return None, Reply(failure=f"more than {_PAGES} pages")

    async def _get(self, url: str) -> tuple[Reply, dict[str, Any]]:
        sent_at = self._clock.now()
        try:
            async with asyncio.timeout(PROBE_LIMIT_S):
                answer = await self._http.get(url)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            return Reply(failure=type(failure).__name__), {}
        body = _object(answer)
        code = body.get("code")
        reply = Reply(
            status=answer.status_code,
            code=code if isinstance(code, int) else None,
            date=_date(answer.headers.get("Date", "")),
            sent_at=sent_at,
            received_at=self._clock.now(),
        )
        return reply, body


def _number(fields: dict[str, Any]) -> AccountNumber:
    """Return one entry of a list; a verified caller id says nothing of what it can carry."""
    abilities = fields.get("capabilities")
    has_voice = bool(abilities.get("voice")) if isinstance(abilities, dict) else True
    return AccountNumber(number=str(fields.get("phone_number", "")), has_voice=has_voice)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body: object = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return date if date.tzinfo else None
