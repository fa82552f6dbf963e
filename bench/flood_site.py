"""The installation that bench.flood floods: pages, callbacks, engine and a database file, as in `dialer run`.

Says on its standard output, one JSON object a line, where it listens and which calls it orders; ends with its input.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from adapters.clock import AcceleratedClock, SystemClock
from adapters.logs import configure_logs
from adapters.serving import serving
from adapters.twilio.gate import Gate
from adapters.twilio.urls import Addresses
from adapters.twilio.webhooks import routes
from adapters.web.app import create_app
from adapters.wiring.house import ticking
from adapters.wiring.stores import open_store
from dialer.attempt import Attempt
from dialer.engine import Engine
from dialer.events import CallEvent, CallPlaced
from dialer.line_events import LineAnswered, Said
from dialer.line_orders import EarWork, LineWork, answered
from dialer.orders import HangUp, LeaveMessage, PlaceCall
from dialer.ports import Store
from dialer.settings import CarrierSettings
from tests.support.builders import NOON, SECRET, an_agent, rules, the_campaign
from tests.support.engines import Post, furnish, reference_of

PUBLIC = "https://dialer.example"
TOKEN = "token-of-the-account"  # noqa: S105 - of nobody's account
CAMPAIGN = the_campaign()
CALLS_PER_SECOND = int(CAMPAIGN.pacing.calls_per_second)


def say(**what: object) -> None:
    """Tell whoever started us."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


@dataclass(frozen=True, kw_only=True)
class Switchboard:
    """A carrier that takes every call; whoever started us plays the rest of it."""

    clock: SystemClock

    async def place(self, order: PlaceCall) -> CallEvent:
        """Take the order and say so."""
        say(attempt=order.attempt, nonce=order.nonce)
        key, reference = f"{order.attempt}:taken", reference_of(order.attempt)
        return CallPlaced(key=key, at=self.clock.now(), attempt=order.attempt, reference=reference)

    async def hang_up(self, order: HangUp) -> None:
        """Say so."""
        say(hung_up=order.attempt)

    async def leave(self, order: LeaveMessage) -> None:
        """Say so."""
        say(left=order.attempt)

    async def direct(self, order: LineWork | EarWork) -> LineAnswered | None:
        """Do as told."""
        return answered(order, Said.DONE, self.clock.now()) if isinstance(order, LineWork) else None

    async def ask(self, attempt: Attempt, *, known: Collection[str] = ()) -> Sequence[CallEvent]:  # noqa: ARG002
        """Know nothing of a silent call, and say which it was."""
        say(asked=attempt.id)
        return ()

    async def price(self, reference: str) -> tuple[Decimal, str] | None:  # noqa: ARG002
        """Know of no price."""
        return None


def engine_of(store: Store, clock: SystemClock) -> Engine:
    """Return the real engine over the store."""
    engine = Engine(
        store=store,
        carrier=Switchboard(clock=clock),
        mailer=Post(clock=clock),  # type: ignore[arg-type]  # it only asks what time it is
        clock=clock,
        rules=rules(carrier=CarrierSettings(calls_per_second=CALLS_PER_SECOND)),
    )
    engine.take_campaigns({CAMPAIGN.id: CAMPAIGN})
    return engine


@asynccontextmanager
async def site(folder: Path, *, people: int, agents: int) -> AsyncIterator[Mapping[str, int]]:
    """Open everything, with that many people due at noon and that many agents ready; yield where it is."""
    clock = AcceleratedClock(start=NOON, anchor=SystemClock().now(), factor=1)
    store = await open_store(f"sqlite:///{folder}/flood.db", may_upgrade=True)
    await store.transact(lambda unit: furnish(unit, [(CAMPAIGN, people)]))
    for place in range(agents):
        await store.transact(lambda unit, place=place: unit.put_agent(an_agent(f"agent-{place}")))  # type: ignore[misc]
    engine = engine_of(store, clock)
    app = create_app(
        store=store,
        receiver=engine,
        clock=clock,
        campaigns={CAMPAIGN.id: CAMPAIGN},
        rules=rules(),
    )
    addresses = Addresses(public_url=PUBLIC)
    gate = Gate(root=addresses.root, auth_tokens=[TOKEN], secret=SECRET, clock=clock)
    app.add_routes(routes(engine, gate=gate, addresses=addresses, clock=clock, room_of=nobodys_room))
    async with (
        serving(app, host="127.0.0.1", port=0, clock=clock) as port,
        ticking(engine, clock, interval_s=1.0),
    ):
        yield {"port": port, "pid": os.getpid()}
    await engine.stop()
    await store.close()


async def nobodys_room(agent: str) -> str | None:
    """No agent's line is in this play."""
    del agent
    return None


async def main(folder: Path, people: int, agents: int) -> None:
    """Serve until the input ends."""
    configure_logs(folder / "flood.log")
    async with site(folder, people=people, agents=agents) as where:
        say(**where)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
