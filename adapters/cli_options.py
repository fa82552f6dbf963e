"""What the verbs of the command line share: common options, and problems told without a traceback."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from adapters.configuration import Configuration, Plan, load_configuration
from compliance.problem import DocumentInvalid


class Language(StrEnum):
    """The reader's language."""

    JA = "ja"
    EN = "en"


Config = Annotated[
    Path, typer.Option("--config", help="The folder with dialer.yaml, policy.yaml and campaigns/.")
]
Lang = Annotated[Language, typer.Option("--lang", help="Language of what is printed.")]
DEFAULT_CONFIG = Path("config")
console = Console()


def loaded(config: Path, language: Language) -> Configuration:
    """Return the configuration, or print every problem and exit with status 2."""
    try:
        return load_configuration(config)
    except DocumentInvalid as invalid:
        refuse(invalid, language)


def refuse(invalid: DocumentInvalid, language: Language) -> NoReturn:
    """Print every problem and exit with status 2."""
    for problem in invalid.problems:
        typer.echo(problem.text(language.value), err=True)
    raise typer.Exit(2)


def guarded(work: Callable[[], None], language: Language) -> None:
    """Run a verb; a document it cannot use is told with all its problems, exit status 2."""
    try:
        work()
    except DocumentInvalid as invalid:
        refuse(invalid, language)


def plan_of(configuration: Configuration, campaign: Path, language: Language) -> Plan:
    """Return the plan that a campaign file holds, judged with the rest of the configuration."""
    for plan in configuration.plans.values():
        if plan.path.resolve() == campaign.resolve():
            return plan
    return next(iter(loaded(campaign, language).plans.values()))
