"""The verb that examines an installation."""

import asyncio
import os
from typing import Annotated

import typer

from adapters.cli_options import DEFAULT_CONFIG, Config, Lang, Language, console


def doctor(
    config: Config = DEFAULT_CONFIG,
    lang: Lang = Language.EN,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Check an installation and say what was found and what to do; exit status 1 when anything fails."""
    from adapters.diagnosing import diagnose, is_sound, show, write_json

    findings = asyncio.run(diagnose(config, dict(os.environ), lang.value))
    if as_json:
        write_json(findings, lang.value)
    else:
        show(findings, console, lang.value)
    if not is_sound(findings):
        raise typer.Exit(1)
