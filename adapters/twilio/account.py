"""The account itself: the key to it, whether it answers, and its own numbers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from twilio.rest import Client

from adapters.twilio.errors import AnswerRefused, RequestFailed, reason
from adapters.twilio.paging import records

_CONCURRENT: Final = "Twilio-Concurrent-Requests"
_PAGES: Final = 20
_PAGE_SIZE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An API key and its secret (or the account's sid and token)."""

    key_sid: str
    key_secret: str = field(repr=False)


KeySource = Callable[[], Credentials]
"""Where the key is read, again each time the account is looked at: so a new one is taken up without a restart.

It raises DialerError, OSError or ValueError when there is none.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the account answers. `authorised` is None when nobody told; `detail` is empty when all is well."""

    reachable: bool
    authorised: bool | None = None
    concurrent_requests: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """A number of the account, in E.164; `can_call` when it has the voice capability."""

    sid: str
    number: str
    can_call: bool


async def health_of(client: Client) -> Health:
    """Ask for the newest call, which costs nothing and rings nobody. Raises nothing."""
    uri = f"{client.api.base_url}/2010-04-01/Accounts/{client.account_sid}/Calls.json"
    try:
        answer = await client.request_async("GET", uri, params={"PageSize": "1"})
    except AnswerRefused as failure:
        authorised = False if failure.closes_account else None
        return Health(reachable=True, authorised=authorised, detail=reason(failure))
    except RequestFailed as failure:
        return Health(reachable=False, detail=reason(failure))
    payload = json.loads(answer.text or "{}")
    if not isinstance(payload.get("calls"), list):
        return Health(reachable=False, detail="an answer that is no list of calls")
    headers = answer.headers or {}
    return Health(reachable=True, authorised=True, concurrent_requests=_count(headers.get(_CONCURRENT)))


async def numbers_of(client: Client) -> Sequence[OwnNumber]:
    """Return the account's numbers. Raises RequestFailed, or one of GARBLED on an answer of odd types."""
    page = await client.incoming_phone_numbers.page_async(page_size=_PAGE_SIZE)
    return [_number(each) async for each in records(page, at_most=_PAGES)]


def _number(listed: Any) -> OwnNumber:
    able = {str(name).lower() for name, can in dict(listed.capabilities or {}).items() if can is True}
    return OwnNumber(sid=str(listed.sid), number=str(listed.phone_number), can_call="voice" in able)


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
