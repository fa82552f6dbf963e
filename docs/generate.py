"""Writes the generated blocks of the documents anew: `.venv/bin/python docs/generate.py`."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from compliance.house import HOUSE
from compliance.rulebook import EVERYWHERE, Rulebook, packaged_law
from compliance.rules import Rule
from compliance.sentences import DECISIONS, REASONS
from compliance.terms import Channel, Party, Profile, Purpose, ReasonCode, Technology
from dialer.agents import AGENT, AgentState
from dialer.attempt import AttemptState
from dialer.events import Event
from dialer.legs import LEG, LegState
from dialer.mail_progress import MAIL
from dialer.progress import CALL
from dialer.shift import CAMPAIGN
from dialer.view import CampaignState
from docs.figures import figure, words

FOLDER = Path(__file__).resolve().parent
_BLOCK = re.compile(r"(<!-- generated: ([a-z]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

Moves = Iterable[tuple[tuple[StrEnum, type[Event]], StrEnum]]
"""A table of states, as its items."""


def states() -> str:
    """Return the pictures of the tables of states, as Mermaid."""
    pictures: tuple[tuple[str, Moves, StrEnum], ...] = (
        ("A call (`CALL` in dialer/progress.py)", CALL.items(), AttemptState.OPENED),
        ("A mail (`MAIL` in dialer/mail_progress.py)", MAIL.items(), AttemptState.OPENED),
        ("An agent's own word (`AGENT` in dialer/agents.py)", AGENT.items(), AgentState.AWAY),
        ("A call to an agent (`LEG` in dialer/legs.py)", LEG.items(), LegState.OPENED),
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
    """Return every rule of every rulebook as a table, a rulebook after the other, and where each is tested."""
    books = sorted(packaged_law().rulebooks.items(), key=lambda item: (item[0] != "JP", item[0]))
    return "\n".join(_rulebook(book) for _, book in books)


def _rulebook(book: Rulebook) -> str:
    name = "everywhere" if book.region == EVERYWHERE else book.region
    head = f"### {name}\n\nVersion {book.version}, needs tz data {book.min_tzdata} or newer.\n\n"
    columns = ("rule", "says", "binds", "since", "confidence", "citation", "tests")
    return head + _table(columns, (_rule(rule) for rule in book.rules))


def _rule(rule: Rule) -> tuple[str, ...]:
    return (
        f"`{rule.id}`",
        figure(rule),
        _bound(rule),
        rule.valid_from.isoformat() + (f" to {rule.valid_to.isoformat()}" if rule.valid_to else ""),
        f"{rule.confidence.value}, checked {rule.checked.isoformat()}",
        rule.citation,
        ", ".join(f"[{path.stem}](../tests/compliance/{path.name})" for path in tests_of(rule.id)),
    )


@cache
def _tests() -> tuple[tuple[Path, str], ...]:
    paths = sorted((FOLDER.parent / "tests" / "compliance").iterdir())
    return tuple((path, path.read_text("utf-8")) for path in paths if path.suffix in {".py", ".json"})


def tests_of(rule: str) -> list[Path]:
    """Return the files of tests that name a rule."""
    return [path for path, text in _tests() if re.search(rf"(?<![\w-]){re.escape(rule)}(?![\w-])", text)]


def _bound(rule: Rule) -> str:
    """Return whom and what a rule binds, as far as it is not everything; the recommended profile is named."""
    parts = [
        words(chosen)
        for chosen, every in (
            (rule.channels, Channel),
            (rule.purposes, Purpose),
            (rule.technologies, Technology),
            (rule.parties, Party),
        )
        if chosen != frozenset(every)
    ]
    profile = ["*recommended*"] if rule.profile is Profile.RECOMMENDED else []
    return "; ".join([*parts, *profile]) or "everything"


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
    told = ((f"`{name.value}`", *REASONS[name]) for name in ReasonCode)
    return _table(("value", "means", "ja"), told)


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
