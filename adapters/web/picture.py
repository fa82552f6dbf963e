"""What the board shows, as words and widths: drawn first by the template, then each second by the script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.bars import Bar, outcomes_of, parts_of, refusals_of
from adapters.web.language import Words
from adapters.web.stopping import say, why_held
from adapters.web.tiles import Tile, tiles_of
from dialer.agents import AgentState
from dialer.halts import Halt
from dialer.reports import AgentLine, Minute, Stopped, Summary
from dialer.view import CampaignState

_BUSIEST_FIRST = (
    AgentState.TALKING,
    AgentState.WRAPPING,
    AgentState.RESERVED,
    AgentState.PREVIEWING,
    AgentState.READY,
    AgentState.AWAY,
)
_CONTROLS = {
    CampaignState.DRAFT: ("start", "start"),
    CampaignState.RUNNING: ("pause", "pause"),
    CampaignState.PAUSED: ("start", "resume"),
    CampaignState.FINISHED: ("start", "restart"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """One agent: `state` picks colour and shape, `word` says it."""

    id: str
    name: str
    state: str
    word: str
    time: str
    languages: str
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteRow:
    """One slice of time of the plot's table; `unix` in seconds places it on the plot."""

    time: str
    unix: int
    attempts: int
    answered: int
    talked: int
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole board in one language. `action` is what the main button does, empty when there is none."""

    title: str
    state: str
    state_word: str
    budget_say: str
    callers_say: str
    refused_say: str
    mode_say: str
    pace_say: str
    action: str
    action_word: str
    may_stop: bool
    day: str
    clock: str
    done_percent: int
    done_say: str
    list_say: str
    parts: tuple[Bar, ...]
    tiles: tuple[Tile, ...]
    outcomes: tuple[Bar, ...]
    outcomes_say: str
    refusals: tuple[Bar, ...]
    refusals_say: str
    agents: tuple[AgentRow, ...]
    agents_say: str
    minutes: tuple[MinuteRow, ...]
    ledger_rows: str
    is_stopped: bool
    is_allowed: bool
    stopped_say: str
    held_say: str


def picture_of(
    summary: Summary,
    words: Words,
    zone: ZoneInfo,
    stopped: Stopped | None = None,
    halts: Sequence[Halt] = (),
) -> Picture:
    """Draw a campaign's standing in one language, with times in `zone`.

    `stopped` when all calls are; `halts` are what else keeps every engine from calling now.
    """
    language = words.language
    action, label = _CONTROLS.get(CampaignState(summary.state), ("", ""))
    listed = summary.waiting + summary.trying + summary.done
    outcomes, refused = outcomes_of(summary, words), sum(line.count for line in summary.refusals)
    return Picture(
        title=title_of(summary, language),
        state=summary.state,
        state_word=words.of("campaign", summary.state),
        budget_say=_budget_say(summary, words),
        callers_say=_callers_say(summary, words, zone),
        refused_say=words("board.refused", code=summary.refused) if summary.refused else "",
        mode_say=words("board.mode", mode=words.of("mode", summary.mode)),
        pace_say=_pace_say(summary, words, zone),
        action=action,
        action_word=words(f"action.{label}") if label else "",
        may_stop=summary.state in {CampaignState.RUNNING, CampaignState.PAUSED},
        day=figures.day(summary.now, zone, language),
        clock=figures.time_and_seconds(summary.now, zone),
        done_percent=int(100 * figures.ratio(summary.done, listed)),
        done_say=words("board.done_of", done=figures.count(summary.done), all=figures.count(listed)),
        list_say=_list_say(summary, words, zone),
        parts=parts_of(summary, words),
        tiles=tiles_of(summary, words),
        outcomes=outcomes,
        outcomes_say=words("board.outcomes_say", n=figures.count(sum(summary.outcomes.values()))),
        refusals=refusals_of(summary.refusals, words),
        refusals_say=words("board.refusals_say", n=figures.count(refused)),
        agents=tuple(_agent(line, words) for line in by_business(summary.agents)),
        agents_say=_agents_say(summary.agents, words),
        minutes=tuple(_minute(minute, zone) for minute in summary.minutes),
        ledger_rows=figures.count(summary.ledger_rows),
        is_stopped=stopped is not None,
        is_allowed=stopped is None,
        stopped_say=say(stopped, words, zone) if stopped else "",
        held_say=why_held(halts, words, zone),
    )


def title_of(summary: Summary, language: str) -> str:
    """Return the campaign's title in a language, else in the other one, else its id."""
    return summary.title.get(language) or next((t for t in summary.title.values() if t), summary.campaign)


def by_business(agents: Iterable[AgentLine]) -> Sequence[AgentLine]:
    """Return the agents, those on a call first and those away last, by id within a state."""
    order = {state.value: place for place, state in enumerate(_BUSIEST_FIRST)}
    return sorted(agents, key=lambda line: (order.get(line.state, len(order)), line.id))


def _list_say(summary: Summary, words: Words, zone: ZoneInfo) -> str:
    said = words("board.enrolled", n=figures.count(summary.enrolled))
    if summary.rejected:
        said += words("board.rejected", n=figures.count(summary.rejected))
    if summary.list_ends_at:
        said += words("board.list_ended", at=figures.time(summary.list_ends_at, zone))
    return said


def _budget_say(summary: Summary, words: Words) -> str:
    """Return what is spent of the budget, and that the campaign stands still for it; nothing without a budget."""
    line = summary.budget
    if line is None:
        return ""
    said = words("board.budget", spent=line.spent, amount=line.amount, currency=line.currency)
    is_why = line.is_used_up and summary.state == CampaignState.PAUSED
    return said + words("board.budget_over") if is_why else said


def _callers_say(summary: Summary, words: Words, zone: ZoneInfo) -> str:
    """Return how many of the campaign's numbers rest, and that nobody is called when all do; nothing when none does."""
    line = summary.callers
    if line is None:
        return ""
    at = f"{figures.day(line.until, zone, words.language)} {figures.time(line.until, zone)}"
    said = words("board.callers", n=line.resting, all=line.numbers, at=at)
    return said + words("board.callers_none") if line.resting == line.numbers else said


def _pace_say(summary: Summary, words: Words, zone: ZoneInfo) -> str:
    """Return why as many calls were opened as were last; nothing where an agent is reserved for each."""
    line = summary.pace
    if line is None:
        return ""
    found = line.found
    said = words(
        "board.pace",
        at=figures.time_and_seconds(line.at, zone),
        n=found["calls"],
        idle=found["idle"],
        waiting=found["waiting"],
        ringing=found["in_flight"],
        allowed=figures.share(found["theta"]),
        bound=words.of("pace", found["bound"]),
    )
    return said + words("board.pace_why", why=words.of("pace", found["why"])) if found["why"] else said


def _agent(line: AgentLine, words: Words) -> AgentRow:
    is_deaf = line.is_deaf and line.state != AgentState.AWAY
    return AgentRow(
        id=line.id,
        name=line.name,
        state=line.state,
        word=words.of("agent", line.state),
        time=figures.span(line.seconds, words.language),
        languages=" ".join(language.upper() for language in line.languages),
        partner=words("board.no_line") if is_deaf else line.talking_to or "",
    )


def _agents_say(agents: Sequence[AgentLine], words: Words) -> str:
    amounts = [(state, sum(line.state == state for line in agents)) for state in _BUSIEST_FIRST]
    return " · ".join(f"{words.of('agent', state)} {amount}" for state, amount in amounts if amount)


def _minute(minute: Minute, zone: ZoneInfo) -> MinuteRow:
    return MinuteRow(
        time=figures.time(minute.at, zone),
        unix=int(minute.at.timestamp()),
        attempts=minute.attempts,
        answered=minute.answered,
        talked=minute.talked,
        mails=minute.mails,
    )
