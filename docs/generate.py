"""Writes the generated blocks of the documents anew: `.venv/bin/python docs/generate.py`."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from compliance.explain import DECISIONS, REASONS
from compliance.hours import DAYS, MIDNIGHT, Windows
from compliance.house import HOUSE
from compliance.rulebook import Rulebook, packaged_law
from compliance.rules import (
    CapRule,
    ConsentRule,
    DisclosureRule,
    ElementsRule,
    EvidenceRule,
    NoteRule,
    NumbersRule,
    RecordingRule,
    RefusalRule,
    Rule,
    WindowRule,
)
from compliance.terms import Channel, Profile, Purpose
from dialer.agents import AGENT, AgentState
from dialer.attempt import CALL, MAIL, AttemptState
from dialer.events import Event
from dialer.shift import CAMPAIGN
from dialer.view import CampaignState

FOLDER = Path(__file__).resolve().parent
_BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

Moves = Iterable[tuple[tuple[StrEnum, type[Event]], StrEnum]]
"""A table of states, as its items."""


def states() -> str:
    """Return the pictures of the four tables of states, as Mermaid."""
    pictures: tuple[tuple[str, Moves, StrEnum], ...] = (
        ("A call (`CALL` in dialer/attempt.py)", CALL.items(), AttemptState.OPENED),
        ("A mail (`MAIL` in dialer/attempt.py)", MAIL.items(), AttemptState.OPENED),
        ("An agent's own word (`AGENT` in dialer/agents.py)", AGENT.items(), AgentState.AWAY),
        ("A campaign (`CAMPAIGN` in dialer/shift.py)", CAMPAIGN.items(), CampaignState.DRAFT),
    )
    return "\n".join(f"**{title}**\n\n{_picture(moves, first)}" for title, moves, first in pictures)


def _picture(moves: Moves, first: StrEnum) -> str:
    """Return one table as a Mermaid state diagram; events that do the same share an arrow."""
    arrows: dict[tuple[StrEnum, StrEnum], list[str]] = {}
    for (state, event), after in moves:
        arrows.setdefault((state, after), []).append(event.__name__)
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {state} --> {after} : {', '.join(events)}" for (state, after), events in arrows.items()]
    return "\n".join(["```mermaid", *lines, "```", ""])


def rules() -> str:
    """Return every rule of every rulebook as a table, a rulebook after the other."""
    return "\n".join(_rulebook(book) for _, book in sorted(packaged_law().rulebooks.items()))


def _rulebook(book: Rulebook) -> str:
    head = f"**{book.region}**, version {book.version}, needs tz data {book.min_tzdata} or newer.\n\n"
    columns = ("rule", "figure", "binds", "profile", "since", "confidence", "citation")
    return head + _table(columns, (_rule(rule) for rule in book.rules))


def _rule(rule: Rule) -> tuple[str, ...]:
    return (
        f"`{rule.id}`",
        _figure(rule),
        _bound(rule),
        rule.profile.value if rule.profile is Profile.STATUTORY else f"*{rule.profile.value}*",
        rule.valid_from.isoformat() + (f" to {rule.valid_to.isoformat()}" if rule.valid_to else ""),
        f"{rule.confidence.value}, checked {rule.checked.isoformat()}",
        rule.citation,
    )


def _bound(rule: Rule) -> str:
    """Return which channels and purposes a rule binds."""
    channels = "every channel" if rule.channels == frozenset(Channel) else _words(rule.channels)
    purposes = "every purpose" if rule.purposes == frozenset(Purpose) else _words(rule.purposes)
    return f"{channels}; {purposes}"


def _figure(rule: Rule) -> str:  # noqa: C901 (one case for each kind of rule)
    match rule:
        case WindowRule():
            return _windows(rule)
        case CapRule():
            return "at most " + ", ".join(f"{most} per {period}" for period, most in rule.limits.items())
        case RefusalRule():
            return f"after {_words(rule.events)}: nothing more from the same {_words(rule.scope)}"
        case ConsentRule():
            instead = f", or {_words(rule.relationships)}" if rule.relationships else ""
            return f"needs {rule.consent}{instead}"
        case EvidenceRule():
            return f"the consent is proved; the proof is kept for {rule.retain_years} years"
        case ElementsRule():
            return f"shows {_words(rule.elements)}"
        case DisclosureRule():
            return f"said before the pitch: {', '.join(rule.elements)}"
        case RecordingRule():
            return f"when recorded: {', '.join(rule.duties)}"
        case NumbersRule():
            return f"calls go to {_words(rule.dialable)} only"
        case NoteRule():
            figures = "".join(f" ({name} {value:g})" for name, value in rule.figures.items())
            return f"{rule.text}{figures}"
        case _:
            raise TypeError(f"no words for {type(rule).__name__}")


def _windows(rule: WindowRule) -> str:
    """Return opening hours, days with the same ones joined."""
    hours = {DAYS[day]: _span(windows) for day, windows in sorted(rule.days.items())}
    week = "; ".join(
        f"{', '.join(day for day in hours if hours[day] == span) if len(set(hours.values())) > 1 else 'every day'}"
        f" {span}"
        for span in dict.fromkeys(hours.values())
    )
    if rule.on_holidays is None:
        return week
    choice = " (may be chosen away)" if rule.on_holidays.optional else ""
    return f"{week}; public holidays {_span(rule.on_holidays.windows)}{choice}"


def _span(windows: Windows) -> str:
    ends = ((start, "24:00" if end == MIDNIGHT else f"{end:%H:%M}") for start, end in windows)
    return ", ".join(f"{start:%H:%M}-{end}" for start, end in ends) or "closed"


def house() -> str:
    """Return our own rules, which hold everywhere, as a table."""
    return _table(("rule", "says"), ((f"`{rule}`", says) for rule, says in HOUSE.items()))


def decisions() -> str:
    """Return what a verdict can decide, in both languages."""
    return _table(
        ("value", "means", "ja"), ((f"`{name.value}`", en, ja) for name, (en, ja) in DECISIONS.items())
    )


def reasons() -> str:
    """Return every reason a verdict can give, in both languages."""
    return _table(
        ("value", "means", "ja"), ((f"`{name.value}`", en, ja) for name, (en, ja) in REASONS.items())
    )


def _words(words: Iterable[str]) -> str:
    return ", ".join(sorted(str(word) for word in words))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "states": states,
    "rules": rules,
    "house": house,
    "decisions": decisions,
    "reasons": reasons,
}
"""What stands after `<!-- generated: NAME -->`, up to `<!-- end -->`."""


def renewed(text: str) -> str:
    """Return a document with each of its generated blocks written anew. KeyError for a block nobody makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[4]}", text)


def blocks_in(text: str) -> Iterator[str]:
    """Yield the names of the generated blocks of a document."""
    yield from (found[2] for found in _BLOCK.finditer(text))


def main() -> None:
    """Write every document anew whose blocks have changed, and name it."""
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text("utf-8")
        if (fresh := renewed(text)) != text:
            path.write_text(fresh, "utf-8")
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
