"""Which addresses the carrier's interface can have."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from adapters.twilio.errors import CarrierMisconfigured
from dialer.settings import CarrierSettings

EDGES: Final = {"au1": "sydney", "ie1": "dublin", "jp1": "tokyo"}
"""The regions outside the United States that handle calls, each with its own edge (docs/global-infrastructure)."""

_OURS: Final = ".twilio.com"
# `api.jp1.twilio.com`, a region without an edge, stopped working on 28 April 2026 (facts §0.10).
_PARTS = re.compile(r"api\.(?:(?P<edge>[a-z-]+)\.)?(?P<region>[a-z]{2}\d)\.twilio\.com")
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")


def egress_of(base_url: str) -> str | None:
    """Return the edge that callbacks are to leave from, None when the carrier is not Twilio itself."""
    return "tokyo" if _host(urlsplit(base_url)).endswith(_OURS) else None


def check(settings: CarrierSettings) -> None:
    """Raise CarrierMisconfigured when these settings cannot work; the text says what to write instead."""
    try:
        url = urlsplit(settings.base_url)
        host, _ = _host(url), url.port
    except ValueError as failure:
        raise CarrierMisconfigured(f"carrier.base_url: {failure}") from failure
    if url.scheme not in {"http", "https"} or not host:
        raise CarrierMisconfigured(
            "carrier.base_url: write an address such as https://api.tokyo.jp1.twilio.com"
        )
    if not settings.account_sid:
        raise CarrierMisconfigured("carrier.account_sid: write the account's SID (AC…)")
    if host == "twilio.com" or host.endswith(_OURS):
        _check_twilio(url, host, settings.account_sid)


def _check_twilio(url: SplitResult, host: str, account_sid: str) -> None:
    if url.scheme != "https" or url.port not in {None, 443} or "@" in url.netloc:
        raise CarrierMisconfigured(
            f"carrier.base_url: Twilio is reached by https alone: write https://{host}"
        )
    if url.path.strip("/") or url.query or url.fragment:
        raise CarrierMisconfigured(f"carrier.base_url: the host is enough: write https://{host}")
    if not _ACCOUNT.fullmatch(account_sid):
        raise CarrierMisconfigured("carrier.account_sid: an account's SID is AC and 32 hexadecimal digits")
    if host != "api.twilio.com":
        _check_region(host)


def _check_region(host: str) -> None:
    found = _PARTS.fullmatch(host)
    if found is None:
        raise CarrierMisconfigured(f"carrier.base_url: {host} is no host of the API; {_instead('jp1')}")
    edge, region = found["edge"], found["region"]
    if edge is None:
        raise CarrierMisconfigured(f"carrier.base_url: {host} has no edge and is retired; {_instead(region)}")
    if edge != EDGES.get(region, edge):
        raise CarrierMisconfigured(f"carrier.base_url: {region} has another edge; {_instead(region)}")


def _instead(region: str) -> str:
    """Return what to write: regions that only ever were a place to connect to have no host of their own any more."""
    host = f"api.{EDGES[region]}.{region}.twilio.com" if region in EDGES else "api.twilio.com"
    return f"write https://{host}"


def _host(url: SplitResult) -> str:
    return (url.hostname or "").rstrip(".")
