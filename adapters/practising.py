"""`dialer practice`: one agent takes simulated calls with the campaign's own scripts, and each of them is reviewed."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import orjson
from rich.console import Console

from adapters.clock import AcceleratedClock, SystemClock
from adapters.configuration import Configuration, Plan
from adapters.opening import opening_hour
from adapters.practice_words import Reviewed, as_values, sentence
from adapters.running import drain, stop_event
from adapters.wiring.coaching import Pupil
from adapters.wiring.house import ticking
from adapters.wiring.people import Queue
from adapters.wiring.practice import Opened, campaign_to_practise, open_practice
from adapters.words import Words, words_in
from compliance.places import zone_of_region
from dialer.agents import AgentState
from dialer.errors import DialerError
from dialer.review import average
from dialer.settings import AgentSettings

PREFIX = "dialer-practice-"
_LOOK_S, _TICK_S, _DRAIN_S = 0.25, 0.1, 5.0
_LINGER_S = 600.0
"""For how many real seconds the last review can be read in the browser, unless the agent ends the practice first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asked for; `factor` is how many times as fast as the wall's clock."""

    agent: str
    calls: int
    seed: str
    language: str
    factor: float = 1.0
    as_json: bool = False


async def practise(configuration: Configuration, plan: Plan, wanted: Wanted, console: Console) -> None:
    """Practise until so many calls are reviewed, or Ctrl-C; every file is in a folder that is removed at the end.

    Raises DialerError when there is nothing to practise, or nobody whom the law lets call.
    """
    words = words_in(wanted.language)
    pupil = _pupil(configuration, plan, wanted, words)
    clock = _clock(configuration, plan, wanted, words)
    with TemporaryDirectory(prefix=PREFIX) as folder:
        opening = open_practice(configuration, plan, pupil, folder=Path(folder), clock=clock)
        async with opening as opened:
            stopping = stop_event()
            teller = _Teller(console, words, quiet=wanted.as_json)
            teller.begin(plan, opened, pupil)
            async with ticking(opened.house.engine, clock, interval_s=_TICK_S):
                is_done = await _run(opened, pupil, stopping, teller)
                await drain(opened.house, within_s=_DRAIN_S)
            calls = await opened.coach.reviewed()
            teller.show(calls)
            teller.total(opened, calls, stays=is_done)
            if is_done:
                await _linger(opened, stopping)
    if wanted.as_json:
        head = {"campaign": plan.campaign.id, "agent": pupil.agent, "seed": wanted.seed}
        sys.stdout.write(orjson.dumps(as_values(calls, words, **head), option=orjson.OPT_INDENT_2).decode())
        sys.stdout.write("\n")


def agent_named(agents: tuple[AgentSettings, ...], name: str, words: Words) -> AgentSettings:
    """Return the agent of that id or name. Raises DialerError with those there are."""
    for agent in agents:
        if name in {agent.id, agent.name}:
            return agent
    known = ", ".join(agent.id for agent in agents) or "–"
    raise DialerError(words("practice.no_agent", agent=name, known=known))


def _pupil(configuration: Configuration, plan: Plan, wanted: Wanted, words: Words) -> Pupil:
    agent = agent_named(configuration.settings.agents, wanted.agent, words)
    campaign = plan.campaign
    spoken = tuple(one for one in agent.languages if one in campaign.languages)
    if not spoken:
        said, written = ", ".join(agent.languages), ", ".join(campaign.languages)
        raise DialerError(words("practice.no_language", agent=agent.name, spoken=said, written=written))
    if campaign.pacing.is_agentless or not any(step.channel == "voice" for step in campaign.steps):
        raise DialerError(words("practice.no_calls_in", campaign=campaign.title.in_(words.language)))
    return Pupil(
        agent=agent.id,
        languages=spoken,
        campaign=campaign_to_practise(campaign),
        seed=wanted.seed,
        calls=wanted.calls,
    )


def _clock(configuration: Configuration, plan: Plan, wanted: Wanted, words: Words) -> AcceleratedClock:
    """Return a clock that shows an hour of the campaign, whatever the hour is."""
    now, zone = SystemClock().now(), ZoneInfo(zone_of_region(plan.campaign.audience.region))
    start = opening_hour(configuration, plan.campaign, now.astimezone(zone).date(), zone)
    if start is None:
        raise DialerError(words("practice.no_hour", campaign=plan.campaign.title.in_(words.language)))
    return AcceleratedClock(start=start.astimezone(UTC), anchor=now, factor=wanted.factor)


async def _run(opened: Opened, pupil: Pupil, stopping: asyncio.Event, teller: "_Teller") -> bool:
    """Call one person after the other while the agent is ready; True when all calls are reviewed."""
    queue = Queue(opened.house, pupil)
    while not stopping.is_set() and not opened.coach.is_ended:
        calls = await opened.coach.reviewed()
        teller.show(calls)
        if len(calls) >= pupil.calls:
            return True
        if await _is_ready(opened, pupil) and await queue.is_served():
            if why := await queue.refusal(teller.words.language):
                raise DialerError(teller.words("practice.kept_from", why=why))
            await queue.next()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_S)
    return False


async def _is_ready(opened: Opened, pupil: Pupil) -> bool:
    desk = await opened.house.store.read(lambda reports: reports.desk(pupil.agent))
    return desk is not None and desk.agent.state is AgentState.READY


async def _linger(opened: Opened, stopping: asyncio.Event) -> None:
    real = SystemClock()
    limit = real.monotonic() + _LINGER_S
    while real.monotonic() < limit and not stopping.is_set() and not opened.coach.is_ended:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _LOOK_S)


class _Teller:
    """Prints the practice as it goes; for machines everything but the result goes to standard error."""

    def __init__(self, console: Console, words: Words, *, quiet: bool) -> None:
        """Take where to print, in which language."""
        self.words, self._shown = words, 0
        self._console = Console(stderr=True) if quiet else console

    def begin(self, plan: Plan, opened: Opened, pupil: Pupil) -> None:
        """Say what this is, and where the desk is."""
        words, title = self.words, plan.campaign.title.in_(self.words.language)
        self._say(words("practice.begins", campaign=title, calls=pupil.calls))
        self._say(words("practice.desk", name=opened.seat.name, url=opened.seat.sign_in_url))
        self._say(words("practice.begin_how"))

    def show(self, calls: Sequence[Reviewed]) -> None:
        """Print the reviews that are new."""
        for place, call in enumerate(calls[self._shown :], self._shown + 1):
            for line in self._lines(place, call):
                self._say(line)
        self._shown = max(self._shown, len(calls))

    def total(self, opened: Opened, calls: Sequence[Reviewed], *, stays: bool) -> None:
        """Print the whole."""
        score = average([one.review for one in calls])
        if score is None:
            self._say(self.words("practice.total_none"))
            return
        self._say(
            self.words("practice.total", agent=opened.seat.name, score=score, calls=len(calls)), style="bold"
        )
        if stays:
            self._say(self.words("practice.stays", url=f"{opened.seat.desk_url}/review"))

    def _lines(self, place: int, call: Reviewed) -> Iterator[str]:
        yield self.words("practice.heading", place=place, name=call.name, score=call.review.score)
        for one in call.review.findings:
            mark = self.words(f"practice.mark_{one.mark.value}")
            yield f"   {mark}  {sentence(one, self.words, call.zone)}"

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style or None, highlight=False, markup=False, soft_wrap=True)
