"""A floor for the faults: a real installation and its carrier as processes, calls that ring, talks, and mails."""

import asyncio
import csv
import json
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from adapters.configuration import load_configuration
from adapters.doubles import Double
from adapters.lists import enrol_list
from adapters.simulator.habits import Habits
from adapters.simulator.people import Kind, Population
from adapters.wiring.seats import seats_of
from tests.journeys.test_control import CLOCK, ROOT, SECRETS, free_port, process, up, write_yaml
from tests.support.people import as_by_day

SEED = "floor"
CALLS, LETTERS = "calls", "letters"
AGENTS, EACH, MAILS = 16, 140, 500
QUEUE_S = 8
"""Calls a second that the carrier dials of those it has accepted: the others are queued there."""
_COLUMNS = ("顧客番号", "氏名", "携帯電話", "メール", "メール許諾日", "メール許諾元")
_HABITS = as_by_day(CLOCK.now(), ring_s=7)
_PEOPLE = Population(SEED, habits=Habits.model_validate(_HABITS))


def _numbers() -> Iterator[str]:
    """Whom to call: two ring in vain, the third picks up soon and then talks over several turns; and so on.

    As people are at this hour: should the next begin during a test, some do otherwise, and the record says so.
    """
    local = _PEOPLE.local(CLOCK.now())
    vain, left = deque[str](), EACH
    for n in range(20_000_000, 22_000_000):
        meets = _PEOPLE.reaction(number := f"+8190{n:08d}", local, 1)
        if meets.kind is Kind.NO_ANSWER and len(vain) < 2 * EACH:
            vain.append(number)
        elif meets.kind is Kind.ANSWER and meets.setup_s + meets.ring_s < 6 and 10 < meets.talk_s < 60:
            left -= 1
            yield from (vain.popleft(), vain.popleft(), number) if len(vain) > 1 else (number,)
            if not left:
                return


def _write_list(path: Path, people: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        rows.writerows(
            [f"{path.stem}{n}", f"客 {n}", number, f"{path.stem}{n}@example.jp", "2026-01-05", "form"]
            for n, number in enumerate(people)
        )


def _campaign(name: str, step: Mapping[str, Any]) -> dict[str, Any]:
    """Our own campaign as a service call, which the law allows at any hour; the test runs at any."""
    campaign: dict[str, Any] = yaml.safe_load(
        (ROOT / "config/campaigns/winback-dormant.yaml").read_text("utf-8")
    )
    for unused in ("hours", "closed_on", "caps", "holdout", "recording", "retry"):
        campaign.pop(unused, None)
    columns = {"key": "顧客番号", "name": "氏名", "phones": ["携帯電話"], "email": "メール"}
    columns |= {"mail_consent_at": "メール許諾日", "mail_consent_evidence": "メール許諾元"}
    text = {"ja": {"subject": "{name}様へ", "text": "{name} 様\n\n{seller}でございます。\n{answer}\n"}}
    return campaign | {
        "campaign": name,
        "purpose": "service",
        "holidays": "allow",
        "audience": {"file": f"../contacts/{name}.csv", "region": "JP", "columns": columns, "language": "ja"},
        "steps": [dict(step)],
        "teams": [{"id": "all", "languages": ["ja"]}],
        "scripts": {"ja": {"steps": ["{seller}の{agent}と申します。{name}様でいらっしゃいますか。"]}},
        "mails": {"note": text},
        "pacing": {"mode": "progressive", "max_lines": 40, "calls_per_second": 20, "ring_limit": "25s"},
    }


def configure(folder: Path, *, carrier_port: int, smtp_port: int, listen: str) -> None:
    """Write the configuration, and both lists."""
    write_yaml(folder / "campaigns/calls.yaml", _campaign(CALLS, {"channel": "voice", "attempts": 2}))
    write_yaml(
        folder / "campaigns/letters.yaml", _campaign(LETTERS, {"channel": "email", "template": "note"})
    )
    write_yaml(folder / "policy.yaml", {"profile": "statutory"})
    (folder / "contacts").mkdir()
    _write_list(folder / "contacts/calls.csv", _numbers())
    _write_list(
        folder / "contacts/letters.csv", (f"+8180{n:08d}" for n in range(30_000_000, 30_000_000 + MAILS))
    )
    settings = {
        "database": f"sqlite:///{folder.parent / 'dialer.db'}",
        "public_url": f"http://{listen}",
        "listen": listen,
        "carrier": {
            "base_url": f"http://127.0.0.1:{carrier_port}",
            "account_sid": SECRETS["TWILIO_ACCOUNT_SID"],
            "calls_per_second": 20,
        },
        "mail": {"port": smtp_port, "security": "none", "per_tick": 2},
        "agents": [{"id": f"a{n}", "name": f"Agent {n}", "languages": ["ja"]} for n in range(AGENTS)],
    }
    write_yaml(folder / "dialer.yaml", settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A running installation, and the record that its carrier and the world's mailboxes keep."""

    folder: Path
    url: str
    double: Double

    def book(self, name: str) -> list[dict[str, Any]]:
        """What the double wrote so far, instants read; a line under way is left out."""
        path = self.folder / "double" / name
        written = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
        lines = [json.loads(line) for line in written if line.endswith("\n")]
        return [{**line, "at": datetime.fromisoformat(line["at"])} for line in lines]

    async def in_progress(self) -> set[str]:
        """Which calls the carrier says are answered and not over."""
        account = SECRETS["TWILIO_ACCOUNT_SID"]
        async with httpx.AsyncClient(auth=(account, SECRETS["TWILIO_AUTH_TOKEN"]), trust_env=False) as client:
            address = f"{self.double.url}/2010-04-01/Accounts/{account}/Calls.json"
            answer = await client.get(address, params={"Status": "in-progress", "PageSize": 1000})
        return {call["sid"] for call in answer.raise_for_status().json()["calls"]}


def expected_talk_s(number: str, at: datetime, nth: int) -> float:
    """How long the n-th call to this person, created then, is talked in when nobody cuts it off."""
    return _PEOPLE.reaction(number, _PEOPLE.local(at), nth).talk_s


@asynccontextmanager
async def floor(folder: Path) -> AsyncIterator[Floor]:
    """Start carrier and installation with both campaigns, and seat the agents."""
    config, state, listen = folder / "config", folder / "double", f"127.0.0.1:{free_port()}"
    write_yaml(folder / "people.yaml", {"says": "as many pick up as by day", "people": _HABITS})
    playing = ["double", "--state", str(state), "--seed", SEED, "--calls-per-second", str(QUEUE_S)]
    playing += ["--scenario", str(folder / "people.yaml")]
    running = ["run", "--start", CALLS, "--start", LETTERS, "--config", str(config)]
    with ExitStack() as stack:
        stack.enter_context(process(*playing, log=folder / "double.log"))
        double = await up(state)
        port = int(double.url.rpartition(":")[2])
        await asyncio.to_thread(
            configure, config, carrier_port=port, smtp_port=double.smtp_port, listen=listen
        )
        configuration = load_configuration(config)
        for plan in configuration.plans.values():
            await enrol_list(configuration, plan, plan.list_path, "en")
        stack.enter_context(process(*running, log=folder / "run.log"))
        seats = seats_of(configuration.settings, SECRETS["DIALER_SECRET"])
        agents = [
            {"id": each.agent, "join_url": each.join_url, "desk_url": each.desk_url, "token": each.token}
            for each in seats
        ]
        offered = {CALLS: [{"id": "not-now", "means": "not_interested"}]}
        await double.post("/double/agents", {"agents": agents, "dispositions": offered})
        found = Floor(folder=folder, url=f"http://{listen}", double=double)
        await _until_busy(found)
        yield found


async def _until_busy(floor: Floor) -> None:
    """Wait until people talk and mails come."""
    began = CLOCK.monotonic()
    while len(floor.book("rings.jsonl")) < AGENTS or not floor.book("mails.jsonl"):
        assert CLOCK.monotonic() - began < 40, (floor.folder / "run.log").read_text()[-3000:]
        await CLOCK.wait(0.1)
