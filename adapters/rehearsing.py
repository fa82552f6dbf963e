"""`dialer rehearse`: a calling day before the first real call."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console

from adapters.clock import SystemClock
from adapters.configuration import Configuration, Plan
from adapters.lists import said_of
from adapters.printing import show_summary
from adapters.wiring.rehearsal import Rehearsed, Script, rehearse
from adapters.words import words_in

TOKYO = ZoneInfo("Asia/Tokyo")
OPENS, CLOSES = time(9), time(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asked for."""

    seed: str
    leads: int
    agents: int
    day: date | None


def day_for(configuration: Configuration, plan: Plan, wanted: Wanted) -> date:
    """Return the day asked for, else the first working day from the campaign's start, or from today."""
    today = SystemClock().now().astimezone(TOKYO).date()
    return wanted.day or configuration.working_day(plan.campaign, plan.campaign.start or today)


def show(
    configuration: Configuration,
    plan: Plan,
    wanted: Wanted,
    console: Console,
    language: str,
    *,
    as_json: bool,
) -> None:
    """Rehearse and print the result; as JSON nothing varies between two runs of one seed."""
    day = day_for(configuration, plan, wanted)
    script = Script(
        plan=plan,
        opens=_at(day, OPENS),
        closes=_at(day, CLOSES),
        leads=wanted.leads,
        agents=wanted.agents,
        seed=wanted.seed,
    )
    clock = SystemClock()
    began = clock.monotonic()
    rehearsed = asyncio.run(rehearse(configuration, script))
    took = clock.monotonic() - began
    if as_json:
        typer.echo(_as_json(rehearsed, wanted, day))
        return
    words = words_in(language)
    heading = words(
        "print.rehearsed",
        day=day,
        leads=rehearsed.summary.enrolled,
        invented=rehearsed.invented,
        agents=wanted.agents,
        seed=wanted.seed,
    )
    console.print(heading, highlight=False)
    if rota := rehearsed.rota:
        console.print(words("print.rehearsed_shifts", **asdict(rota)), highlight=False)
    console.print(said_of(rehearsed.enrolled, language, shows_file=False), highlight=False)
    show_summary(
        console,
        rehearsed.summary,
        words,
        {words("print.took"): words("print.seconds", seconds=f"{took:.1f}")},
    )


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, TOKYO).astimezone(UTC)


def _as_json(rehearsed: Rehearsed, wanted: Wanted, day: date) -> bytes:
    enrolled = {name: value for name, value in asdict(rehearsed.enrolled).items() if name != "rejects_file"}
    result = {
        "day": day.isoformat(),
        "seed": wanted.seed,
        "agents": wanted.agents,
        "invented": rehearsed.invented,
        "list": enrolled,
        "shifts": asdict(rehearsed.rota) if rehearsed.rota else None,
        "summary": asdict(rehearsed.summary),
    }
    return orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
