"""The command `dialer`: every verb a manager, an officer or an operator has."""

import asyncio
import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console

from adapters import (
    cli_consent,
    cli_control,
    cli_doctor,
    cli_odds,
    cli_officer,
    cli_practice,
    cli_reconcile,
    cli_registry,
    cli_verdict,
)
from adapters.cli_options import DEFAULT_CONFIG, Config, Lang, Language, console, guarded, loaded, plan_of
from adapters.logs import configure_logs
from campaigns.loading import campaign_schema
from compliance.policy import Policy
from compliance.rulebook import Rulebook
from dialer.errors import DialerError
from dialer.settings import Settings
from dialer.shifts import Shifts

app = typer.Typer(
    help="Phone and e-mail the right people at the right hour, and prove it later.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


class Kind(StrEnum):
    """The documents that people write."""

    CAMPAIGN = "campaign"
    SETTINGS = "settings"
    SHIFTS = "shifts"
    POLICY = "policy"
    RULEBOOK = "rulebook"
    SCENARIO = "scenario"


app.add_typer(cli_officer.suppress, name="suppress")
app.add_typer(cli_officer.audit, name="audit")
app.add_typer(cli_registry.registry, name="registry")
app.add_typer(cli_consent.consent, name="consent")
app.add_typer(cli_consent.rnd, name="rnd")
app.command()(cli_officer.why)
app.command()(cli_verdict.verdict)
app.command()(cli_doctor.doctor)
app.command()(cli_odds.odds)
app.add_typer(cli_practice.commands)
app.add_typer(cli_control.campaign, name="campaign")
for verb in (
    cli_control.stop,
    cli_control.resume,
    cli_control.agents,
    cli_control.supervisors,
    cli_reconcile.reconcile,
):
    app.command()(verb)


def main() -> None:
    """Run the command; a problem that a person can mend is one clear message and exit status 2, never a traceback."""
    try:
        app()
    except DialerError as problem:
        _stop(str(problem))


def _stop(message: str) -> NoReturn:
    Console(stderr=True).print(message, style="bold", highlight=False, markup=False)
    sys.exit(2)


@app.command()
def check(
    config: Annotated[
        Path, typer.Argument(help="A folder like config/, or one campaign file.")
    ] = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
) -> None:
    """Read everything, the law included; say every problem with file, line, column and remedy (exit status 2)."""
    configuration = loaded(config, lang)
    versions = ", ".join(f"{name} {version}" for name, version in configuration.law.versions.items())
    for plan in configuration.plans.values():
        typer.echo(f"{plan.path}: ok ({plan.campaign.id}, version {plan.version})")
    typer.echo(f"{versions}")


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument(help="Which document.")] = Kind.CAMPAIGN,
) -> None:
    """Write the JSON Schema with which an editor checks and completes a document."""
    from adapters.wiring.double import Scenario

    models: dict[Kind, type[BaseModel]] = {
        Kind.SETTINGS: Settings,
        Kind.SHIFTS: Shifts,
        Kind.POLICY: Policy,
        Kind.RULEBOOK: Rulebook,
        Kind.SCENARIO: Scenario,
    }
    found = campaign_schema() if kind is Kind.CAMPAIGN else models[kind].model_json_schema()
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


@app.command()
def upgrade(config: Config = DEFAULT_CONFIG) -> None:
    """Bring the database's tables up to date."""
    from adapters.wiring.stores import upgrade as bring_up_to_date

    bring_up_to_date(loaded(config, Language.EN).settings.database)


@app.command()
def enrol(
    campaign: Annotated[Path, typer.Argument(help="The campaign's file.")],
    file: Annotated[Path | None, typer.Option("--list", help="Another list than the campaign's own.")] = None,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
) -> None:
    """Put the people of a list on a campaign; the same list twice enrols nobody twice."""
    from adapters import lists

    configuration = loaded(config, lang)
    plan = plan_of(configuration, campaign, lang)
    guarded(
        lambda: asyncio.run(lists.enrol_list(configuration, plan, file or plan.list_path, lang.value)), lang
    )


@app.command()
def run(
    config: Config = DEFAULT_CONFIG,
    start: Annotated[
        list[str] | None, typer.Option(help="Start this campaign at once (may be repeated).")
    ] = None,
    role: Annotated[
        str,
        typer.Option(help="web: pages and callbacks only; engine: dialling only (PostgreSQL); all: both."),
    ] = "all",
) -> None:
    """Run the installation: pages, callbacks and engine in one process, until SIGTERM or Ctrl-C."""
    from adapters import running

    if role not in set(running.Role):
        _stop(f"--role {role}: write web, engine or all")
    configure_logs()
    configuration = loaded(config, Language.EN)
    guarded(lambda: asyncio.run(running.run(configuration, start or [], running.Role(role))), Language.EN)


@app.command("demo")
def demo_command(
    config: Config = DEFAULT_CONFIG,
    factor: Annotated[
        float, typer.Option(min=1, max=1000, help="How many times as fast as the wall's clock.")
    ] = 400,
    seed: Annotated[str, typer.Option(help="Which people answer, and how.")] = "1",
    folder: Annotated[Path, typer.Option("--var", help="Where records are kept.")] = Path("var"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget an earlier demo and begin anew.")] = False,
    desk: Annotated[str, typer.Option(help="An agent whose desk is yours; best with --factor 1.")] = "",
    lang: Lang = Language.EN,
) -> None:
    """Run a whole campaign, calls and e-mails, against the double: nobody's phone rings."""
    from adapters import demo

    configuration = loaded(config, lang)
    plan = plan_of(configuration, config / "campaigns" / "winback-dormant.yaml", lang)
    configure_logs(folder / "dialer.log")
    if desk and desk not in {agent.id for agent in configuration.settings.agents}:
        raise typer.BadParameter(f"{desk} is no agent of dialer.yaml", param_hint="--desk")
    options = demo.Options(
        plan=plan, configuration=configuration, folder=folder, factor=factor, seed=seed, own=desk
    )
    guarded(lambda: asyncio.run(demo.run(options, console, lang.value, fresh=fresh)), lang)


@app.command()
def rehearse(
    campaign: Annotated[Path, typer.Argument(help="The campaign's file.")],
    seed: Annotated[str, typer.Option(help="Which people answer, and how.")] = "1",
    leads: Annotated[
        int, typer.Option(min=1, help="How many people, invented ones added to the list's own.")
    ] = 2000,
    agents: Annotated[int, typer.Option(min=1, help="How many agents.")] = 20,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Which day, 09:00-20:00.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="For machines; nothing in it varies for one seed.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
) -> None:
    """Run a whole calling day in virtual time, with the real engine and rules, and say how it went."""
    from adapters import rehearsing

    configuration = loaded(config, lang)
    plan = plan_of(configuration, campaign, lang)
    configure_logs(level="error")
    wanted = rehearsing.Wanted(seed=seed, leads=leads, agents=agents, day=day.date() if day else None)
    guarded(lambda: rehearsing.show(configuration, plan, wanted, console, lang.value, as_json=as_json), lang)


@app.command()
def double(
    state: Annotated[Path, typer.Option(help="Where it keeps its record.")] = Path("var/double"),
    port: Annotated[int, typer.Option(help="0 for any free one.")] = 0,
    mail_port: Annotated[int, typer.Option(help="Its mail server's; 0 for any free one.")] = 0,
    scenario: Annotated[Path | None, typer.Option(help="What goes wrong, and what people are like.")] = None,
    number: Annotated[
        list[str] | None, typer.Option(help="A number the account may call from (may be repeated).")
    ] = None,
    seed: Annotated[str, typer.Option(help="Which people answer, and how.")] = "1",
    calls_per_second: Annotated[
        float | None, typer.Option(help="The account's limit, in its own seconds.")
    ] = None,
    start: Annotated[datetime | None, typer.Option(help="What its clock shows at the anchor.")] = None,
    anchor: Annotated[datetime | None, typer.Option(help="A real instant.")] = None,
    factor: Annotated[float, typer.Option(help="How many times as fast as the wall's clock.")] = 1.0,
    idle: Annotated[float, typer.Option(min=0, help="Seconds unasked after which it ends; 0: never.")] = 0,
    lang: Lang = Language.EN,
) -> None:
    """Play Twilio on loopback: its API, its callbacks, and the people who would answer. Nobody's phone rings."""
    from adapters import playing

    configure_logs()
    wanted = playing.DoubleWanted(
        state=state,
        port=port,
        mail_port=mail_port,
        seed=seed,
        calls_per_second=calls_per_second,
        start=start,
        anchor=anchor,
        factor=factor,
        scenario=scenario,
        numbers=tuple(number or ()),
        idle_s=idle,
    )
    guarded(lambda: asyncio.run(playing.play_double(wanted)), lang)
