"""What the agent's page shows, as words: the agent's state and what may be done now; the call is `desk_call`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.web import figures
from adapters.web.desk_call import call_of
from adapters.web.desk_preview import as_call, hint_of, preview_of, seen_call
from adapters.web.desk_words import keys_left, zone_of
from adapters.web.language import Words
from adapters.web.line_view import line_of
from adapters.web.own_line_view import own_line_of
from campaigns.campaign import Campaign, Text
from dialer.agents import AgentState
from dialer.attempt import AttemptState
from dialer.desks import Desk
from dialer.view import Due

_FREE = {AgentState.READY, AgentState.PREVIEWING, AgentState.AWAY}
_SPOKEN = {AgentState.TALKING, AgentState.WRAPPING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A desk with what the law knows of the person on it, None without a person."""

    desk: Desk
    due: Due | None = None


def view_of(
    sight: Sight,
    campaigns: Mapping[str, Campaign],
    breaks: Mapping[str, Text],
    words: Words,
    zone: ZoneInfo,
) -> dict[str, object]:
    """Return the page's picture as JSON values, but for what changes by itself: see `times_of`."""
    desk = as_call(sight.desk, campaigns)
    agent, attempt = desk.agent, desk.attempt
    campaign = campaigns.get(attempt.campaign) if attempt else None
    has_call = desk.is_own and agent.state in _SPOKEN
    is_live = attempt is not None and attempt.state is AttemptState.CONNECTED and desk.is_own
    line = line_of(desk, campaign, words)
    seen = preview_of(desk, campaign, words)
    call = call_of(desk, sight.due, campaign, words, zone) if attempt else None
    return {
        **line,
        "state": agent.state.value,
        "state_word": _state_word(desk, breaks, words),
        "reason": agent.reason or "",
        "hint": words(f"desk.hint_{hint_of(desk, campaign) or _hint(desk)}"),
        "announce": _announce(desk, words),
        "may_ready": agent.state is AgentState.AWAY,
        # Not while a call is on its way: whoever answers it would find nobody.
        "may_away": agent.state in {AgentState.READY, AgentState.PREVIEWING},
        "may_break": agent.state in _FREE,
        "may_leave": agent.state in _FREE,
        "may_hang_up": agent.state is AgentState.TALKING and is_live,
        "may_say": has_call,
        "has_person": desk.contact is not None,
        "save": words("desk.save_and_end" if is_live else "desk.save"),
        "keys": keys_left(_taken(desk, campaign)),
        "left_word": words("desk.left_look" if agent.state is AgentState.PREVIEWING else "desk.left"),
        **seen,
        **own_line_of(desk, words),
        "call": {**call, "colleagues": line["colleagues"], "skips": seen["skips"], **seen_call(desk, words)}
        if call
        else None,
    }


def _taken(desk: Desk, campaign: Campaign | None) -> tuple[str | None, ...]:
    """Return the keys that are the campaign's now: of its reasons before a call, of its dispositions from then on."""
    if campaign is None:
        return ()
    if desk.agent.state is AgentState.PREVIEWING:
        return tuple(reason.key for reason in campaign.pacing.previewing.reasons)
    return tuple(choice.key for choice in campaign.dispositions)


def times_of(desk: Desk, now: datetime, factor: float, zone: ZoneInfo) -> dict[str, object]:
    """Return what the page counts on from, in real seconds: how long in this state, how long left to write up.

    `clock` is what the person's own clock shows, "" without a person.
    """
    agent = desk.agent
    left = (agent.deadline - now).total_seconds() / factor if agent.deadline else None
    there = ZoneInfo(zone_of(desk, zone.key))
    return {
        "for_s": round(max(0.0, (now - agent.since).total_seconds() / factor), 1),
        "left_s": None if left is None else round(max(0.0, left), 1),
        "clock": figures.time(now, there) if desk.contact else "",
    }


def _state_word(desk: Desk, breaks: Mapping[str, Text], words: Words) -> str:
    """Return the state in words, with the break that it is; one that the settings no longer name stands for itself."""
    agent = desk.agent
    label = breaks.get(agent.reason or "")
    why = label.in_(words.language) if label else agent.reason
    return " · ".join(part for part in (words.of("agent", agent.state.value), why) if part)


def _announce(desk: Desk, words: Words) -> str:
    """Return who calls or is on the line, for the title of the page; "" when nobody does."""
    key = {
        AgentState.PREVIEWING: "desk.seen",
        AgentState.RESERVED: "desk.incoming",
        AgentState.TALKING: "desk.on_line",
    }.get(desk.agent.state)
    return words(key, name=desk.contact.name) if key and desk.contact else ""


def _hint(desk: Desk) -> str:
    """Return which advice fits the moment."""
    attempt = desk.attempt
    if attempt and attempt.disposition and desk.agent.state is AgentState.TALKING:
        return "said"
    return desk.agent.state.value
