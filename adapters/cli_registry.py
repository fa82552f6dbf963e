"""The verbs for registries: somebody else's do-not-call lists."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Language, loaded

registry = typer.Typer(help="Somebody else's do-not-call lists.", no_args_is_help=True)


@registry.command("import")
def registry_import(
    name: Annotated[str, typer.Argument(help="Which registry, such as us_national_dnc or uk_tps.")],
    files: Annotated[
        list[Path], typer.Argument(help="Its files as downloaded: text, CSV, XML or zip.", exists=True)
    ],
    *,
    as_of: Annotated[datetime, typer.Option(help="The day the list was made.", formats=["%Y-%m-%d"])],
    by: Annotated[str, typer.Option(help="Who says so.")],
    change: Annotated[bool, typer.Option("--change", help="Changes to our copy, not a full list.")] = False,
    area_code: Annotated[
        list[str] | None, typer.Option(help="The area codes the list covers, when not all; once for each.")
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out lines that cannot be read.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Read a list in: all of it or nothing, in force from the next look-up on."""
    from adapters import registering
    from adapters.wiring.registries import Intake

    intake = Intake(
        registry=registering.registry_of(name),
        files=tuple(files),
        as_of=as_of.date(),
        by=by,
        is_change=change,
        area_codes=tuple(area_code) if area_code else None,
        skips_bad=skip_bad,
    )
    registering.bring_in(loaded(config, Language.EN), intake)


@registry.command("status")
def registry_status(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Read every copy and compare its seal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Tell how old each copy is; exit status 1 when one that a campaign needs cannot be asked."""
    from adapters import registering

    if not registering.print_standings(loaded(config, Language.EN), verify=verify, as_json=as_json):
        raise typer.Exit(1)
