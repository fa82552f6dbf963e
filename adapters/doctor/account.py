"""Does the carrier's account let us in, at the right host, with the numbers we show, and do our clocks agree?"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from adapters.doctor.finding import Finding, fail, ok, skipped, warning
from adapters.facts import Account, AccountNumber, Reply
from dialer.settings import CarrierSettings

CLOCK_LIMIT_S: Final = 2.0
"""More than this between our clock and the carrier's is a fail: calls would be judged on wrong instants."""

_HOST: Final = re.compile(r"api\.[a-z]+\.[a-z]+\d\.twilio\.com")
_RETIRED: Final = re.compile(r"api\.[a-z]+\d\.twilio\.com")
_EDGES: Final = {"jp1": "tokyo", "ie1": "dublin", "au1": "sydney", "us1": "ashburn"}
_DEFAULT_CPS: Final = 1.0
_HOME_PREFIX: Final = "+81"


def host_of(base_url: str) -> str:
    """Return the host of an address, "" when it has none."""
    return urlsplit(base_url).hostname or ""


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_real(carrier: CarrierSettings) -> bool:
    """Tell whether the carrier is out in the world; on loopback it is a double."""
    return not is_loopback(host_of(carrier.base_url))


def check_host(carrier: CarrierSettings, regions: Iterable[str]) -> Finding:
    """Tell whether calls are ordered at a host that serves; `regions` are the countries that campaigns call."""
    host = host_of(carrier.base_url)
    if is_loopback(host):
        return ok("host", "double", host=host)
    if not host or urlsplit(carrier.base_url).scheme != "https":
        return fail("host", "plain", url=carrier.base_url)
    if _RETIRED.fullmatch(host):
        region = host.split(".")[1]
        return fail(
            "host", "retired", host=host, instead=f"api.{_EDGES.get(region, 'EDGE')}.{region}.twilio.com"
        )
    if host == "api.twilio.com":
        return warning("host", "home", host=host) if "JP" in regions else ok("host", host=host)
    if not host.endswith(".twilio.com"):
        return warning("host", "other", host=host)
    return ok("host", host=host) if _HOST.fullmatch(host) else fail("host", "unknown", host=host)


def check_credentials(
    carrier: CarrierSettings, environment: Mapping[str, str], account: Account | None
) -> Finding:
    """Tell whether the key opens the account; when not, which of key, secret and region is likely wrong."""
    if account is None:
        return skipped("credentials")
    reply, host = account.calls, host_of(carrier.base_url)
    said = {"host": host, "status": reply.status, "code": reply.code or "-"}
    match reply.status:
        case None:
            return fail("credentials", "silent", host=host, failure=reply.failure)
        case 200:
            return ok("credentials", host=host)
        case 401:
            return _refused(carrier, environment, account, said)
        case 403:
            return fail("credentials", "forbidden", **said)
        case 404:
            return fail("credentials", "elsewhere", **said)
        case 429:
            return warning("credentials", "busy", **said)
        case _:
            return fail("credentials", "odd", **said)


def _refused(
    carrier: CarrierSettings, environment: Mapping[str, str], account: Account, said: Mapping[str, object]
) -> Finding:
    key = environment.get(carrier.key_sid_env, "")
    if account.accepted_at:
        return fail("credentials", "region", **said, accepted=", ".join(account.accepted_at))
    if key.startswith("AC"):
        case = "token" if key == carrier.account_sid else "other_account"
        return fail(
            "credentials", case, **said, variable=carrier.key_secret_env, key_variable=carrier.key_sid_env
        )
    if not key.startswith("SK"):
        return fail("credentials", "key", **said, variable=carrier.key_sid_env)
    return fail("credentials", "secret", **said, variable=carrier.key_secret_env)


def check_numbers(caller_ids: Iterable[str], account: Account | None) -> Finding:
    """Tell whether every number that a campaign shows is one of the account's, and can carry a call."""
    shown = sorted(set(caller_ids))
    if not shown:
        return ok("numbers", "none")
    if account is None or account.calls.status != 200:
        return skipped("numbers")
    if account.numbers is None:
        return warning("numbers", "unlisted", status=account.listing.status or account.listing.failure)
    return _compared(shown, {each.number: each for each in account.numbers})


def _compared(shown: list[str], known: Mapping[str, AccountNumber]) -> Finding:
    borrowed = [number for number in shown if number in known and not known[number].is_owned]
    faults = {
        "missing": [number for number in shown if number not in known],
        "mute": [number for number in shown if number in known and not known[number].has_voice],
        "stripped": [number for number in borrowed if number.startswith(_HOME_PREFIX)],
    }
    for case, numbers in faults.items():
        if numbers:
            return fail("numbers", case, numbers=", ".join(numbers))
    if borrowed:
        return warning("numbers", "borrowed", numbers=", ".join(borrowed))
    return ok("numbers", numbers=", ".join(shown))


def check_pace(carrier: CarrierSettings) -> Finding:
    """Tell whether more calls per second are planned than an account has by itself."""
    rate = f"{carrier.calls_per_second:g}"
    return (
        warning("pace", "raised", rate=rate)
        if carrier.calls_per_second > _DEFAULT_CPS
        else ok("pace", rate=rate)
    )


def check_clock(account: Account | None) -> Finding:
    """Compare our clock with the Date of the carrier's answer."""
    reply = account.calls if account else Reply()
    if reply.date is None or reply.sent_at is None or reply.received_at is None:
        return warning("clock", "unknown")
    off = _seconds_off(reply.date, reply.sent_at, reply.received_at)
    if abs(off) > CLOCK_LIMIT_S:
        return fail("clock", "fast" if off > 0 else "slow", seconds=f"{abs(off):.1f}")
    return ok("clock")


def _seconds_off(date: datetime, sent_at: datetime, received_at: datetime) -> float:
    """Return how far our clock is surely ahead of the carrier's (below 0: behind).

    A Date holds for the whole second, and was written at some instant between our request and its answer: what may be
    due to either is not held against the clock.
    """
    ahead, behind = sent_at - (date + timedelta(seconds=1)), date - received_at
    return max(ahead.total_seconds(), 0.0) - max(behind.total_seconds(), 0.0)
