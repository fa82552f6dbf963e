"""The verbs that bring people in, or keep them out for good."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import orjson
import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from adapters.clock import SystemClock
from adapters.configuration import Configuration, Plan
from adapters.controlling import give, never_again, save_plans
from adapters.enrolment import Enrolled, enrol
from adapters.folders import database_folder
from adapters.suppressions import Suppressed, import_suppressions
from adapters.wiring.stores import open_store, read_only
from adapters.words import words_in
from compliance.mailboxes import read_email
from compliance.numbers import Number, read_number
from compliance.question import Suppression
from dialer.ports import Store


async def enrol_list(configuration: Configuration, plan: Plan, path: Path, language: str) -> None:
    """Enrol a list with a progress bar, and print what became of its rows."""
    clock = SystemClock()
    rejects = database_folder(configuration.settings) / "rejects" / f"{path.stem}.csv"
    store = await open_store(configuration.settings.database, may_upgrade=True)
    try:
        await store.transact(lambda unit: save_plans(unit, [plan], configuration.settings, clock.now()))
        with bar() as tell:
            enrolled = await enrol(
                store, plan.campaign, path, now=clock.now(), rejects_path=rejects, progress=tell
            )
    finally:
        await store.close()
    typer.echo(said_of(enrolled, language))


def said_of(enrolled: Enrolled, language: str, *, shows_file: bool = True) -> str:
    """Return in one line what became of a list, and where its rejects are listed."""
    counts = {
        name: getattr(enrolled, name)
        for name in ("rows", "new", "known", "duplicates", "filtered", "rejected", "warnings")
    }
    said = words_in(language)("print.enrolled_list", **counts)
    return f"{said} → {enrolled.rejects_file}" if shows_file else said


class bar:  # noqa: N801 - used as `with bar() as tell`, like the function it stands for
    """A progress bar of bytes read; `with bar() as tell` gives what to tell it."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, transient=True)

    def __enter__(self) -> Callable[[int, int], None]:
        """Draw the bar."""
        self._progress.start()
        task = self._progress.add_task("CSV")
        return lambda done, size: self._progress.update(task, completed=done, total=size)

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._progress.stop()


async def suppress_one(configuration: Configuration, whom: str, *, reason: str, by: str) -> None:
    """Add one entry that holds everywhere, and seal it; a running installation ends their calls at once."""
    entry = entry_for(whom, reason=reason, by=by)
    done = await give(configuration, never_again(entry))
    said = "suppressed" if done.what == "suppressed" else "was suppressed before"
    typer.echo(f"{entry.number or entry.email or entry.person}: {said}")


def entry_for(whom: str, *, reason: str, by: str) -> Suppression:
    """Return the entry for a number in any writing, an e-mail address, or else a customer's key."""
    at = SystemClock().now()
    scope = {"reason": reason, "source": "cli", "by": by, "at": at}
    if email := read_email(whom):
        return Suppression(email=email, **scope)  # type: ignore[arg-type]
    number = read_number(whom, "JP")
    if isinstance(number, Number):
        return Suppression(number=number.e164, **scope)  # type: ignore[arg-type]
    return Suppression(person=whom, **scope)  # type: ignore[arg-type]


async def suppress_list(configuration: Configuration, path: Path, *, by: str) -> None:
    """Add every entry of a list, and print what became of its rows."""
    store = await open_store(configuration.settings.database, may_upgrade=True)
    try:
        done = await import_blocklist(store, path, database_folder(configuration.settings), by=by)
    finally:
        await store.close()
    typer.echo(
        f"rows {done.rows}, new entries {done.new}, known {done.known}, rejected {done.rejected} ({done.rejects_file})"
    )


async def import_blocklist(store: Store, path: Path, folder: Path, *, by: str) -> Suppressed:
    """Read a do-not-contact list into the store; rejects go to `folder`/rejects."""
    rejects = folder / "rejects" / f"{path.stem}.csv"
    return await import_suppressions(
        store, path, now=SystemClock().now(), by=by, source=path.name, rejects_path=rejects
    )


def print_suppressions(configuration: Configuration) -> None:
    """Print every entry as JSON."""
    database = configuration.settings.database
    for entry in asyncio.run(read_only(database, lambda reports: list(reports.suppressions()))):
        typer.echo(orjson.dumps(entry))
