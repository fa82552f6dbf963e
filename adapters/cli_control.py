"""The verbs that steer an installation, running or not: stop, go on, start and pause a campaign, seat the agents."""

import asyncio
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Language, loaded
from adapters.controlling import Done, give, move, turn
from adapters.environment import secret_of

By = Annotated[str, typer.Option("--by", help="Who says so; the ledger keeps it.")]
CampaignId = Annotated[str, typer.Argument(help="The campaign's id, as in its file.")]
_MOVED = {"start": "started", "pause": "paused", "stop": "stopped"}


def stop(by: By, config: Config = DEFAULT_CONFIG) -> None:
    """Stop all dialing at once: nothing new is opened, and every call in which nobody speaks yet is ended."""
    done = asyncio.run(give(loaded(config, Language.EN), turn(enabled=False, by=by)))
    _say("all dialing is stopped, until `dialer resume`", done)


def resume(by: By, config: Config = DEFAULT_CONFIG) -> None:
    """Allow dialing again after a stop."""
    done = asyncio.run(give(loaded(config, Language.EN), turn(enabled=True, by=by)))
    _say("dialing is allowed again", done)


campaign = typer.Typer(help="Start, pause or stop a campaign.", no_args_is_help=True)


@campaign.command("start")
def campaign_start(name: CampaignId, by: By, config: Config = DEFAULT_CONFIG) -> None:
    """Begin a campaign, or go on with it."""
    _move(name, "start", by, config)


@campaign.command("pause")
def campaign_pause(name: CampaignId, by: By, config: Config = DEFAULT_CONFIG) -> None:
    """Open nothing new for a campaign until it is started again; calls under way go on."""
    _move(name, "pause", by, config)


@campaign.command("stop")
def campaign_stop(name: CampaignId, by: By, config: Config = DEFAULT_CONFIG) -> None:
    """End a campaign for good; calls under way go on."""
    _move(name, "stop", by, config)


def _move(name: str, action: str, by: str, config: Config) -> None:
    done = asyncio.run(give(loaded(config, Language.EN), move(name, action, by=by)))
    _say(f"campaign {name} is {_MOVED[action]}", done)


def _say(what: str, done: Done) -> None:
    where = (
        "in the running installation" if done.was_running else "nothing runs: it holds from the next start on"
    )
    typer.echo(f"{what} ({where})")


def agents(config: Config = DEFAULT_CONFIG) -> None:
    """Print where each agent works: the desk and its token, and where the agent's line learns its room."""
    from adapters.wiring.seats import seats_of

    settings = loaded(config, Language.EN).settings
    for seat in seats_of(settings, secret_of(settings)):
        typer.echo(f"{seat.agent}  {seat.name}")
        for what, value in (("desk", seat.desk_url), ("token", seat.token), ("join", seat.join_url)):
            typer.echo(f"  {what:<6}{value}")
