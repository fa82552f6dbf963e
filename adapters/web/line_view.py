"""How a live call is handled, on the agent's page: what may be done to it, to whom it may go, who listens."""

from collections.abc import Iterator

from adapters.web.language import Words
from campaigns.campaign import Campaign
from dialer.agents import AgentState, suits
from dialer.attempt import AttemptState
from dialer.desks import Desk
from dialer.handling import Handling

ANYBODY = "anybody"
"""Whoever of the campaign's agents has been ready longest; agents' and teams' ids follow other rules, or a prefix."""
TEAM = "team:"


def line_of(desk: Desk, campaign: Campaign | None, words: Words) -> dict[str, object]:
    """Return what the page shows and offers of the line, as JSON values."""
    attempt, handling = desk.attempt, desk.handling or Handling(attempt="", agent="")
    is_live = (
        attempt is not None
        and attempt.state is AttemptState.CONNECTED
        and desk.is_own
        and desk.agent.state is AgentState.TALKING
    )
    is_plain = is_live and not handling.is_moving and not handling.guest
    is_guest = handling.guest == desk.agent.id
    say = _say(desk, handling, words, is_live=is_live)
    return {
        "has_line": is_live or bool(say),
        "may_hold": is_plain,
        "is_held": is_live and handling.is_held,
        "hold_word": words("line.resume" if is_live and handling.is_held else "line.hold"),
        "may_mute": is_plain,
        "is_muted": is_live and handling.is_muted,
        "mute_word": words("line.unmute" if is_live and handling.is_muted else "line.mute"),
        "may_transfer": is_plain and attempt is not None and attempt.outcome is None,
        "is_guest": is_guest and not handling.is_back,
        "line_say": say,
        "line_problem": words.of("line.problem", handling.problem) if is_live and handling.problem else "",
        "listeners_say": _listeners(desk, words),
        "colleagues": list(_colleagues(desk, campaign, words)) if is_plain else [],
    }


def _say(desk: Desk, handling: Handling, words: Words, *, is_live: bool) -> str:
    """Return what is under way, in one sentence; "" when the talk is just a talk."""
    if handling.guest == desk.agent.id:
        return words("line.taking_back" if handling.is_back else "line.guest")
    if handling.colleague == desk.agent.id:
        return words("line.coming")
    if not is_live:
        return ""
    if handling.is_moving:
        return words("line.returning" if handling.is_back else "line.moving")
    if handling.guest:
        return words("line.introduced")
    said = [words("line.held")] if handling.is_held else []
    return " ".join([*said, *([words("line.muted")] if handling.is_muted else [])])


def _colleagues(desk: Desk, campaign: Campaign | None, words: Words) -> Iterator[dict[str, str]]:
    """Yield who could take the person now: anybody of the campaign, teams with somebody ready, each colleague."""
    attempt, teams = desk.attempt, campaign.teams if campaign else ()
    if attempt is None:
        return
    able = [one for one in desk.others if suits(one, attempt.language, ())]
    if any(suits(one, attempt.language, teams) for one in able):
        yield {"id": ANYBODY, "label": words("line.anybody")}
    for team in teams:
        if any(suits(one, attempt.language, (team,)) for one in able):
            yield {"id": f"{TEAM}{team.id}", "label": words("line.team", name=team.id)}
    for one in able:
        yield {"id": one.id, "label": one.name}


def _listeners(desk: Desk, words: Words) -> str:
    """Return who takes part in the agent's call or is about to, and how: nobody is listened to unannounced."""
    return " ".join(
        words(f"line.listener_{one.mode.value}", name=one.supervisor)
        for one in desk.listeners
        if not one.problem
    )
