"""The main job: a whole campaign over real HTTP and SMTP on loopback, on a clock that runs fast."""

import asyncio
import contextlib
import shutil
from datetime import datetime, time, timedelta
from pathlib import Path

import httpx
from rich.console import Console

from adapters.checkpoints import checkpoint
from adapters.clock import SystemClock
from adapters.doubles import Double, find_double, start_double
from adapters.enrolment import enrol
from adapters.folders import checkpoint_places
from adapters.lists import bar, import_blocklist, said_of
from adapters.printing import show_summary
from adapters.progress import Line
from adapters.running import drain, stop_event
from adapters.stage import CALLS_PER_SECOND, TOKYO, Options, set_stage, staged
from adapters.wiring.house import House, open_house, ticking
from adapters.wiring.seats import seats_of
from adapters.wiring.stores import read_only
from adapters.words import Words, words_in
from compliance.ledger import Fault, verify
from dialer.errors import DialerError
from dialer.events import CampaignStarted
from dialer.leases import is_alone
from dialer.reports import Summary
from dialer.view import CampaignState

__all__ = ["Options", "run"]

Checked = tuple[int, str, Fault | None]
"""What verifying the ledger gave: rows that hold, the last one's hash, the first fault."""
CLOSES = time(20)
LINGER = timedelta(minutes=15)
"""How long, in campaign time, mail may be answered after the last call."""
LOOK_S = 0.1
DRAIN_S = 5.0


async def run(options: Options, console: Console, language: str, *, fresh: bool) -> None:
    """Play the campaign to its end, or to Ctrl-C; played again, it goes on where it stopped."""
    began, words = SystemClock().monotonic(), words_in(language)
    double_folder = options.folder / "double"
    if fresh:
        if old := await find_double(double_folder):
            await _stop(old)
        _forget(options.folder)
    found = await find_double(double_folder)
    database = f"sqlite:///{options.folder / 'dialer.db'}"
    stage = set_stage(options, double_is_up=found is not None, last_at=await _last_entry_at(database))
    double = found or await start_double(
        double_folder, stage.clock, stage.environment, seed=options.seed, calls_per_second=CALLS_PER_SECOND
    )
    configuration = staged(options, stage, double)
    stopping = stop_event()
    async with open_house(configuration, stage.keys, clock=stage.clock, secret=stage.secret) as house:
        await SystemClock().wait_until(stage.clock.anchor)
        await _greet(house, options, console, words)
        if await _open_floor(house, options, console, words):
            await _seat(house, double, options.own)
            with Line(console, words, TOKYO) as line:
                async with ticking(house.engine, house.clock, interval_s=LOOK_S, ringing=house.ringing):
                    is_over = await _watch(house, options.plan.campaign.id, line, stopping)
                    await drain(house, within_s=DRAIN_S)
            console.print(words("print.demo_ended" if is_over else "print.demo_stopped"), highlight=False)
        else:
            console.print(words("print.demo_over"), highlight=False)
        summary = await _summary(house, options.plan.campaign.id)
        await checkpoint(house.store, stage.clock, checkpoint_places(configuration.settings))
    await _stop(double)
    took = SystemClock().monotonic() - began
    ledger = await read_only(database, lambda reports: verify(reports.ledger()))
    _conclude(console, words, summary, options, ledger=ledger, took=took)


def _forget(folder: Path) -> None:
    """Remove the records of an earlier demo."""
    for path in (folder / "stage.json", folder / "checkpoints.jsonl", *folder.glob("dialer.*")):
        path.unlink(missing_ok=True)
    for kept in ("double", "rejects", "reports"):
        shutil.rmtree(folder / kept, ignore_errors=True)


async def _last_entry_at(database: str) -> datetime | None:
    """Return the campaign instant of the ledger's last entry, None where there is no ledger yet."""
    try:
        head = await read_only(database, lambda reports: reports.ledger_head())
    except DialerError:
        return None
    return datetime.fromisoformat(head.at) if head else None


async def _greet(house: House, options: Options, console: Console, words: Words) -> None:
    at = f"{house.clock.now().astimezone(TOKYO):%Y-%m-%d %H:%M}"
    known = await house.store.transact(lambda unit: [row.state for row in unit.campaigns()])
    begins = known == [CampaignState.DRAFT]
    url = f"{house.configuration.settings.public_url}/board/{options.plan.campaign.id}"
    key = "print.demo_begins" if begins else "print.demo_goes_on"
    console.print(words(key, at=at, factor=f"{house.clock.factor:g}", url=url), highlight=False)
    seats = seats_of(house.configuration.settings, house.secret)
    for seat in [seat for seat in seats if seat.agent == options.own] or seats[:1]:
        said = "print.demo_own_desk" if options.own else "print.demo_desk"
        console.print(words(said, name=seat.name, url=seat.sign_in_url), highlight=False, soft_wrap=True)


async def _open_floor(house: House, options: Options, console: Console, words: Words) -> bool:
    """Enrol the list, keep out who must not be called, start the campaign. False when it is over already."""
    campaign, now = options.plan.campaign, house.clock.now()
    row = next(
        row for row in await house.store.transact(lambda unit: unit.campaigns()) if row.id == campaign.id
    )
    if row.state in {CampaignState.FINISHED, CampaignState.STOPPED}:
        return False
    blocked = options.plan.list_path.parent / "do-not-contact.csv"
    if blocked.exists():
        done = await import_blocklist(house.store, blocked, options.folder, by="demo")
        console.print(
            words("print.blocklist", new=done.new, known=done.known, rejected=done.rejected), highlight=False
        )
    rejects = options.folder / "rejects" / f"{options.plan.list_path.stem}.csv"
    with bar() as tell:
        enrolled = await enrol(
            house.store, campaign, options.plan.list_path, now=now, rejects_path=rejects, progress=tell
        )
    console.print(said_of(enrolled, words.language), highlight=False)
    if row.state is not CampaignState.RUNNING:
        start = CampaignStarted(key=f"demo:start:{now.isoformat()}", at=now, campaign=campaign.id, by="demo")
        await house.engine.receive(start)
    return True


async def _seat(house: House, double: Double, own: str) -> None:
    """Put the simulated agents on their softphones, in the rooms the dialer gives them; nobody presses at `own`."""
    agents = [
        {
            "id": seat.agent,
            "join_url": seat.join_url,
            "desk_url": seat.desk_url,
            "token": seat.token,
            "presses": seat.agent != own,
        }
        for seat in seats_of(house.configuration.settings, house.secret)
    ]
    dispositions = {
        name: [{"id": each.id, "means": each.means.value} for each in campaign.dispositions]
        for name, campaign in house.configuration.campaigns.items()
    }
    await double.post("/double/agents", {"agents": agents, "dispositions": dispositions})


async def _watch(house: House, campaign: str, line: Line, stopping: asyncio.Event) -> bool:
    """Show how it goes until nothing more can happen today; False when it was stopped before."""
    quiet_since: datetime | None = None
    while not stopping.is_set():
        summary = await _summary(house, campaign)
        line.show(summary)
        is_quiet = summary.live == 0 and await _is_day_over(house, summary)
        quiet_since = (quiet_since or summary.now) if is_quiet else None
        if quiet_since and summary.now - quiet_since >= LINGER:
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), 0.25)
    return False


async def _is_day_over(house: House, summary: Summary) -> bool:
    """Tell whether the list is done, or the next thing to do lies on another day."""
    if summary.state == CampaignState.FINISHED:
        return True
    if not await house.store.transact(lambda unit: is_alone(unit.leases(), house.engine.name)):
        return (
            False  # what is due waits for us: one that was killed holds the campaign for a few seconds more
        )
    due = await house.store.transact(lambda unit: unit.next_due(summary.now))
    today = summary.now.astimezone(TOKYO)
    closed = today.time() >= CLOSES
    return closed or due is None or due.astimezone(TOKYO).date() > today.date()


async def _summary(house: House, campaign: str) -> Summary:
    now = house.clock.now()
    return await house.store.read(lambda reports: reports.summary(campaign, now, house.clock.factor))


async def _stop(double: Double) -> None:
    with contextlib.suppress(httpx.HTTPError):
        await double.post("/double/stop", {})


def _conclude(
    console: Console, words: Words, summary: Summary, options: Options, *, ledger: Checked, took: float
) -> None:
    """Print what a manager reads first, and whether an officer may believe it."""
    rows, _, fault = ledger
    holds = words("print.ledger_holds", rows=f"{rows:,}")
    broken = fault and words("print.ledger_broken", seq=fault.seq, problem=fault.problem)
    folder = options.folder
    kept = [
        folder / "dialer.db",
        folder / "double" / "rings.jsonl",
        folder / "double" / "mailbox",
        folder / "rejects",
    ]
    show_summary(
        console,
        summary,
        words,
        {
            words("print.took"): words("print.seconds", seconds=f"{took:.0f}"),
            words("print.files"): ", ".join(map(str, kept)),
        },
    )
    console.print(broken or holds, style="bold red" if broken else "bold green", highlight=False)
