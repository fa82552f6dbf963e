"""`dialer practice`: what an agent practises with before the first real call."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Lang, Language, console, guarded, loaded, plan_of
from adapters.logs import configure_logs

commands = typer.Typer()


@commands.command()
def practice(
    campaign: Annotated[Path, typer.Argument(help="The campaign's file.")],
    agent: Annotated[str, typer.Option(help="Who practises: the id or the name of an agent of dialer.yaml.")],
    calls: Annotated[int, typer.Option(min=1, max=200, help="After how many calls it ends.")] = 5,
    seed: Annotated[str, typer.Option(help="Which people answer, and what they want.")] = "1",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the review for machines; the rest goes to standard error.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
) -> None:
    """Take simulated calls at the real desk with the campaign's scripts, reviewed; nobody's phone rings."""
    from adapters import practising

    configuration = loaded(config, lang)
    plan = plan_of(configuration, campaign, lang)
    configure_logs(level="error")
    wanted = practising.Wanted(agent=agent, calls=calls, seed=seed, language=lang.value, as_json=as_json)
    guarded(lambda: asyncio.run(practising.practise(configuration, plan, wanted, console)), lang)
