"""Staffing and breaks as the board shows them: words, heights and widths, drawn by the template and then the script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.desk_plan import Planning
from adapters.web.language import Words
from adapters.web.staff_reader import Slot, Staffed
from dialer.agents import AgentState
from dialer.need import SLOT

_LITTLE = 0.5
"""Of an agent: what a half hour is short by may be less than anybody can mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """One half hour, in words and as percentages of the chart's height; `tone` is short, now, over or plain."""

    time: str
    mark: str
    planned: str
    present: str
    need: str
    short: str
    tone: str
    planned_y: str
    planned_height: str
    present_y: str
    present_height: str
    need_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """One agent on a break; `tone` is bad once it is over its limit."""

    id: str
    name: str
    word: str
    since: str
    time: str
    limit: str
    tone: str
    over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPicture:
    """Staffing in one language; without planned shifts there is no chart, and without breaks no list."""

    has_staff: bool
    staff: tuple[StaffRow, ...]
    staff_say: str
    staff_basis: str
    has_breaks: bool
    breaks: tuple[BreakRow, ...]


def staff_picture_of(
    staffed: Staffed, campaign: str, planning: Planning, words: Words, zone: ZoneInfo, now: datetime
) -> StaffPicture:
    """Draw the staffing at `now`, with times in `zone`; what the need rests on is told of `campaign`."""
    highest = max((_most(slot) for slot in staffed.slots), default=0.0)
    breaks = tuple(_breaks(staffed, planning, words, zone, now))
    return StaffPicture(
        has_staff=bool(staffed.slots),
        staff=tuple(_row(slot, ceil(highest) or 1, zone, now) for slot in staffed.slots),
        staff_say=_say(staffed.slots, words, now),
        staff_basis=_basis(staffed, campaign, words),
        has_breaks=bool(breaks),
        breaks=breaks,
    )


def _most(slot: Slot) -> float:
    return max(slot.planned, slot.present or 0.0, slot.need or 0.0)


def _row(slot: Slot, highest: float, zone: ZoneInfo, now: datetime) -> StaffRow:
    is_now, is_over = slot.start <= now < slot.start + SLOT, slot.start + SLOT <= now
    there = slot.present if is_now and slot.present is not None else slot.planned
    short = max(0.0, (slot.need or 0.0) - there)
    local = slot.start.astimezone(zone)
    is_short = short > _LITTLE
    return StaffRow(
        time=f"{local:%H:%M}",
        mark=f"{local:%H}" if not local.minute else "",
        planned=_agents(slot.planned),
        present=_agents(slot.present),
        need=_agents(slot.need),
        short=_agents(short) if is_short else "",
        tone="short" if is_short else "now" if is_now else "over" if is_over else "plain",
        planned_y=_percent(1.0 - slot.planned / highest),
        planned_height=_percent(slot.planned / highest),
        present_y=_percent(1.0 - (slot.present or 0.0) / highest),
        present_height=_percent((slot.present or 0.0) / highest),
        # Nothing needed, or all over: the mark is drawn below the chart, where nobody sees it.
        need_y=_percent(1.0 - slot.need / highest) if slot.need else "200%",
    )


def _percent(part: float) -> str:
    return f"{100 * part:.2f}%"


def _agents(amount: float | None) -> str:
    """Return a number of agents with its tenths, unless there are none."""
    return "–" if amount is None else f"{amount:.1f}".removesuffix(".0")


def _say(slots: Sequence[Slot], words: Words, now: datetime) -> str:
    slot = next((slot for slot in slots if slot.start <= now < slot.start + SLOT), None)
    if slot is None:
        return ""
    said = words("staff.say", planned=_agents(slot.planned), present=_agents(slot.present))
    return f"{said} · {words('staff.need_say', need=ceil(slot.need))}" if slot.need else said


def _basis(staffed: Staffed, campaign: str, words: Words) -> str:
    """Return what the need rests on: the campaign's own calls, or those of the first that runs."""
    if not staffed.slots:
        return ""
    effort = staffed.efforts.get(campaign) or next(iter(staffed.efforts.values()), None)
    if effort is None:
        return words("staff.none")
    return words(
        "staff.measured" if effort.is_measured else "staff.assumed",
        answered=figures.share(effort.answered, 0),
        handling=figures.span(effort.handling_s, words.language),
        busy=figures.share(effort.occupancy, 0),
    )


def _breaks(
    staffed: Staffed, planning: Planning, words: Words, zone: ZoneInfo, now: datetime
) -> Iterator[BreakRow]:
    """Yield who is on a break, whoever has been longest first."""
    resting = [agent for agent in staffed.agents if agent.state is AgentState.AWAY and agent.reason]
    for agent in sorted(resting, key=lambda agent: (agent.since, agent.id)):
        limit = planning.limit_of(agent, now)
        is_over = limit is not None and now - agent.since > limit
        yield BreakRow(
            id=agent.id,
            name=agent.name,
            word=planning.label(agent.reason or "", words.language),
            since=figures.time(agent.since, zone),
            time=figures.span((now - agent.since).total_seconds(), words.language),
            limit=f"/ {figures.span(limit.total_seconds(), words.language)}" if limit else "",
            tone="bad" if is_over else "quiet",
            over=words("staff.over") if is_over else "",
        )
