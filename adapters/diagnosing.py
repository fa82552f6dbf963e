"""`dialer doctor`: an installation is examined, and each finding printed with what to do."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from rich.console import Console

from adapters.clock import SystemClock
from adapters.configuration import Configuration, load_configuration
from adapters.environment import unfolded
from adapters.facts import Facts, RegistryState, Way
from adapters.folders import database_folder
from adapters.registering import standings
from adapters.wiring.doctor import (
    Finding,
    House,
    Level,
    ask_account,
    examine,
    fail,
    greet_mail_server,
    line_url,
    look_at_database,
    look_at_way,
    ok,
    place_of,
    zone_data,
)
from adapters.wiring.stores import file_of, is_shared, read_only
from adapters.words import Words, words_in
from compliance.problem import DocumentInvalid
from dialer.errors import DialerError
from dialer.halts import Halt
from dialer.settings import Settings

_STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.FAIL: "bold red"}


async def diagnose(config: Path, environment: Mapping[str, str], language: str) -> list[Finding]:
    """Return what every check finds; settings that do not load are the only finding."""
    try:
        configuration = load_configuration(config)
    except DocumentInvalid as invalid:
        told = "\n".join(problem.text(language) for problem in invalid.problems)
        return [fail("settings", "invalid", path=config, problems=told)]
    secrets = unfolded(configuration.settings, environment)
    facts = await gather(configuration, secrets, SystemClock())
    loaded = ok("settings", path=config, campaigns=len(configuration.campaigns))
    return [loaded, *examine(configuration, facts)]


async def gather(configuration: Configuration, environment: Mapping[str, str], clock: SystemClock) -> Facts:
    """Return the facts, asking everything at once; each probe is limited to a few seconds."""
    settings = configuration.settings
    account, way, mail_failure, database, (halts, halts_failure) = await asyncio.gather(
        ask_account(settings.carrier, environment, clock=clock),
        _way(settings, environment, clock),
        greet_mail_server(settings, environment),
        look_at_database(settings.database),
        _halts(settings),
    )
    file = settings.database.partition("sqlite:///")[2]
    return Facts(
        now=clock.now(),
        environment=environment,
        account=account,
        way=way,
        place=place_of(database_folder(settings), Path(file) if file else None),
        zones=zone_data(),
        database=database,
        mail_failure=mail_failure,
        halts=halts,
        halts_failure=halts_failure,
        line_url=line_url(settings, environment.get(settings.secret_env, "")),
        registries=tuple(
            RegistryState(registry=each.registry.id, state=each.state)
            for each in standings(configuration, clock.now())
            if each.is_needed
        ),
    )


async def _halts(settings: Settings) -> tuple[tuple[Halt, ...], str]:
    """Return what keeps every engine from calling, and why the database could not be asked ("" when it could)."""
    try:
        file = None if is_shared(settings.database) else file_of(settings.database)
        if file is not None and not file.exists():
            return (), ""
        return await read_only(settings.database, lambda reports: tuple(reports.halts())), ""
    except (DialerError, OSError, ValueError) as failure:
        return (), str(failure)


async def _way(settings: Settings, environment: Mapping[str, str], clock: SystemClock) -> Way | None:
    secret = environment.get(settings.secret_env)
    tokens = tuple(filter(None, environment.get(settings.carrier.auth_token_env, "").split(",")))
    if not secret or not tokens:
        return None
    return await look_at_way(House(settings=settings, secret=secret, auth_tokens=tokens, clock=clock))


def is_sound(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing failed."""
    return all(finding.level is not Level.FAIL for finding in findings)


def show(findings: Sequence[Finding], console: Console, language: str) -> None:
    """Print each finding and, below it, what to do; then how many there are of each level."""
    words = words_in(language)
    for finding in findings:
        level = words(f"doctor.level.{finding.level}")
        console.print(f"[{_STYLES[finding.level]}]{level}[/]", end="  ", highlight=False)
        _say(console, f"{words(f'doctor.name.{finding.name}')}: {finding.found(words)}")
        if remedy := finding.remedy(words):
            _say(console, f"    → {remedy}")
    counts = {level.value: sum(finding.level is level for finding in findings) for level in Level}
    _say(console, words("doctor.total", **counts))


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def write_json(findings: Sequence[Finding], language: str) -> None:
    """Print one JSON object a line: check, level, case, found, remedy."""
    words = words_in(language)
    for finding in findings:
        typer.echo(json.dumps(_body(finding, words), ensure_ascii=False))


def _body(finding: Finding, words: Words) -> dict[str, str]:
    return {
        "check": finding.name,
        "level": finding.level.value,
        "case": finding.case,
        "found": finding.found(words),
        "remedy": finding.remedy(words),
    }
