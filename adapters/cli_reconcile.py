"""`dialer reconcile`: what the carrier knows and a restored database does not, and the word that releases it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from adapters import reconciling
from adapters.cli_options import DEFAULT_CONFIG, Config, Language, loaded
from adapters.clock import SystemClock
from adapters.reconciling import Comparison, Release

_DAYS = 31


def reconcile(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"],
            help="From when on to ask the carrier; by default from a day before anything can be lost. UTC.",
        ),
    ] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Spare those whom only the carrier knows, and dial again.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who says so; the ledger keeps it.")] = "",
    days: Annotated[
        int, typer.Option(min=1, max=3660, help="For how many days nobody of them is called.")
    ] = _DAYS,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Compare a database that came back from a backup with the carrier's calls; with --release, work with it again."""
    if release and not by.strip():
        raise typer.BadParameter("--release needs --by: who says so")
    configuration = loaded(config, Language.EN)
    begin = since.replace(tzinfo=since.tzinfo or UTC) if since else None
    found = asyncio.run(reconciling.compare(configuration, begin))
    for line in _told(found):
        typer.echo(line)
    if not release:
        return
    word = Release(by=by.strip(), until=SystemClock().now() + timedelta(days=days))
    was_running = asyncio.run(reconciling.release(configuration, found, word))
    where = "in the running installation" if was_running else "nothing runs: it holds from the next start on"
    typer.echo(f"{len(found.numbers)} numbers are not called until {_clock(word.until)}")
    typer.echo(f"the database is released by {word.by} ({where})")


def _told(found: Comparison) -> Iterator[str]:
    """Yield what the carrier knows, and what nobody can get back from it."""
    if found.is_held:
        yield "the database is older than its checkpoints: nobody is contacted until it is released"
    yield (
        f"the carrier has {found.calls} calls since {_clock(found.asked_since)}; "
        f"the database does not know {len(found.missing)} of them, to {len(found.numbers)} numbers"
    )
    if others := sum(1 for call in found.missing if not call.to.startswith("+")):
        yield f"{others} of them were to no telephone number"
    if not found.is_held:
        yield "the database is not held: there is nothing to release"
        return
    begin = _clock(found.lost_since) if found.lost_since else "the beginning"
    yield f"the carrier cannot give back what was written here between {begin} and the restoring:"
    yield "  refusals and do-not-contact entries (also by letter, mail and at the agents' desks): `dialer suppress add`"
    yield "  consents given and taken back: `dialer consent`; lists enrolled: `dialer enrol`"
    yield "  mails sent and unsubscribed from, promised callbacks, outcomes that agents chose, starts and pauses"
    yield "enter what you have of these first; then release with `dialer reconcile --release --by NAME`"


def _clock(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
