"""One double put together: the courier, the people, the lines, the rooms, and the addresses that lead to them."""

import aiohttp
from aiohttp import web

from adapters.clock import SystemClock
from adapters.simulator.conferences import Conferences
from adapters.simulator.control import Control
from adapters.simulator.correspondents import Correspondents
from adapters.simulator.courier import Courier
from adapters.simulator.creating import Creating
from adapters.simulator.deliveries import Deliveries
from adapters.simulator.exchange import Exchange
from adapters.simulator.holds import Holds
from adapters.simulator.journal import Journal, stamp
from adapters.simulator.legs import Legs
from adapters.simulator.lines import Lines
from adapters.simulator.mailbox import Mailbox
from adapters.simulator.options import DoubleOptions
from adapters.simulator.people import Population
from adapters.simulator.performer import Performer
from adapters.simulator.recordings import Recordings
from adapters.simulator.rest import Rest
from adapters.simulator.rings import RingBook
from adapters.simulator.rooms import Rooms
from adapters.simulator.softphones import Softphones
from adapters.simulator.stage import Stage
from adapters.simulator.telephones import Telephones
from adapters.simulator.wire import Wire

_FAREWELL_S = 2.0  # real seconds that the last callbacks have when the double stops


class Assembly:
    """Everything of one double."""

    def __init__(self, options: DoubleOptions, clock: SystemClock, session: aiohttp.ClientSession) -> None:
        """Wire it."""
        self._clock, self._holds = clock, Holds()
        self._deliveries, self._rings = Deliveries(options.state), RingBook(options.state)
        self._errors = Journal(options.state / "errors.jsonl")
        population = Population(options.seed, habits=options.people)
        self._wire = Wire()
        self.courier = Courier(
            self._wire,
            auth_token=options.auth_token,
            account_sid=options.account_sid,
            clock=clock,
            seed=options.seed,
            deliveries=self._deliveries,
        )
        self.courier.faults = options.faults
        self.recordings = Recordings(self.courier, clock, options.seed)
        self._rooms = rooms = Rooms(self.courier, clock, options.account_sid)
        lines = self._lines(population, rooms)
        telephones = Telephones({})
        self.exchange = Exchange(
            options,
            clock,
            population=population,
            courier=self.courier,
            lines=lines,
            telephones=telephones,
        )
        self._rings.end_all("failed", clock.now())  # second legs, which no list of calls holds
        self.softphones = Softphones(
            session,
            clock=clock,
            population=population,
            courier=self.courier,
            rooms=rooms,
            complain=self._complain,
        )
        self._correspondents = Correspondents(options.state, session, clock)
        self.mailbox = Mailbox(options.state / "mailbox", population, self._correspondents)
        self.control = Control(
            clock=clock,
            exchange=self.exchange,
            softphones=self.softphones,
            mailbox=self.mailbox,
            courier=self.courier,
            holds=self._holds,
        )
        self.stage = Stage(self.softphones, telephones)
        self.app = self._application(options)

    def _lines(self, population: Population, rooms: Rooms) -> Lines:
        """Wire what lives calls."""
        legs = Legs(clock=self._clock, population=population, rings=self._rings, recordings=self.recordings)
        performer = Performer(
            clock=self._clock,
            population=population,
            courier=self.courier,
            rooms=rooms,
            legs=legs,
            complain=self._complain,
        )
        return Lines(
            clock=self._clock,
            courier=self.courier,
            rings=self._rings,
            performer=performer,
            recordings=self.recordings,
            gate=self._holds.ring,
        )

    def _application(self, options: DoubleOptions) -> web.Application:
        """Return the addresses of Twilio's API and of our own."""
        creating = Creating(
            options, exchange=self.exchange, courier=self.courier, clock=self._clock, holds=self._holds
        )
        conferences = Conferences(
            self._rooms,
            self.exchange,
            self.courier,
            clock=self._clock,
            account_sid=options.account_sid,
            complain=self._complain,
        )
        rest = Rest(
            options,
            self.exchange,
            self.courier,
            creating=creating,
            recordings=self.recordings,
            conferences=conferences,
        )
        rest.status_of = self.softphones.status_of
        app = web.Application(middlewares=[self.control.idleness.note])
        app.add_routes(rest.routes())
        app.add_routes(self.control.routes())
        app.add_routes(self.stage.routes())
        return app

    async def close(self) -> None:
        """Let the last callbacks go out, then let go of the files."""
        await self._correspondents.close()
        await self.courier.settle(_FAREWELL_S)
        self._wire.close()
        self.exchange.close()
        self._rings.close()
        self._deliveries.close()
        self._errors.close()

    def _complain(self, subject: str, code: int, what: str) -> None:
        """Write a line into the account's debugger, `errors.jsonl`."""
        self._errors.append({"at": stamp(self._clock.now()), "sid": subject, "code": code, "what": what})
