"""An installation that is opened and closed at will beside a carrier that goes on: for databases that come back."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.configuration import Configuration, load_configuration
from adapters.environment import Keys
from adapters.folders import checkpoint_places
from adapters.lists import enrol_list
from adapters.simulator.people import Kind, Population
from adapters.wiring.house import House, open_house
from dialer.events import AgentJoined, AgentReady, CampaignStarted
from tests.adapters.simulator.builders import read_lines
from tests.journeys.test_control import (
    CAMPAIGN,
    CLOCK,
    LINES,
    SECRETS,
    SEED,
    configure,
    free_port,
    process,
    up,
    write_yaml,
)
from tests.support.builders import leg_of

PEOPLE = 12


def busy_people(count: int) -> list[str]:
    """The first numbers that are busy now: their calls are over at once, and nobody has to be waited for."""
    people, found = Population(SEED), []
    local = people.local(CLOCK.now())
    for number in (f"+8190{n:08d}" for n in range(20_000_000, 20_100_000)):
        if people.reaction(number, local, 1).kind is Kind.BUSY:
            found.append(number)
        if len(found) == count:
            break
    return found


@dataclass(kw_only=True)
class Premises:
    """One installation's folder, and its carrier's own record."""

    folder: Path
    configuration: Configuration

    @property
    def config(self) -> Path:
        """Its configuration's folder."""
        return self.folder / "config"

    @property
    def carrier(self) -> str:
        """Where its carrier is."""
        return self.configuration.settings.carrier.base_url

    @property
    def created(self) -> list[str]:
        """Whom the carrier was told to call, in order, by its own journal."""
        lines = read_lines(self.folder / "double" / "calls.jsonl")
        return [line["to"] for line in lines if line["event"] == "create"]

    @property
    def most_often(self) -> int:
        """How often the one called most often was called."""
        return max(Counter(self.created).values(), default=0)

    @property
    def places(self) -> tuple[Path, ...]:
        """Where checkpoints are kept."""
        return checkpoint_places(self.configuration.settings)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[House]:
        """Open the installation as `dialer run` does, its agents ready; close it when nothing is under way."""
        keys = Keys(
            key_sid=SECRETS["TWILIO_API_KEY"],
            key_secret=SECRETS["TWILIO_API_SECRET"],
            auth_tokens=(SECRETS["TWILIO_AUTH_TOKEN"],),
        )
        secret = SECRETS["DIALER_SECRET"]
        async with open_house(self.configuration, keys, clock=CLOCK, secret=secret) as house:
            for agent in self.configuration.settings.agents:
                now, sid = CLOCK.now(), leg_of(agent.id)
                joined = AgentJoined(key=f"{sid}:joined:{now}", at=now, agent=agent.id, reference=sid)
                await house.engine.receive(joined)
                await house.engine.receive(
                    AgentReady(key=f"{agent.id}:{now.isoformat()}", at=now, agent=agent.id)
                )
            yield house
            await house.engine.settle()

    async def begin(self, house: House) -> None:
        """Start the campaign."""
        now = CLOCK.now()
        await house.engine.receive(CampaignStarted(key="begin", at=now, campaign=CAMPAIGN, by="mori"))

    async def calls(self, house: House, count: int) -> None:
        """Plan until the carrier was told so many calls in all, pause there, and see what is under way end."""

        def enough() -> bool:
            return len(self.created) >= count

        await self.plans(house, enough)
        await self.ends(house)

    async def plans(self, house: House, holds: Callable[[], bool], *, within_s: float = 20) -> None:
        """Plan again and again until something holds."""
        async with asyncio.timeout(within_s):
            while not holds():
                await house.engine.tick()
                await house.engine.settle()
                await CLOCK.wait(0.05)

    async def ends(self, house: House, *, within_s: float = 20) -> None:
        """Wait until no call is under way."""
        async with asyncio.timeout(within_s):
            while await house.store.transact(lambda unit: bool(unit.live_calls())):
                await CLOCK.wait(0.05)

    async def idles(self, house: House, looks: int = 8) -> None:
        """Plan that many times, whatever comes of it."""
        for _ in range(looks):
            await house.engine.tick()
            await house.engine.settle()
            await CLOCK.wait(0.02)

    async def types(self, *arguments: str) -> Result:
        """Type a command at a terminal of this machine."""
        command = [*arguments, "--config", str(self.config)]
        return await asyncio.to_thread(CliRunner().invoke, app, command, env=SECRETS)


@asynccontextmanager
async def premises(folder: Path, *, database: str = "", checkpoints: str = "") -> AsyncIterator[Premises]:
    """Write the configuration, enrol the list, and let the carrier play; the database is a file by default."""
    state, port, config = folder / "double", free_port(), folder / "config"
    configure(config, port, busy_people(PEOPLE))
    settings = yaml.safe_load((config / "dialer.yaml").read_text("utf-8"))
    settings |= {"database": database or f"sqlite:///{folder}/db/dialer.db"}
    write_yaml(config / "dialer.yaml", settings | ({"checkpoints": checkpoints} if checkpoints else {}))
    configuration = load_configuration(config)
    (folder / "db").mkdir()
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    playing = ["double", "--state", str(state), "--port", str(port), "--seed", SEED]
    with process(*playing, "--calls-per-second", "20", log=folder / "double.log"):
        await up(state)
        yield Premises(folder=folder, configuration=configuration)


__all__ = ["LINES", "PEOPLE", "Premises", "premises"]
