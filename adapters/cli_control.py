"""The verbs that steer an installation, running or not: stop, go on, start and pause a campaign, seat the agents."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters import halting, switching
from adapters.cli_options import DEFAULT_CONFIG, Config, Language, loaded, refuse
from adapters.configuration import load_settings
from adapters.controlling import Order, give, move
from adapters.environment import secret_of
from compliance.problem import DocumentInvalid
from dialer.errors import DialerError

By = Annotated[str, typer.Option("--by", help="Who says so; the ledger keeps it.")]
Why = Annotated[str, typer.Option("--reason", help="Why; the ledger keeps it, and the board shows it.")]
CampaignId = Annotated[str, typer.Argument(help="The campaign's id, as in its file.")]
_MOVED = {"start": "started", "pause": "paused", "stop": "stopped"}


def stop(
    by: By,
    reason: Why = "",
    all_calls: Annotated[
        bool, typer.Option("--all", help="Every call of every campaign; so it is without, too.")
    ] = True,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Stop all dialing at once: nothing new is opened, and every call in which nobody speaks yet is ended."""
    _ = all_calls  # there is no narrower stop: one campaign is stopped with `dialer campaign pause`
    for line in switching.stopped(_turned(config, enabled=False, by=by, reason=reason)):
        typer.echo(line)


def resume(by: By, reason: Why = "", config: Config = DEFAULT_CONFIG) -> None:
    """Allow dialing again after a stop."""
    for line in switching.resumed(_turned(config, enabled=True, by=by, reason=reason)):
        typer.echo(line)


def _turned(config: Path, *, enabled: bool, by: str, reason: str) -> halting.Turned:
    """Turn the switch, whatever state the campaigns' files are in; say what to do, exit status 1, when it was not."""
    try:
        settings = load_settings(config)
    except DocumentInvalid as invalid:
        refuse(invalid, Language.EN)
    try:
        return asyncio.run(halting.turn(settings, halting.Turn(enabled=enabled, by=by, reason=reason)))
    except DialerError as problem:
        typer.secho(str(problem), err=True, bold=True)
        raise typer.Exit(1) from problem


campaign = typer.Typer(help="Start, pause or stop a campaign.", no_args_is_help=True)


@campaign.command("start")
def campaign_start(name: CampaignId, by: By, reason: Why = "", config: Config = DEFAULT_CONFIG) -> None:
    """Begin a campaign, or go on with it."""
    _move(name, move(name, "start", by=by, reason=reason), config)


@campaign.command("pause")
def campaign_pause(name: CampaignId, by: By, reason: Why = "", config: Config = DEFAULT_CONFIG) -> None:
    """Open nothing new for a campaign until it is started again; calls under way go on."""
    _move(name, move(name, "pause", by=by, reason=reason), config)


@campaign.command("stop")
def campaign_stop(name: CampaignId, by: By, reason: Why = "", config: Config = DEFAULT_CONFIG) -> None:
    """End a campaign for good; calls under way go on."""
    _move(name, move(name, "stop", by=by, reason=reason), config)


def _move(name: str, order: Order, config: Path) -> None:
    done = asyncio.run(give(loaded(config, Language.EN), order))
    where = (
        "in the running installation" if done.was_running else "nothing runs: it holds from the next start on"
    )
    typer.echo(f"campaign {name} is {_MOVED[done.what]} ({where})")


def agents(config: Config = DEFAULT_CONFIG) -> None:
    """Print where each agent works: the link that signs them in, their token, and where their line learns its room."""
    from adapters.wiring.seats import seats_of

    settings = loaded(config, Language.EN).settings
    for seat in seats_of(settings, secret_of(settings)):
        typer.echo(f"{seat.agent}  {seat.name}")
        told = {
            "sign in": seat.sign_in_url,
            "token": seat.token,
            "desk": seat.desk_url,
            "join": seat.join_url,
        }
        for what, value in told.items():
            typer.echo(f"  {what:<9}{value}")


def supervisors(config: Config = DEFAULT_CONFIG) -> None:
    """Print the link that signs each supervisor in, who may then listen to calls: give it to nobody else."""
    from adapters.wiring.seats import supervisors_of

    settings = loaded(config, Language.EN).settings
    for supervisor, name, link in supervisors_of(settings, secret_of(settings)):
        typer.echo(f"{supervisor}  {name}\n  sign in  {link}")
