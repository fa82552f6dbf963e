"""Where the concrete adapters are named and put together; nobody else knows them."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aiohttp import web

from adapters import crashing
from adapters.checkpoints import is_the_one_noted
from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.environment import KeyRing, Keys, stamp_of
from adapters.fitness import Disk, fit
from adapters.folders import checkpoint_places, database_folder
from adapters.mail import smtp, unsubscribe
from adapters.ringing import Ringing
from adapters.serving import serving
from adapters.twilio import door, webhooks
from adapters.twilio.account import KeySource
from adapters.twilio.carrier import Credentials, TwilioCarrier, egress_of
from adapters.twilio.gate import Gate
from adapters.twilio.lines import AgentLines
from adapters.twilio.tokens import TokenSource
from adapters.twilio.urls import Addresses
from adapters.web.app import create_app
from adapters.web.lines import LINES
from adapters.wiring.beating import metronome_of as metronome_of  # noqa: PLC0414 (who opens a house wants it)
from adapters.wiring.beating import ticking as ticking  # noqa: PLC0414 (the same)
from adapters.wiring.lines import HouseLines
from adapters.wiring.registries import open_shelf
from adapters.wiring.stores import is_shared, open_sound_store
from campaigns.campaign import Campaign
from campaigns.loading import campaign_from_json
from dialer.agents import Agent, AgentState, release
from dialer.engine import Engine
from dialer.leases import is_alone
from dialer.nonce import nonce_for
from dialer.ports import Carrier, Clock, Store, Unit
from dialer.questions import Rules
from dialer.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One running installation."""

    configuration: Configuration
    store: Store
    engine: Engine
    carrier: Carrier
    ringing: Ringing
    clock: SystemClock
    secret: str


Furnish = Callable[[House, web.Application], None]
"""What adds pages to the web side of a house."""


def room_of(secret: str, agent: str) -> str:
    """Return the name of an agent's room: nothing in it tells who they are, and nobody can guess it."""
    return f"ag-{nonce_for(secret, 'room', agent)[:16]}"


def agents_of(settings: Settings, secret: str, clock: Clock) -> list[Agent]:
    """Return the agents of the settings, away until they say otherwise."""
    return [
        Agent(
            id=agent.id,
            name=agent.name,
            room=room_of(secret, agent.id),
            languages=agent.languages,
            skills=agent.skills,
            since=clock.now(),
        )
        for agent in sorted(settings.agents, key=lambda one: one.id)
    ]


class Role(StrEnum):
    """What one process does: serve pages and callbacks, plan and ask, or both."""

    ALL = "all"
    WEB = "web"
    ENGINE = "engine"


_FREE = {AgentState.READY, AgentState.PREVIEWING}


def engine_name() -> str:
    """Return a name that no other process has, of this or another machine, and that tells an operator which it is."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


async def prepare(store: Store, configuration: Configuration, secret: str, clock: Clock) -> None:
    """Write the campaigns and agents of the configuration into the store."""

    def write(unit: Unit) -> None:
        is_abrupt = not is_alone(unit.leases(), "")
        if not is_shared(configuration.settings.database):
            # We hold the only lock there is: whoever held a lease is dead, and nobody waits for it to end.
            for lease in unit.leases():
                unit.leave([lease.name], lease.owner)
        for plan in configuration.plans.values():
            unit.save_campaign(plan.campaign, plan.version, clock.now())
        for agent in agents_of(configuration.settings, secret, clock):
            unit.put_agent(agent)
        # Whoever was ready when we stopped may have gone home: they say so again, or get no call. Where an engine
        # lives, or died a moment ago (its lease still holds), they are there, and calls are on their way to them.
        for agent in unit.agents():
            if agent.state in _FREE and not is_abrupt:
                unit.save_agent(release(agent, clock.now(), AgentState.AWAY), agent.state)

    await store.transact(write)


async def retired(store: Store, configuration: Configuration) -> dict[str, Campaign]:
    """Return the campaigns that have no file any more, as stored: what people still say to them must be heard."""

    def look(unit: Unit) -> dict[str, Campaign]:
        rows = [row for row in unit.campaigns() if row.id not in configuration.plans]
        texts = {row.id: unit.campaign_text(row.id, row.version) for row in rows}
        return {name: campaign_from_json(text) for name, text in texts.items() if text}

    return await store.transact(look)


@asynccontextmanager
async def open_house(
    configuration: Configuration,
    keys: Keys | KeyRing,
    *,
    clock: SystemClock,
    secret: str,
    role: Role = Role.ALL,
    furnish: Furnish | None = None,
) -> AsyncIterator[House]:
    """Open store, carrier and mailer, serve the web side unless only an engine is asked for; close all in the end.

    A ring of keys is asked again while the house is open, for the account's key and tokens; the mail server's password
    is the first it names. `furnish` adds pages of its own to the web side before it is served.
    """
    settings = configuration.settings
    ring = keys if callable(keys) else lambda: keys
    smtp_password = ring().smtp_password
    async with AsyncExitStack() as stack:
        store = await open_sound_store(settings.database)
        stack.push_async_callback(store.close)
        if role is not Role.WEB:
            # Before anything is written: whoever releases it wants to know when the database was made.
            await is_the_one_noted(store, clock, checkpoint_places(settings))
        await prepare(store, configuration, secret, clock)
        carrier = TwilioCarrier(
            settings.carrier, key_source(ring), public_url=settings.public_url, clock=clock
        )
        stack.push_async_callback(carrier.close)
        mailer = smtp.SmtpMailer(
            settings.mail, public_url=settings.public_url, clock=clock, password=smtp_password
        )
        stack.push_async_callback(mailer.close)
        engine = Engine(
            store=store,
            carrier=carrier,
            mailer=mailer,
            clock=clock,
            rules=configuration.rules(secret),
            name=engine_name(),
        )
        await _instruct(engine, store, configuration)
        house = House(
            configuration=configuration,
            store=store,
            engine=engine,
            carrier=carrier,
            ringing=_ringing(engine, store, carrier, clock, configuration.rules(secret)),
            clock=clock,
            secret=secret,
        )
        if role is not Role.ENGINE:
            await stack.enter_async_context(_served(house, ring, furnish))
        stack.push_async_callback(engine.stop)
        yield house


def _ringing(
    engine: Engine, store: Store, carrier: TwilioCarrier, clock: SystemClock, rules: Rules
) -> Ringing:
    """Return what sees to agents' own lines."""
    board = carrier.agent_calls
    return Ringing(store, engine, switchboard=board, carrier=carrier, clock=clock, rules=rules)


async def _instruct(engine: Engine, store: Store, configuration: Configuration) -> None:
    """Tell an engine what it plans with, and what may keep it from planning."""
    engine.passing = crashing.from_environment()
    engine.unfit = fit([Disk(_made(database_folder(configuration.settings)), SystemClock())])
    engine.take_registries(open_shelf(configuration.settings))
    engine.take_campaigns(
        configuration.campaigns,
        await retired(store, configuration),
        versions={name: plan.version for name, plan in configuration.plans.items()},
    )


def key_source(ring: KeyRing) -> KeySource:
    """Return where the carrier reads the account's key, again each time it looks at an account that closed."""

    def credentials() -> Credentials:
        keys = ring()
        return Credentials(key_sid=keys.key_sid, key_secret=keys.key_secret)

    return credentials


def token_source(ring: KeyRing, settings: Settings) -> TokenSource:
    """Return where the gate reads the account's auth tokens, again when their file is another."""
    return TokenSource(read=lambda: ring().auth_tokens, stamp=lambda: stamp_of(settings))


def _made(folder: Path) -> Path:
    """Return a folder that is there: beside a database server nobody else makes it, and its disk is looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@asynccontextmanager
async def _served(house: House, ring: KeyRing, furnish: Furnish | None) -> AsyncIterator[None]:
    """Serve the pages and the callbacks on the address the settings name."""
    settings = house.configuration.settings
    app = create_app(
        store=house.store,
        receiver=house.engine,
        clock=house.clock,
        campaigns=house.configuration.campaigns,
        rules=house.configuration.rules(house.secret),
    )
    egress = egress_of(settings.carrier.base_url)
    addresses = Addresses(public_url=settings.public_url, egress=egress)
    tokens = token_source(ring, settings)
    gate = Gate(root=addresses.root, auth_tokens=tokens, secret=house.secret, clock=house.clock)
    app.add_routes(
        webhooks.routes(
            house.engine, gate=gate, addresses=addresses, clock=house.clock, room_of=_rooms(house.store)
        )
    )
    lines = AgentLines(
        receiver=house.engine,
        addresses=addresses,
        clock=house.clock,
        room_of=_rooms(house.store),
        agents=tuple(agent.id for agent in settings.agents),
    )
    app.add_routes(webhooks.line_routes(lines, gate))
    app[LINES] = HouseLines(settings, ring, secret=house.secret, clock=house.clock)
    app.add_routes(door.routes(gate, secret=house.secret))
    app.add_routes(unsubscribe.routes(house.engine, secret=house.secret, clock=house.clock))
    if furnish is not None:
        furnish(house, app)
    host, _, port = settings.listen.rpartition(":")
    async with serving(
        app, host=host or "127.0.0.1", port=int(port), clock=house.clock, shared=is_shared(settings.database)
    ):
        yield


def _rooms(store: Store) -> Callable[[str], Awaitable[str | None]]:
    async def room(agent: str) -> str | None:
        found = await store.transact(lambda unit: unit.agent(agent))
        return found.room if found else None

    return room
