"""Previews over a real installation and the double: agents look and dial, and the program is killed meanwhile."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.clock import SystemClock
from adapters.configuration import load_configuration
from adapters.lists import enrol_list
from adapters.simulator.habits import Habits
from adapters.simulator.people import Kind, Population
from adapters.wiring.seats import seats_of
from adapters.wiring.stores import read_only
from tests.journeys.test_control import CAMPAIGN, SECRETS, SEED, configure, free_port, process, write_yaml
from tests.journeys.test_desk_double import double_at

CLOCK = SystemClock()
BRIEF = {"answers": 10, "ring_s": 2, "talk_s": 4, "machines": 0}
PEOPLE = 3
PATIENCE_S = 100.0


def talkers() -> Iterator[str]:
    """Mobile numbers whose owner picks up soon and says little, whatever the hour is now or becomes."""
    people, now = Population(SEED, habits=Habits.model_validate(BRIEF)), CLOCK.now()
    hours = [people.local(now + timedelta(hours=more)) for more in (0, 1)]
    for number in (f"+8190{n:08d}" for n in range(30_000_000, 30_100_000)):
        met = [people.reaction(number, hour, 1) for hour in hours]
        if all(
            one.kind is Kind.ANSWER and one.ring_s < 8 and one.talk_s < 10 and not one.presses_9
            for one in met
        ):
            yield number


async def rows(folder: Path) -> list[tuple[str, str | None, Mapping[str, Any]]]:
    """The kinds, people and bodies of the ledger's rows."""
    url = f"sqlite:///{folder / 'dialer.db'}"
    found = await read_only(
        url, lambda reports: [(one.kind, one.person, one.body) for one in reports.ledger()]
    )
    return [(kind, person, json.loads(body)) for kind, person, body in found]


async def until(folder: Path, amount: int, *kinds: str) -> None:
    """Wait until so many rows of these kinds are on the ledger."""
    began = CLOCK.monotonic()
    while sum(one[0] in kinds for one in await rows(folder)) < amount:
        if CLOCK.monotonic() - began > PATIENCE_S:
            pytest.fail(f"only {[one[0] for one in await rows(folder)]} in {PATIENCE_S:.0f} s")
        await CLOCK.wait(0.2)


@pytest.mark.timeout(300)
async def test_looks_and_calls_outlive_a_kill(tmp_path: Path) -> None:
    """Everybody is talked to once, or skipped; whoever was dialled was shown first, to that agent."""
    people, state, port, config = talkers(), tmp_path / "double", free_port(), tmp_path / "config"
    configure(config, port, [next(people) for _ in range(PEOPLE)])
    file = config / "campaigns" / "reminder.yaml"
    campaign = yaml.safe_load(file.read_text("utf-8"))
    campaign["pacing"]["mode"] = "preview"
    write_yaml(file, campaign)
    write_yaml(tmp_path / "brief.yaml", {"says": "people pick up and say little", "people": BRIEF})
    configuration = load_configuration(config)
    plan = configuration.plans[CAMPAIGN]
    await enrol_list(configuration, plan, plan.list_path, "en")
    running = ["run", "--start", CAMPAIGN, "--config", str(config)]
    with ExitStack() as stack:
        playing = ["double", "--state", str(state), "--port", str(port), "--seed", SEED]
        more = ["--calls-per-second", "20", "--scenario", str(tmp_path / "brief.yaml")]
        stack.enter_context(process(*playing, *more, log=tmp_path / "double.log"))
        first = stack.enter_context(process(*running, log=tmp_path / "run.log"))
        seats = [
            {"id": seat.agent, "join_url": seat.join_url, "desk_url": seat.desk_url, "token": seat.token}
            for seat in seats_of(configuration.settings, SECRETS["DIALER_SECRET"])[:2]
        ]
        offered = {CAMPAIGN: [{"id": "sold", "means": "sold"}]}
        double = await double_at(state)
        await double.post("/double/agents", {"agents": seats, "dispositions": offered})
        await until(tmp_path, 4, "agent")  # both came, and both were shown somebody
        first.kill()
        first.wait()
        stack.enter_context(process(*running, log=tmp_path / "again.log"))
        await until(tmp_path, PEOPLE, "concluded", "said")
    told = await rows(tmp_path)
    shown = {(body["agent"], person) for kind, person, body in told if kind == "agent" and "preview" in body}
    permitted = [(body["agent"], person) for kind, person, body in told if kind == "permitted"]
    assert set(permitted) <= shown
    skipped = {person for kind, person, _ in told if kind == "said"}
    assert len({person for _, person in permitted}) == len(permitted) == PEOPLE - len(skipped) > 0
    assert {body["outcome"] for kind, _, body in told if kind == "concluded"} == {"sold"}
