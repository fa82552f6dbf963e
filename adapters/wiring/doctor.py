"""The probes of `dialer doctor`: each thin, limited to a few seconds, and a failure of any is a fact, not an error."""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx
from aiohttp import web

from adapters.clock import SystemClock
from adapters.doctor.examination import examine
from adapters.doctor.finding import Finding, Level, fail, ok
from adapters.doctor.probes import place_of, zone_data
from adapters.facts import Account, PostgresFacts, Reply, SqliteFacts, Way
from adapters.mail.line import Access, Line, Lost
from adapters.mail.smtp import greeting
from adapters.remote import address_of
from adapters.store import checkup
from adapters.store.errors import StoreError
from adapters.store.sqlite import path_of
from adapters.twilio import door
from adapters.twilio.carrier import Credentials
from adapters.twilio.errors import CarrierMisconfigured
from adapters.twilio.gate import Gate
from adapters.twilio.probe import Probe
from adapters.twilio.urls import Addresses
from adapters.wiring.lines import line_address
from dialer.settings import CarrierSettings, MailSettings, Settings

__all__ = [
    "Finding",
    "House",
    "Level",
    "ask_account",
    "examine",
    "fail",
    "greet_mail_server",
    "line_url",
    "look_at_database",
    "look_at_way",
    "ok",
    "place_of",
    "zone_data",
]

PROBE_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Whose way is looked at: settings, the installation's secret, the account's auth tokens."""

    settings: Settings
    secret: str
    auth_tokens: Sequence[str]
    clock: SystemClock


async def ask_account(
    carrier: CarrierSettings,
    environment: Mapping[str, str],
    *,
    clock: SystemClock,
    wire: httpx.AsyncBaseTransport | None = None,
) -> Account | None:
    """Return what the account says, None when there is nothing to ask it with."""
    key, secret = environment.get(carrier.key_sid_env), environment.get(carrier.key_secret_env)
    if not (key and secret and carrier.account_sid and urlsplit(carrier.base_url).hostname):
        return None
    credentials = Credentials(key_sid=key, key_secret=secret)
    return await Probe(carrier, credentials, clock=clock, wire=wire).ask()


def line_url(settings: Settings, secret: str) -> str:
    """Return what the application that browsers call must ask, "" where it cannot be said."""
    if not secret:
        return ""
    try:
        return line_address(settings, secret)
    except (CarrierMisconfigured, ValueError):
        return ""


async def look_at_way(house: House) -> Way | None:
    """Knock at our own door from outside and with a signature; None when the public address is none.

    A running installation answers. Where none listens, a server of our own does so as long as it is asked.
    """
    try:
        root = Addresses(public_url=house.settings.public_url).root
    except (CarrierMisconfigured, ValueError):
        return None
    addresses = await _resolved(root)
    try:
        async with _listening(house, root) as is_running:
            way = await _walked(house, root, addresses)
            return replace(way, shows_board=await door.shows_board(root)) if is_running else way
    except (OSError, ValueError, OverflowError) as failure:
        return Way(
            addresses=addresses,
            reached=Reply(),
            is_ours=False,
            signed=Reply(),
            listen_failure=str(failure) or type(failure).__name__,
        )


async def _walked(house: House, root: str, addresses: tuple[str, ...]) -> Way:
    reached = await door.knock(root, house.secret)
    # Where the public address does not lead here, the signature is still worth checking on the spot.
    entrance = root if reached.is_ours else address_of(house.settings)
    signed = Reply()
    for token in house.auth_tokens:
        signed = (await door.knock_signed(entrance, root, token, house.secret)).reply
        if signed.status != httpx.codes.OK:
            break
    return Way(addresses=addresses, reached=reached.reply, is_ours=reached.is_ours, signed=signed)


@asynccontextmanager
async def _listening(house: House, root: str) -> AsyncIterator[bool]:
    """Serve our door where the settings say, and yield False; True where the installation, we hope, listens already."""
    gate = Gate(root=root, auth_tokens=house.auth_tokens, secret=house.secret, clock=house.clock)
    app = web.Application()
    app.add_routes(door.routes(gate, secret=house.secret))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        host, _, port = house.settings.listen.rpartition(":")
        is_running = False
        try:
            await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
        except OSError as failure:
            is_running = failure.errno == errno.EADDRINUSE
            if not is_running:
                raise
        yield is_running
    finally:
        await runner.cleanup()


async def _resolved(root: str) -> tuple[str, ...]:
    """Return the addresses of the public host, none when its name leads nowhere."""
    parts = urlsplit(root)
    try:
        async with asyncio.timeout(PROBE_LIMIT_S):
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 443)
    except (OSError, TimeoutError, UnicodeError):
        return ()
    return tuple(sorted({str(entry[4][0]) for entry in found}))


async def greet_mail_server(
    settings: Settings, environment: Mapping[str, str], *, tls: ssl.SSLContext | None = None
) -> str | None:
    """Connect, secure and log in, and take leave. "" when that works, else why not; None without the password."""
    mail: MailSettings = settings.mail
    password = environment.get(mail.password_env) if mail.username else None
    if mail.username and not password:
        return None
    access = Access(settings=mail, name=greeting(settings.public_url), password=password, tls=tls)
    try:
        async with asyncio.timeout(PROBE_LIMIT_S):
            line = await Line.open(access)
            await line.close()
    except TimeoutError:
        return f"no answer within {PROBE_LIMIT_S:g} s"
    except Lost as lost:
        return str(lost)
    return ""


async def look_at_database(url: str) -> SqliteFacts | PostgresFacts:
    """Return how the database at `url` is set up."""
    if url.startswith("postgresql"):
        return await checkup.ask_server(url)
    try:
        path = path_of(url)
    except StoreError as problem:
        return SqliteFacts(version="", unsound=str(problem))
    if path is None:
        return SqliteFacts(version="", unsound=f"{url} keeps nothing")
    return await asyncio.to_thread(checkup.look_at, path)
