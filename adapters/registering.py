"""What an officer does with registries: read a list in, and see how old each copy is."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
import typer

from adapters.clock import SystemClock
from adapters.configuration import Configuration
from adapters.controlling import give, registry_read
from adapters.folders import registry_folder
from adapters.wiring.registries import Copy, Intake, open_shelf, take_in
from compliance.registry import Registry, registries
from dialer.errors import DialerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one registry stands: `state` is ok, STALE, MISSING or UNREADABLE; `age_days` of None: no copy."""

    registry: Registry
    state: str
    copy: Copy | None = None
    age_days: int | None = None
    fault: str | None = None
    is_needed: bool = False


def registry_of(name: str) -> Registry:
    """Return a registry by its id. DialerError with those there are."""
    known = registries()
    if name not in known:
        raise DialerError(f"no rule asks for a registry {name!r}; there are {', '.join(known)}")
    return known[name]


def bring_in(configuration: Configuration, intake: Intake) -> None:
    """Read the files, put the copy in force, and have it recorded on the ledger."""
    now = SystemClock().now()
    taken = take_in(registry_folder(configuration.settings), intake, now)
    for line in taken.bad:
        typer.echo(line, err=True)
    typer.echo(
        f"{taken.manifest.registry}: {taken.lines} lines read, {len(taken.bad)} left out, "
        f"{taken.manifest.count} numbers of {taken.manifest.as_of} in force"
    )
    done = asyncio.run(give(configuration, registry_read(taken.body, by=intake.by)))
    typer.echo(f"{done.what} on the ledger" + (" by the running installation" if done.was_running else ""))


def standings(configuration: Configuration, now: datetime) -> Iterator[Standing]:
    """Yield how each registry stands; needed are those of the countries that campaigns call."""
    shelf = open_shelf(configuration.settings)
    countries = {
        country.region
        for campaign in configuration.campaigns.values()
        if (country := configuration.law.country_of(campaign.audience.region)) is not None
    }
    for registry in registries().values():
        found, is_needed = shelf.copy(registry.id), registry.country in countries
        if isinstance(found, Copy):
            age = (now - found.manifest.day).days
            state = "STALE" if age > registry.max_age_days else "ok"
            yield Standing(registry=registry, state=state, copy=found, age_days=age, is_needed=is_needed)
        else:
            state = "MISSING" if found is None else "UNREADABLE"
            yield Standing(registry=registry, state=state, fault=found, is_needed=is_needed)


def print_standings(configuration: Configuration, *, verify: bool, as_json: bool) -> bool:
    """Print how each registry stands; return whether all that campaigns need can be asked."""
    root, is_fine = registry_folder(configuration.settings), True
    for standing in standings(configuration, SystemClock().now()):
        broken = standing.copy.broken(root / standing.registry.id) if verify and standing.copy else []
        is_fine = is_fine and not broken and (standing.state == "ok" or not standing.is_needed)
        if as_json:
            typer.echo(orjson.dumps({**_body(standing), "broken": broken}))
        else:
            typer.echo(_said(standing, broken))
    return is_fine


def _body(standing: Standing) -> Mapping[str, object]:
    manifest = standing.copy.manifest if standing.copy else None
    return {
        "registry": standing.registry.id,
        "rule": standing.registry.rule,
        "state": standing.state,
        "as_of": manifest.as_of if manifest else None,
        "age_days": standing.age_days,
        "max_age_days": standing.registry.max_age_days,
        "count": manifest.count if manifest else None,
        "area_codes": manifest.area_codes if manifest else None,
        "seals": manifest.seals if manifest else None,
        "is_needed": standing.is_needed,
        "fault": standing.fault,
    }


def _said(standing: Standing, broken: list[str]) -> str:
    registry = standing.registry
    head = f"{registry.id:<16} {standing.state:<10}"
    if standing.copy is None:
        needed = "needed by a campaign: nobody there is called until" if standing.is_needed else "to use it,"
        why = f" ({standing.fault})" if standing.fault else ""
        return f"{head} {needed} `dialer registry import {registry.id} FILE --as-of DATE --by NAME`{why}"
    manifest = standing.copy.manifest
    seal = "; CHANGED ON DISK: " + ", ".join(broken) if broken else ""
    areas = f", area codes {', '.join(manifest.area_codes)}" if manifest.area_codes is not None else ""
    return (
        f"{head} {manifest.count:>11,} numbers of {manifest.as_of}, {standing.age_days} of {registry.max_age_days} "
        f"days old{areas}, {registry.rule}, seal {manifest.seals.get(manifest.bits, '')[:12]}{seal}"
    )
